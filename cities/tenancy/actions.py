"""``@action``: the only place where state changes (DESIGN, "Actions")."""

import re
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.utils.translation import gettext as _

from .errors import RuleError, database_sentences
from .scopes import current_scope

P = ParamSpec("P")
R = TypeVar("R")

_depth: ContextVar[int] = ContextVar("action_depth", default=0)


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Run ``function`` in its own savepoint of the open scope: all of it happens, or nothing.

    The outermost action checks deferred constraints inside its savepoint, so that a refusal reaches
    the form and not the commit. ``ValidationError`` and violations of named constraints become
    ``RuleError``.
    """

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        current_scope()
        outermost = _depth.get() == 0
        token = _depth.set(_depth.get() + 1)
        try:
            with transaction.atomic():
                result = function(*args, **kwargs)
                if outermost:
                    _check_deferred_constraints()
        except ValidationError as error:
            raise _from_validation(error) from error
        except IntegrityError as error:
            raise _from_integrity(error) from error
        finally:
            _depth.reset(token)
        return result

    run.is_action = True  # type: ignore[attr-defined]
    return run


def _check_deferred_constraints() -> None:
    # Left IMMEDIATE, it would last until commit and break the next action.
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED")


def _from_validation(error: ValidationError) -> RuleError:
    if hasattr(error, "error_dict"):
        field, messages = next(iter(error.message_dict.items()))
        return RuleError(" ".join(messages), field=None if field == NON_FIELD_ERRORS else field)
    return RuleError(" ".join(error.messages))


def _from_integrity(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    if not name:
        return error
    if name in database_sentences:
        return RuleError(str(database_sentences[name]))
    for model in _all_models():
        for constraint in model._meta.constraints:
            if constraint.name == name:
                return RuleError(str(_sentence(constraint)))
        for field in model._meta.local_concrete_fields:
            # PostgreSQL names what was unique from the start, Django what became so later.
            if field.unique and re.fullmatch(rf"{model._meta.db_table}_{field.column}_(key|\w+_uniq)", name):
                taken = model().unique_error_message(model, (field.name,))
                return RuleError(" ".join(taken.messages), field=field.name)
    return error


def _all_models() -> list[type[models.Model]]:
    from django.apps import apps  # noqa: PLC0415

    return list(apps.get_models())


def _sentence(constraint: Any) -> Any:
    message = constraint.violation_error_message
    if message and message != constraint.default_violation_error_message:
        return message
    return _("This can’t be saved, because it breaks a rule of the program (%(rule)s).") % {
        "rule": constraint.name.replace("_", " ")
    }
