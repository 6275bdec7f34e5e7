"""What was measured, as a table for people and as JSON for programs."""

import os
import platform
import statistics
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .exports import MEMORY_TARGET_MB, TARGET, ExportFigures
from .measuring import Figures


def as_json(figures: Sequence[Figures]) -> list[dict[str, Any]]:
    return [
        {
            "name": found.case.name,
            "ratio": round(found.ratio, 2),
            "target": found.case.target,
            "queries": found.asked.count,
            "bytes": found.bytes,
            "median_ms": round(found.median_ms, 2),
            "p95_ms": round(found.p95_ms, 2),
        }
        for found in figures
    ]


def table(figures: Sequence[Figures]) -> list[str]:
    head = f"{'':38}{'ratio':>7}{'target':>8}  {'':4}{'queries':>8}{'SQL ms':>8}{'kB':>8}{'median':>9}{'95th':>9}{'floor':>8}"
    return [head, *(_line(found) for found in figures)]


def _line(found: Figures) -> str:
    case = found.case
    return (
        f"{case.name:38}{found.ratio:7.2f}{case.target:8g}  {'ok' if found.is_met else 'over':4}"
        f"{found.asked.count:8}{found.asked.milliseconds:8.1f}{found.bytes / 1000:8.1f}"
        f"{found.median_ms:9.2f}{found.p95_ms:9.2f}{found.floor_ms:8.2f}"
    )


def exports_as_json(figures: Sequence[ExportFigures]) -> list[dict[str, Any]]:
    return [{**asdict(found), "ratio": round(found.ratio, 2), "is_met": found.is_met} for found in figures]


def exports(figures: Sequence[ExportFigures]) -> list[str]:
    head = f"{'':8}{'rows':>9}{'ratio':>7}{'target':>8}  {'':4}{'s':>7}{'CPU s':>7}{'floor s':>9}{'MB more':>9}{'most':>6}  progress"
    return [
        head,
        *(
            f"{found.format:8}{found.rows:9,}{found.ratio:7.2f}{TARGET:8g}  {'ok' if found.is_met else 'over':4}"
            f"{found.seconds:7.1f}{found.cpu_seconds:7.1f}{found.floor_seconds:9.1f}{found.memory_mb:9.1f}{MEMORY_TARGET_MB:6}"
            f"  {len(found.progress)} steps"
            for found in figures
        ),
    ]


def noise(figures: Sequence[Figures]) -> list[str]:
    """Say how steady each floor was: between its own quarters, and from case to case."""
    said = []
    for kind in ("read", "write"):
        of_kind = [found for found in figures if found.case.kind == kind]
        timings = [seconds * 1000 for found in of_kind for seconds in found.floor_seconds]
        if len(timings) > 1:
            low, middle, high = statistics.quantiles(timings, n=4)
            medians = [found.floor_ms for found in of_kind]
            said.append(
                f"floor of {kind}s: median {middle:.2f} ms, half of all between {low:.2f} and {high:.2f} "
                f"(spread {(high - low) / middle:.0%}); by case {min(medians):.2f} to {max(medians):.2f}"
            )
    return said


def machine() -> str:
    return f"{processor()}, {os.cpu_count()} cores; Python {platform.python_version()} on {sys.platform}; load {os.getloadavg()[0]:.1f}"


def processor() -> str:
    """Name the processor, as far as the system tells."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, "") or platform.processor() or platform.machine()
