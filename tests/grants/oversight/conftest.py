from tests.grants.programs.conftest import (  # noqa: F401
    as_officer,
    auditor,
    baltimore,
    dallas,
    manager,
    officer,
    resident,
)
