"""Only the outbox puts work on a queue: ``.delay()`` elsewhere loses tasks or races the commit."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
FLOORS = ("cities", "residents", "grants", "projects", "config")
QUEUING = {"delay", "apply_async", "send_task", "signature", "s", "si"}
ALLOWED = {"cities/outbox/tasks.py", "config/celery.py"}


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (path for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts)


def offences(source: str, name: str) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in QUEUING - {"s", "si"}
        ):
            found.append(f"{name}:{node.lineno} calls .{node.func.attr}()")
        if isinstance(node, ast.Import | ast.ImportFrom):
            module = node.module or "" if isinstance(node, ast.ImportFrom) else node.names[0].name
            names = {alias.name for alias in node.names}
            if module.split(".")[0] == "celery" and not (
                name.endswith("/tasks.py") and names == {"shared_task"}
            ):
                found.append(f"{name}:{node.lineno} imports {module}")
    return found


def test_only_the_outbox_puts_tasks_on_a_queue():
    found = [
        o
        for path in sources()
        if (name := str(path.relative_to(ROOT))) not in ALLOWED
        for o in offences(path.read_text(), name)
    ]

    assert [o for o in found if "config/__init__.py" not in o] == []


@pytest.mark.parametrize(
    "planted",
    [
        "send.delay(1)",
        "send.apply_async(args=[1])",
        "from celery import current_app",
        "import celery",
        "app.send_task('x')",
    ],
)
def test_the_lint_finds_a_planted_call(planted):
    assert offences(planted, "grants/awards/actions.py") != []


def test_a_rooms_tasks_may_be_declared():
    assert offences("from celery import shared_task", "grants/awards/tasks.py") == []
