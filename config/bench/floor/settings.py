"""What ``startproject`` writes, with the product's database, pool and hosts, in a schema of its own."""

import os
from pathlib import Path
from typing import Any

import dj_database_url

DEBUG = False
SECRET_KEY = os.environ.get("LYB_SECRET_KEY", "a secret of the floor, which lives for a minute")
ALLOWED_HOSTS = ["localhost", "127.0.0.1"]
ROOT_URLCONF = "config.bench.floor.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LOGIN_URL = "/login/"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "config.bench.floor",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [Path(__file__).parent / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

SCHEMA = "bench_floor"
DATABASES: dict[str, Any] = {"default": dict(dj_database_url.parse(os.environ["DATABASE_URL"]))}
DATABASES["default"]["OPTIONS"] = {"options": f"-c search_path={SCHEMA}", "connect_timeout": 5}
if os.environ.get("LYB_DATABASE_POOL") == "1":
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 2, "max_size": 12, "timeout": 5}
