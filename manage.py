#!/usr/bin/env python3
"""Django's command line, with the embedded servers behind it where no others are configured."""

import importlib.util
import os
import sys
from pathlib import Path

if __name__ == "__main__":
    own_python = Path(__file__).resolve().parent / ".venv" / "bin" / "python"
    if importlib.util.find_spec("django") is None and own_python.exists():
        os.execv(own_python, [str(own_python), *sys.argv])  # noqa: S606 -- ourselves, with the packages

    from config.embedded.entry import manage

    manage(sys.argv)
