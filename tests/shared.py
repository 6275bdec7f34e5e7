"""Rows that all tests of a module share: written once, and whatever a test does to them is taken back."""

import pytest
from django.db import transaction


@pytest.fixture(scope="module")
def module_rows(django_db_setup, django_db_blocker):
    """One transaction for the whole module. Its tests need no mark for the database, which would close this one."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def own_rows(module_rows):
    """Take back what this test wrote."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
