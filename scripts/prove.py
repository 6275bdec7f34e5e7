"""Run every race, property, fuzz and fault test at full counts; print what each reached as one table.

``LYB_PROVE`` is the share of the full counts (1 by default); ``LYB_PROVE_SECONDS`` bounds each race.
"""

# ruff: noqa: INP001, S603, T201 -- a script on its own, which prints and starts our own tests

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REPORT = ROOT / ".data" / "prove.jsonl"
PARTS = (
    # Alone, before anything has grown: these look at the clock, and kill.
    ("-m", "prove or slow", "tests/faults"),
    # Too long for the suite: the story with a session and on S3, and what follows a disaster.
    ("-m", "prove", "tests", "--ignore=tests/faults"),
    # Beside each other, on a database per process.
    ("-n", "2", "-m", "race or property"),
)


def main() -> int:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.unlink(missing_ok=True)
    environment = os.environ | {
        "LYB_PROVE": os.environ.get("LYB_PROVE") or "1",
        "LYB_PROVE_REPORT": str(REPORT),
    }
    begun = time.monotonic()
    codes = [
        subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:randomly", "--tb=short", *part],
            cwd=ROOT, env=environment, check=False,
        ).returncode
        for part in PARTS
    ]  # fmt: skip
    rows = [json.loads(line) for line in REPORT.read_text().splitlines()] if REPORT.exists() else []
    print(table(rows))
    failed = sum(1 for row in rows if row["failed"])
    print(f"{len(rows)} parts, {failed} failed, {(time.monotonic() - begun) / 60:.1f} minutes")
    return int(any(codes) or failed or not rows)


def table(rows: list[dict[str, Any]]) -> str:
    """Set the rows as a table: name, rounds or operations, faults landed, result, seconds."""
    cells = [("name", "rounds", "faults", "result", "seconds")]
    cells += [
        (
            title(row["name"]),
            f"{row['rounds']:,}",
            str(row["faults"] or ""),
            result(row),
            f"{row['seconds']:.0f}",
        )
        for row in rows
    ]
    widths = [max(len(row[column]) for row in cells) for column in range(5)]
    lines = [
        f"{name:{widths[0]}}  {rounds:>{widths[1]}}  {faults:>{widths[2]}}  {outcome:{widths[3]}}  {seconds:>{widths[4]}}"
        for name, rounds, faults, outcome, seconds in cells
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def title(name: str) -> str:
    path, _, test = name.partition("::")
    room = path.removeprefix("tests/").removesuffix(".py").replace("/test_", ": ")
    return f"{room}: {test.removeprefix('test_').replace('_', ' ')}"


def result(row: dict[str, Any]) -> str:
    words = "FAILED" if row["failed"] else "held" if row["rounds"] else "skipped"
    if row["failed"] > 1:
        words += f" {row['failed']}×"
    if row["rounds"] and row["skipped"]:
        words += f", time over before {row['skipped']:,} more"
    return "; ".join(filter(None, [words, row["note"]]))


if __name__ == "__main__":
    sys.exit(main())
