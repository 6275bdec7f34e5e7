"""The product's Celery application, which also knows the tests' kinds of documents."""

from config.celery import app


@app.on_after_finalize.connect
def _register(sender, **_kwargs):
    import django

    django.setup()
    from tests.cities.documents import kinds  # noqa: F401
