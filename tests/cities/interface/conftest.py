import pytest
from django.template import engines
from django.utils import translation


@pytest.fixture
def draw():
    """Render template source with the project's own engine, so with its builtins."""

    def render(source, request=None, **context):
        return engines["django"].from_string(source).render(context, request)

    return render


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield
