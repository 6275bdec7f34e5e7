"""A real S3 server (nanio) for tests, and the product's own settings for it."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.files.storage import default_storage

ROOT = Path(__file__).resolve().parents[1]
BUCKET = "lyb-files"
KEYS = {"access": "lyb-access-key-000001", "secret": "a-secret-of-enough-length-for-the-test-0001"}


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory):
    """A real S3 server (nanio) with one bucket."""
    port, folder = free_port(), tmp_path_factory.mktemp("s3")
    (folder / BUCKET).mkdir()
    environment = {**os.environ, "NANIO_ACCESS_KEY": KEYS["access"], "NANIO_SECRET_KEY": KEYS["secret"]}
    command = [
        sys.executable,
        "-m",
        "nanio",
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--data-dir",
        str(folder),
        "--no-access-log",
        "--log-level",
        "error",
    ]
    server = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(timeout=10)


@pytest.fixture(scope="session")
def production_settings(endpoint):
    """STORAGES as the settings file itself writes it for such an environment."""
    environment = {
        **os.environ,
        "LYB_S3_BUCKET": BUCKET, "LYB_S3_ENDPOINT": endpoint, "LYB_S3_ACCESS_KEY": KEYS["access"], "LYB_S3_SECRET_KEY": KEYS["secret"],
    }  # fmt: skip
    tell = "import json; from config import settings; print(json.dumps(settings.STORAGES['default']))"
    told = subprocess.run(
        [sys.executable, "-c", tell], cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    return json.loads(told.stdout)


@pytest.fixture
def s3(settings, production_settings):
    settings.STORAGES = {**settings.STORAGES, "default": production_settings}
    return default_storage


def fetch(address):
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.status, dict(answer.headers), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read()
