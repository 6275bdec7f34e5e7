import pytest

pytest.register_assert_rewrite("tests.faults.product", "tests.faults.visitor")
