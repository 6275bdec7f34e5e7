"""What stands between running servers and a first page: static files, tables, demo.

Each step runs only when its inputs changed, so that a second start goes straight to the web server.
"""

import datetime as dt
import hashlib
import json
import os
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from config.embedded import children
from config.embedded.places import ROOT, Place

SEED = ROOT / "config" / "management" / "commands" / "seed.py"
SEED_DEMO = ("seed", "demo")


@dataclass(frozen=True)
class Step:
    """One preparation: what it says, the command it runs, and the state of what it reads."""

    name: str
    says: str
    arguments: tuple[str, ...]
    inputs: str


class Preparation:
    """The steps of one place, and which of them have been done (``<data>/prepared.json``)."""

    def __init__(self, place: Place, *, embedded: bool) -> None:
        self.note = place.data / "prepared.json"
        cluster = place.cluster / "PG_VERSION"
        # A database of somebody else may have been emptied since: then nothing is taken for done.
        database = str(cluster.stat().st_mtime_ns if embedded else time.time_ns())
        tables = database + state_of(ROOT.glob("*/migrations/*.py"))
        demo = tables + state_of([*(ROOT / "config" / "demo").rglob("*.py"), SEED])
        static = state_of((ROOT / "static" / "dist").rglob("*"))
        self.steps = [
            Step("static", "Collecting static files", ("collectstatic", "--noinput", "-v0"), static),
            Step("migrate", "Migrating the database", ("migrate", "-v0"), tables),
        ]
        if has_demo():
            self.steps.append(Step("demo", "Seeding the demo", SEED_DEMO, demo))

    def run(self) -> None:
        done = self._done()
        for step in self.steps:
            if done.get(step.name) != step.inputs:
                say(f"{step.says} …")
                manage(step.arguments)
                done |= {step.name: step.inputs, f"{step.name}_on": today()}
                self._write(done)

    def look_at_the_demo(self) -> None:
        """On the first start of another day, let ``seed demo`` say whether its dates are stale."""
        done = self._done()
        if has_demo() and done.get("demo_on") != today():
            manage(SEED_DEMO)
            self._write(done | {"demo_on": today()})

    def _done(self) -> dict[str, str]:
        try:
            return dict(json.loads(self.note.read_text()))
        except (OSError, ValueError):
            return {}

    def _write(self, done: dict[str, str]) -> None:
        self.note.write_text(json.dumps(done, indent=1))


def has_demo() -> bool:
    """Tell what the settings will say, now that servers are named: off, unless the embedded ones switched it on."""
    return os.environ.get("LYB_DEMO", "0").lower() in {"1", "true", "yes", "on"} and SEED.exists()


def today() -> str:
    return dt.datetime.now(tz=dt.UTC).date().isoformat()


def state_of(paths: Iterable[Path]) -> str:
    """Return a digest of the files' names, sizes and times: cheap, and wrong only towards doing too much."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            state = path.stat()
            digest.update(f"{path}|{state.st_size}|{state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def manage(arguments: Iterable[str]) -> None:
    """Run a ``manage.py`` command as our child, showing what it prints."""
    child = children.spawn([sys.executable, ROOT / "manage.py", *arguments], directory=ROOT)
    try:
        if child.wait():
            raise SystemExit(f"`manage.py {' '.join(arguments)}` failed; see above.")
    finally:
        children.stop(child)


def say(sentence: str) -> None:
    sys.stdout.write(sentence + "\n")
    sys.stdout.flush()
