"""The long-running commands of the application, once.

``make run`` starts them as children; ``docker-compose.yml`` starts the same, and a test compares.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Command:
    """What follows ``python``, and what it wants in its environment."""

    name: str
    arguments: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)


_CELERY = ("-m", "celery", "--quiet", "--app", "config")
_CALM = ("--loglevel", "WARNING", "--without-gossip", "--without-mingle")

WEB = Command(
    "web",
    ("-m", "gunicorn", "--config", "config/gunicorn.py", "config.wsgi:application"),
    {"LYB_DATABASE_POOL": "1"},
)
# Sign-in codes have a worker to themselves, and so have reports: two long ones would fill the one for notices, and
# hold up what beat starts there (queue "celery"), sealing among it.
CODES = Command(
    "codes", (*_CELERY, "worker", "--hostname", "codes@%h", "--queues", "codes", "--pool", "solo", *_CALM)
)
WORKER = Command(
    "worker",
    (
        *_CELERY,
        "worker",
        "--hostname",
        "worker@%h",
        "--queues",
        "celery,notices",
        "--concurrency",
        "2",
        *_CALM,
    ),
)
DOCUMENTS = Command(
    "documents",
    (
        *_CELERY,
        "worker",
        "--hostname",
        "documents@%h",
        "--queues",
        "documents",
        "--concurrency",
        "2",
        *_CALM,
    ),
)
BEAT = Command("beat", (*_CELERY, "beat", "--loglevel", "WARNING"))

ALL = (WEB, CODES, WORKER, DOCUMENTS, BEAT)
