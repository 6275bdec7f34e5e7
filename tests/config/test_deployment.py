"""What another team runs: the image, the composition and the proxy. There is no engine here, so they are read."""

import re
import shlex
import shutil
import subprocess

import pytest
import yaml
from django.conf import settings
from kombu.utils.scheduling import cycle_by_name

from cities.operations.queries import QUEUES
from cities.tenancy import roles
from config.embedded import commands
from tests.config.test_settings import PRODUCTION, load
from tests.services import ROOT

APPLICATION = {"web", "codes", "worker", "documents", "beat", "migrate"}
BY_NAME = {"backup"}
"""Of ours too, but started only by whoever names it."""
SECRET = re.compile(r"(PASSWORD|SECRET|TOKEN|_KEY)")
CHAPTERS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").glob("*.md")]
NOT_FOR_PEOPLE = {
    "LYB_DATABASE_ROLE": "manage.py sets it for a command that acts as the owner",
    "LYB_PROVE_REPORT": "scripts/prove.py names the file from which it prints its table",
}
"""Variables that one part of the program sets for another, and who does."""


@pytest.fixture(scope="module")
def composition() -> dict:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text())


@pytest.fixture(scope="module")
def services(composition) -> dict:
    return composition["services"]


@pytest.fixture(scope="module")
def steps() -> list[tuple[str, str]]:
    """The Dockerfile as (word, rest), continued lines joined."""
    text = re.sub(r"\\\n\s*", "", (ROOT / "Dockerfile").read_text())
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [tuple(line.split(maxsplit=1)) for line in lines]


def lines_of(path: str) -> list[str]:
    return (ROOT / path).read_text().splitlines()


def names_in(path: str) -> dict[str, str]:
    """The variables that an example names, also those commented out."""
    return dict(re.findall(r"^#?([A-Z][A-Z0-9_]+)=(.*)$", (ROOT / path).read_text(), re.MULTILINE))


# -- The same commands as `make run` ----------------------------------------------------------------


@pytest.mark.parametrize("command", commands.ALL, ids=lambda command: command.name)
def test_a_container_runs_what_the_supervisor_runs(services, command):
    service = services[command.name]

    assert service["command"] == ["python", *command.arguments]
    assert command.environment.items() <= service["environment"].items()


def test_nothing_of_ours_runs_beside_the_supervisors_commands_but_the_migration(services):
    ours = {name for name, service in services.items() if service.get("image") == "love-your-block"}
    waiting = {name for name, service in services.items() if "profiles" in service}

    assert ours - BY_NAME == {command.name for command in commands.ALL} | {"migrate"} == APPLICATION
    assert waiting == BY_NAME
    assert services["migrate"]["command"] == ["python", "manage.py", "migrate"]


def test_each_queue_has_one_worker_and_reports_and_codes_one_of_their_own():
    lines = [command.arguments for command in commands.ALL if "--queues" in command.arguments]
    taken = sorted(line[line.index("--queues") + 1] for line in lines)

    assert taken == ["celery,notices", "codes", "documents"]
    assert set(",".join(taken).split(",")) == set(QUEUES)


def test_what_beat_starts_waits_for_no_notice():
    order = settings.CELERY_BROKER_TRANSPORT_OPTIONS["queue_order_strategy"]
    queues = {
        task.get("options", {}).get("queue", settings.CELERY_TASK_DEFAULT_QUEUE)
        for task in settings.CELERY_BEAT_SCHEDULE.values()
    }
    cycle = cycle_by_name(order)(["notices", "celery"])

    assert queues == {"codes", "celery"}
    assert cycle.consume(2) == ["celery", "notices"]


def test_the_image_itself_serves_pages(steps):
    (command,) = [rest for word, rest in steps if word == "CMD"]

    assert yaml.safe_load(command) == ["python", *commands.WEB.arguments]


# -- The composition --------------------------------------------------------------------------------


def test_what_runs_is_production_and_says_how_it_is(services):
    for name in APPLICATION | BY_NAME:
        assert services[name]["environment"]["LYB_ENV"] == "production"
    answering = {name for name, service in services.items() if "healthcheck" in service}
    assert answering == set(services) - {"beat", "migrate"} - BY_NAME


def test_pages_wait_for_the_migration_and_the_proxy_for_pages(services):
    for name in APPLICATION - {"migrate"}:
        assert services[name]["depends_on"] == {
            "database": {"condition": "service_healthy"},
            "broker": {"condition": "service_healthy"},
            "migrate": {"condition": "service_completed_successfully"},
        }
    assert services["migrate"]["restart"] == "no"
    assert services["proxy"]["depends_on"] == {"web": {"condition": "service_healthy", "restart": True}}


def test_only_the_migration_and_backups_know_the_owner(services):
    def knows(word):
        return {name for name, service in services.items() if word in str(service.get("environment"))}

    assert knows("OWNER") == {"migrate", "backup", "database"}
    assert knows("ADMIN") == knows("BACKUP") == {"backup", "database"}
    assert {services[name]["restart"] for name in ("migrate", "backup")} == {"no"}
    assert "lyb_city" in services["web"]["environment"]["DATABASE_URL"]


def test_a_backup_is_given_all_addresses_and_the_command(services):
    backup = services["backup"]
    given = {name for name in backup["environment"] if name.startswith("DATABASE_")}

    assert backup["entrypoint"] == ["python", "manage.py", "backup"]
    assert "command" not in backup
    assert given == {"DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_BACKUP_URL", "DATABASE_ADMIN_URL"}
    assert backup["environment"]["DATABASE_ADMIN_URL"].endswith("@database/postgres")
    assert backup["depends_on"] == {"database": {"condition": "service_healthy"}}


def test_archives_go_to_a_place_of_their_own(services, steps):
    (data,) = [word for _, rest in steps for word in rest.split() if word.startswith("LYB_DATA_DIR=")]
    mounts = dict(reversed(mount.rsplit(":", 1)) for mount in services["backup"]["volumes"])

    place = mounts[f"{data.removeprefix('LYB_DATA_DIR=')}/backups"]

    assert place == "${LYB_BACKUP_DIR:-/var/backups/love-your-block}"
    assert names_in("deploy/compose.env.example")["LYB_BACKUP_DIR"] in place
    assert not any(
        "backups" in str(service.get("volumes")) for name, service in services.items() if name != "backup"
    )


def test_a_container_of_ours_can_do_as_little_as_possible(services):
    for name in APPLICATION | BY_NAME:
        assert services[name]["read_only"] is True
        assert services[name]["cap_drop"] == ["ALL"]
        assert services[name]["security_opt"] == ["no-new-privileges:true"]


def test_only_the_proxy_is_reached_from_outside(services, composition):
    assert {name for name, service in services.items() if "ports" in service} == {"proxy"}
    assert composition["networks"]["inside"] == {"internal": True}
    assert {name for name in services if services[name]["networks"] == ["inside"]} == {"database", "broker"}


def test_files_and_volumes_that_the_composition_names_exist(services, composition):
    named = {mount.split(":")[0] for service in services.values() for mount in service.get("volumes", ())}
    files = {name for name in named if name.startswith("./")}

    assert all((ROOT / name).exists() for name in files)
    assert {name for name in named if name.isidentifier()} == set(composition["volumes"])


def test_no_secret_stands_in_the_repository(services):
    values = [
        value
        for service in services.values()
        for name, value in service.get("environment", {}).items()
        if SECRET.search(name)
    ]
    examples = names_in("deploy/site.env.example") | names_in("deploy/compose.env.example")

    assert len(values) == 4
    assert all(re.fullmatch(r"\$\{\w+:\?set it in \.env\}", value) for value in values)
    assert {value for name, value in examples.items() if SECRET.search(name)} == {""}


def test_every_variable_of_the_composition_is_in_its_example():
    used = set(re.findall(r"(?<!\$)\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))

    assert used == set(names_in("deploy/compose.env.example"))


def test_every_setting_of_the_sites_example_is_one_that_the_program_reads():
    read = "".join((ROOT / "config" / name).read_text() for name in ("settings.py", "mail.py", "gunicorn.py"))
    named = {name for name in names_in("deploy/site.env.example") if not name.startswith("ANYMAIL_")}

    assert {name for name in named if f'"{name}"' not in read} == set()


def variables_read() -> set[str]:
    """The variables of ours that config and the tests' counts look for."""
    programs = [*(ROOT / "config").rglob("*.py"), ROOT / "tests" / "proving.py"]
    read = "".join(path.read_text() for path in programs)
    return set(re.findall(r'"((?:LYB|DATABASE|REDIS)_[A-Z0-9_]+)"', read))


def test_every_variable_that_the_chapters_name_is_one_that_somebody_reads():
    chapters = "".join(path.read_text() for path in CHAPTERS)
    named = set(re.findall(r"\b(?:LYB|DATABASE|REDIS)_[A-Z0-9_]*[A-Z0-9]\b", chapters))

    assert named - variables_read() - set(names_in("deploy/compose.env.example")) == set()
    assert len(named) > 30


def test_every_variable_that_the_program_reads_is_in_the_readmes_table():
    table = (ROOT / "README.md").read_text().partition("## Settings")[2]
    named = set(re.findall(r"`([A-Z0-9_]+)`", table))

    assert variables_read() - named == NOT_FOR_PEOPLE.keys()


def test_links_between_the_chapters_lead_somewhere():
    broken = [
        f"{path.name}: {target}"
        for path in CHAPTERS
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text())
        if not (path.parent / target).exists()
    ]

    assert broken == []


def test_the_sites_example_with_its_secrets_filled_in_starts():
    said = subprocess.run(
        ["/bin/sh", "-c", "set -a; . deploy/site.env.example; env"],
        cwd=ROOT, env={}, capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    named = names_in("deploy/site.env.example")
    given = {
        name: value for name, value in (line.split("=", 1) for line in said.splitlines()) if name in named
    }
    keys = {
        name: str(number) + PRODUCTION["LYB_SECRET_KEY"]
        for number, name in enumerate(given)
        if name.endswith("_KEY")
    }
    servers = {name: PRODUCTION[name] for name in ("LYB_ENV", "DATABASE_URL", "REDIS_URL")}

    loaded = load(**(given | keys | servers))

    assert (loaded.PRODUCTION, loaded.EMAIL_USE_TLS, loaded.SITE_ADDRESS) == (
        True,
        True,
        "https://blocks.example.org",
    )


# -- The image --------------------------------------------------------------------------------------


def test_the_image_is_built_from_files_that_are_here(steps):
    copies = [shlex.split(rest)[:-1] for word, rest in steps if word == "COPY" and "--from" not in rest]

    assert all((ROOT / source).exists() for sources in copies for source in sources)
    assert [rest for word, rest in steps if word == "FROM"] == [
        "node:24-slim AS theme", "python:3.13-slim AS packages", "python:3.13-slim"
    ]  # fmt: skip


def test_only_what_is_locked_with_hashes_gets_into_the_image(steps):
    installs = [
        rest for word, rest in steps if word == "RUN" and re.search(r"\b(pip|npm|apt-get|curl|wget)\b", rest)
    ]

    assert installs == [
        "npm ci",
        "npm run build",
        "/opt/venv/bin/python -m pip install --no-cache-dir --require-hashes --requirement requirements.lock",
    ]
    assert "omit-lockfile-registry-resolved=true" in lines_of(".npmrc")


def test_the_image_runs_as_nobody_in_particular_and_holds_no_secret(steps):
    last = [word for word, _ in steps].index("CMD")
    user = [rest for word, rest in steps[:last] if word == "USER"]
    given = " ".join(rest for word, rest in steps if word in {"ENV", "ARG"})

    assert user == ["10001"]
    assert "--uid 10001" in " ".join(rest for word, rest in steps if word == "RUN")
    assert "LYB_ENV=production" in given
    assert not SECRET.search(given)


def test_nothing_of_a_checkouts_own_state_gets_into_the_image():
    ignored = set(lines_of(".dockerignore"))

    assert {".git", ".data", ".venv", "node_modules", ".env", "*.env", "deploy/tls"} <= ignored
    assert {"/.env", "/site.env", "/deploy/tls/"} <= set(lines_of(".gitignore"))


def test_static_files_lie_in_the_image_and_not_on_the_volume():
    loaded = load(LYB_DATA_DIR="/data", LYB_STATIC_DIR="/srv/static")

    assert [str(path) for path in (loaded.STATIC_ROOT, loaded.MEDIA_ROOT)] == ["/srv/static", "/data/media"]


# -- The database and the proxy ---------------------------------------------------------------------


def test_the_database_is_made_with_the_roles_that_the_command_prints():
    assert (ROOT / "deploy/database/10-roles.sql").read_text() == roles.script()


def test_the_proxy_buffers_and_says_what_the_application_asks_of_it():
    text = (ROOT / "deploy/nginx.conf").read_text()
    wanted = [
        "proxy_request_buffering on;",
        "proxy_buffering on;",
        "proxy_set_header Host $http_host;",
        "proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "server web:8000;",
    ]
    (megabytes,) = re.findall(r"client_max_body_size (\d+)m;", text)

    assert [line for line in wanted if line not in text] == []
    assert int(megabytes) * 1024 * 1024 >= settings.UPLOAD_MAX_BODY_BYTES
    assert "error_page 413 @too_large;" in text
    assert "$remote_addr" not in text
    assert "$request_uri" not in re.search("log_format.*", text)[0]
    # nginx itself writes the client and the whole request into lesser lines of its error log.
    assert re.findall(r"error_log \S+ (\w+);", text) == ["crit"]


@pytest.mark.skipif(shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="there is no nginx here")
def test_nginx_takes_the_configuration(tmp_path):
    (tmp_path / "tls").mkdir()
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost",
         "-keyout", tmp_path / "tls/site.key", "-out", tmp_path / "tls/site.crt"],
        check=True, capture_output=True,
    )  # fmt: skip
    text = (ROOT / "deploy/nginx.conf").read_text().replace("server web:8000;", "server 127.0.0.1:8000;")
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\n{text}")

    checked = subprocess.run(
        [shutil.which("nginx", path="/usr/sbin:/usr/bin"), "-t", "-c", tmp_path / "nginx.conf"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert "test is successful" in checked.stderr, checked.stderr
