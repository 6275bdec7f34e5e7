"""The one settings file. Everything that differs between machines comes from the environment."""

import os
import tomllib
from datetime import timedelta
from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config import mail, production

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(os.environ.get("LYB_DATA_DIR", BASE_DIR / ".data"))


def _flag(name: str, *, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def _list(name: str, default: str = "") -> list[str]:
    return [item.strip() for item in os.environ.get(name, default).split(",") if item.strip()]


# -- Where we are ---------------------------------------------------------------------------------
ENVIRONMENT = os.environ.get("LYB_ENV", "development")
if ENVIRONMENT not in {"development", "production"}:
    raise ImproperlyConfigured(f"LYB_ENV={ENVIRONMENT!r}: it is either “development” or “production”.")
PRODUCTION = ENVIRONMENT == "production"
DEBUG = False
# Whoever names servers of their own has it off unless asked for: its mailbox shows everybody's sign-in codes.
DEMO = _flag("LYB_DEMO", default=not PRODUCTION and not os.environ.get("DATABASE_URL"))

SECRET_KEY = os.environ.get("LYB_SECRET_KEY") or "a-development-secret-that-production-refuses"
SECRET_KEY_FALLBACKS = _list("LYB_SECRET_KEYS_BEFORE")

ALLOWED_HOSTS = _list("LYB_ALLOWED_HOSTS", "" if PRODUCTION else "localhost,127.0.0.1,[::1],testserver")
CSRF_TRUSTED_ORIGINS = _list("LYB_TRUSTED_ORIGINS")
SITE_NAME = "Love Your Block"
VERSION = tomllib.loads((BASE_DIR / "pyproject.toml").read_text())["project"]["version"]
SITE_ADDRESS = os.environ.get("LYB_SITE_ADDRESS", f"http://localhost:{os.environ.get('PORT', '8000')}")
TRUSTED_PROXY_COUNT = int(os.environ.get("LYB_TRUSTED_PROXIES", "0"))

# -- Application ----------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_filters",
    "django_structlog",
    "csp",
    "cities",
    "residents",
    "grants",
    "projects",
    "config",
]

MIDDLEWARE = [
    "csp.middleware.CSPMiddleware",  # outermost: whoever answers, the answer carries the policy
    "config.middleware.HealthMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.middleware.RequestLogMiddleware",
    "cities.tenancy.middleware.UploadSlotMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "cities.access.backends.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "config.middleware.NoStoreMiddleware",
    "cities.machines.bearer.BearerMiddleware",
    "cities.tenancy.middleware.TenancyMiddleware",
]

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
FORM_RENDERER = "cities.interface.rendering.QuickRenderer"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "cities.interface.components",
                "cities.interface.formats",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.messages.context_processors.messages",
                "cities.access.context.page",
            ],
        },
    }
]

# -- Database: the web role; the owner only for migrations and seeding ------------------------------
_owner = os.environ.get("LYB_DATABASE_ROLE") == "owner"
_url = os.environ.get("DATABASE_OWNER_URL" if _owner else "DATABASE_URL", "postgres://lyb_city@localhost/lyb")
DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(_url))}
DATABASES["default"]["OPTIONS"] = {
    **DATABASES["default"].get("OPTIONS", {}),
    "connect_timeout": 5,
    # For statements that ask for it (cities/tenancy/prepared.py); a pooler hands each transaction another session.
    "prepare_threshold": None if _flag("LYB_DATABASE_POOLER") else 5,
}
if _flag("LYB_DATABASE_POOL"):
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 12, "timeout": 5}
DATABASE_AS_OWNER = _owner

# -- Cache, broker, tasks ---------------------------------------------------------------------------
REDIS_URL = os.environ.get("REDIS_URL", "redis://localhost:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL.replace("redis+socket://", "unix://").replace("virtual_host=", "db="),
        "KEY_PREFIX": "lyb",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    },
    # Each process's own, so that a page needs no Valkey for it: what was drawn of figures that are remembered.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
}

# How long the Center's sums over all payments are remembered; its page says as of when they are. 0: not at all.
CENTER_SUMS_SECONDS = int(os.environ.get("LYB_CENTER_SUMS_SECONDS", "60"))

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 600
CELERY_TASK_SOFT_TIME_LIMIT = 540
# Redis redelivers whatever is unacknowledged after this: it must exceed the longest task.
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "socket_connect_timeout": 2,
    "socket_timeout": 5,
    # What beat starts (queue "celery") goes before notices: sealing waits for no letter.
    "queue_order_strategy": "sorted",
    # Without it a visitor whose deed nudges the relay waits six seconds for a broker that is down.
    "max_retries": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "celery"
CELERY_BEAT_SCHEDULE_FILENAME = str(DATA_DIR / "celerybeat-schedule")
CELERY_BEAT_SCHEDULE = {
    "relay-outbox": {
        "task": "cities.outbox.tasks.relay",
        "schedule": timedelta(seconds=2),
        "options": {"queue": "codes", "expires": 10},
    },
    "erase-spent-codes": {"task": "cities.outbox.tasks.erase_spent_bodies", "schedule": timedelta(minutes=1)},
    "seal-audit": {"task": "cities.audit.tasks.seal_pending", "schedule": timedelta(seconds=20)},
    "sign-heads": {"task": "cities.audit.tasks.sign_heads", "schedule": timedelta(minutes=10)},
    "sweep-accounts": {"task": "residents.accounts.tasks.sweep", "schedule": timedelta(hours=1)},
    "sweep-documents": {"task": "cities.documents.tasks.sweep", "schedule": timedelta(hours=6)},
    "sweep-uploads": {"task": "grants.applications.tasks.sweep_uploads", "schedule": timedelta(hours=1)},
}

# -- People and sessions ----------------------------------------------------------------------------
AUTH_USER_MODEL = "cities.User"
AUTHENTICATION_BACKENDS = ["cities.access.backends.Backend"]
SESSION_ENGINE = "cities.access.sessions"
# Judged by the server on each request: how long a session may lie idle, and how long it may last at all.
SESSION_IDLE = timedelta(hours=int(os.environ.get("LYB_SESSION_IDLE_HOURS", "336")))
SESSION_ABSOLUTE = timedelta(hours=int(os.environ.get("LYB_SESSION_HOURS", "720")))
SESSION_DESK_IDLE = timedelta(hours=int(os.environ.get("LYB_DESK_SESSION_IDLE_HOURS", "3")))
SESSION_DESK_ABSOLUTE = timedelta(hours=int(os.environ.get("LYB_DESK_SESSION_HOURS", "12")))
SESSION_COOKIE_AGE = int(SESSION_ABSOLUTE.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.views.csrf_failure"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/me/"
LOGOUT_REDIRECT_URL = "/"

ACCOUNT_ADAPTER = "residents.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_USER_DISPLAY = "cities.access.models.display_name"
MFA_ADAPTER = "residents.accounts.adapter.FactorAdapter"
MFA_FORMS = {
    "authenticate": "residents.accounts.forms.FactorForm",
    "reauthenticate": "residents.accounts.forms.FactorAgainForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXY_COUNT

# -- API --------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "cities.machines.authentication.TokenAuthentication",
        "config.api.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["cities.access.rules.RulePermission"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "config.schema.Schema",
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Love Your Block API",
    "DESCRIPTION": "The interface that the pages themselves use.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    # Choices stand where they are used: as components of their own their names would clash.
    "POSTPROCESSING_HOOKS": [],
    "APPEND_COMPONENTS": {
        "responses": {
            "Refused": {
                "description": "One sentence. `field` names the input that it is about, `code` says why, for programs.",
                "content": {
                    "application/json": {
                        "schema": {
                            "type": "object",
                            "properties": {name: {"type": "string"} for name in ("detail", "field", "code")},
                            "required": ["detail"],
                        }
                    }
                },
            },
            "Unreadable": {
                "description": "Sentences under the name of each input that can't be read, nested as the body is. Or one under `detail`, if nothing of the body can be.",
                "content": {"application/json": {"schema": {"type": "object", "additionalProperties": {}}}},
            },
        }
    },
}

# -- Languages, time --------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("es", _("Spanish"))]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

# -- Files ------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("LYB_STATIC_DIR", DATA_DIR / "static"))
STATICFILES_DIRS = [BASE_DIR / "static" / "dist"]
MEDIA_ROOT = DATA_DIR / "media"
_files: dict[str, Any] = {
    "BACKEND": "django.core.files.storage.FileSystemStorage",
    # Receipts and photos are nobody's to read but the program's.
    "OPTIONS": {
        "location": str(MEDIA_ROOT),
        "base_url": None,
        "file_permissions_mode": 0o600,
        "directory_permissions_mode": 0o700,
    },
}
_store = ""
if os.environ.get("LYB_S3_BUCKET"):
    _region = os.environ.get("LYB_S3_REGION") or "us-east-1"
    # Named outright, since pages must allow images from it.
    _store = os.environ.get("LYB_S3_ENDPOINT") or f"https://s3.{_region}.amazonaws.com"
    _files = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": os.environ["LYB_S3_BUCKET"],
            "endpoint_url": _store,
            "region_name": _region,
            "access_key": os.environ.get("LYB_S3_ACCESS_KEY"),
            "secret_key": os.environ.get("LYB_S3_SECRET_KEY"),
            "default_acl": None,
            "querystring_auth": True,
            "querystring_expire": 60,
            "file_overwrite": False,
            "signature_version": "s3v4",
            "addressing_style": "path",
        },
    }
STORAGES = {
    "default": _files,
    "staticfiles": {
        "BACKEND": os.environ.get(
            "LYB_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage"
        )
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
UPLOAD_MAX_BYTES = 15_000_000
UPLOAD_MAX_BODY_BYTES = 6 * UPLOAD_MAX_BYTES
UPLOAD_MAX_PIXELS = 60_000_000
UPLOAD_SLOTS = int(os.environ.get("LYB_UPLOAD_SLOTS", "3"))
UPLOAD_BODY_THRESHOLD_BYTES = 256_000

# -- Mail: sent by the worker from the outbox ---------------------------------------------------------
EMAIL_BACKEND = mail.backend(os.environ, demo=DEMO)
ANYMAIL = mail.provider_settings(os.environ)
DEFAULT_FROM_EMAIL = os.environ.get("LYB_FROM_EMAIL", "Love Your Block <noreply@localhost>")
EMAIL_HOST = os.environ.get("LYB_SMTP_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("LYB_SMTP_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("LYB_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("LYB_SMTP_PASSWORD", "")
EMAIL_USE_TLS = _flag("LYB_SMTP_TLS")  # STARTTLS, as on port 587
EMAIL_USE_SSL = _flag("LYB_SMTP_SSL")  # encrypted from the first byte, as on port 465
EMAIL_TIMEOUT = 20
# Longer than sending one letter takes, or two workers would send the same.
OUTBOX_LEASE_SECONDS = int(os.environ.get("LYB_OUTBOX_LEASE", "120"))
# A worker renews it with each step it tells; longer than the longest step, setting a report's pages.
DOCUMENT_LEASE_SECONDS = int(os.environ.get("LYB_DOCUMENT_LEASE", "120"))

# -- Keys kept outside the database -------------------------------------------------------------------
# Each falls back to one derived from the secret key, so that a small installation keeps one secret.
AUDIT_SIGNING_KEY = os.environ.get("LYB_AUDIT_KEY") or "audit:" + SECRET_KEY
BODY_ENCRYPTION_KEY = os.environ.get("LYB_BODY_KEY") or "body:" + SECRET_KEY
# After a change of keys: what the former ones signed or encrypted still holds, but they make nothing new. An
# installation that gets its first own audit key signed with the derived one until then.
AUDIT_SIGNING_KEYS_BEFORE = [
    *_list("LYB_AUDIT_KEYS_BEFORE"),
    *("audit:" + key for key in (SECRET_KEY, *SECRET_KEY_FALLBACKS)),
]
BODY_ENCRYPTION_KEYS_BEFORE = [
    *_list("LYB_BODY_KEYS_BEFORE"),
    *("body:" + key for key in SECRET_KEY_FALLBACKS),
]
# What a monitor shows to read the status.
STATUS_TOKEN = os.environ.get("LYB_STATUS_TOKEN", "")

# -- Browser protections ------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [
            SELF,
            "data:",
            "blob:",
            *([_store] if _store else []),
        ],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
if PRODUCTION:
    production.require(globals(), os.environ)
    SECURE_SSL_REDIRECT = _flag("LYB_HTTPS_REDIRECT", default=True)
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# -- Logs: structured, ids only -----------------------------------------------------------------------
DJANGO_STRUCTLOG_CELERY_ENABLED = False
DJANGO_STRUCTLOG_USER_ID_FIELD = None
DJANGO_STRUCTLOG_IP_LOGGING_ENABLED = False


def _without_browser(_logger: Any, _method: str, event: dict[str, Any]) -> dict[str, Any]:
    event.pop("user_agent", None)
    return event


_shared_processors: list[Any] = [
    _without_browser,
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso"),
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
]
# What our own lines may tell besides their name. Others' records carry whole requests and tasks.
_FACTS = ("city_id", "document_id", "error", "hash", "kind", "message_id", "seq", "signature")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "json": {
            "()": structlog.stdlib.ProcessorFormatter,
            "processors": [
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
            "foreign_pre_chain": [*_shared_processors, structlog.stdlib.ExtraAdder(allow=_FACTS)],
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": os.environ.get("LYB_LOG_LEVEL", "INFO")},
    "loggers": {
        # Request lines come from django-structlog, without addresses or query strings.
        "django.server": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},
        # Signed heads are told whatever the level is: in the database alone they prove less.
        "cities.audit.tasks": {"level": "INFO" if PRODUCTION else "NOTSET"},
    },
}
structlog.configure(
    processors=[
        *_shared_processors,
        structlog.stdlib.filter_by_level,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)

SILENCED_SYSTEM_CHECKS: list[str] = []
