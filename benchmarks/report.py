"""`python benchmarks/report.py` runs the benchmarks and writes their tables.

The page docs/reference/benchmarks.md has all tables, README.md those that most readers look for.
"""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from speed_table import Row, markdown, tables

ROOT = Path(__file__).resolve().parents[1]
README_TABLES = ("| Counting 32,033 ", "| Sampling from a model of ")
PAGE = """\
# Benchmarks

Written by `python benchmarks/report.py`; each row checks its answer before it is timed. All are
of one run, so what counts is the ratio of two rows of a table.
"""
PAGE_FILE = ROOT / "docs" / "reference" / "benchmarks.md"
START, END = "<!-- benchmarks -->", "<!-- /benchmarks -->"


def run() -> dict[str, Any]:
    """Run all benchmarks at full size and return what pytest-benchmark says of them."""
    with TemporaryDirectory() as folder:
        output = Path(folder) / "benchmarks.json"
        command = [sys.executable, "-m", "pytest", "--benchmark-only", f"--benchmark-json={output}"]
        environment = {k: v for k, v in os.environ.items() if k != "MAKEMORE_BENCH_SMOKE"}
        status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        if status != 0:
            sys.exit(f"the benchmarks failed (exit status {status}); README.md is as it was")
        report: dict[str, Any] = json.loads(output.read_text(encoding="utf-8"))
        return report


def circumstances(report: dict[str, Any]) -> str:
    """Return the line that says where and when the figures were measured."""
    cpu = report["machine_info"]["cpu"]
    parts = [
        f"{cpu.get('brand_raw', 'unknown CPU')}, {os.cpu_count()} cores",
        f"Python {report['machine_info']['python_version']}",
        f"NumPy {version('numpy')}",
    ]
    try:
        parts.append(f"torch {version('torch')}")
    except PackageNotFoundError:
        parts.append("no torch")
    return f"The fastest round of each, on {report['datetime'][:10]}: {', '.join(parts)}."


def section(report: dict[str, Any]) -> str:
    """Return the tables and the circumstances as Markdown."""
    lines: list[str] = []
    for table in tables(map(Row.from_json, report["benchmarks"])):
        lines += [*markdown(table), ""]
    return "\n".join([*lines, circumstances(report)])


def for_readme(text: str) -> str:
    """Return the tables of a section that stand in the README."""
    *parts, last = text.split("\n\n")
    chosen = [part for part in parts if part.startswith(README_TABLES)]
    return "\n\n".join([*chosen, last])


def main() -> None:
    """Write the page of all tables, and what stands between the markers in README.md."""
    text = section(run())
    PAGE_FILE.write_text(f"{PAGE}\n{text}\n", encoding="utf-8")
    readme = ROOT / "README.md"
    before, start, rest = readme.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if not (start and end):
        sys.exit(f"README.md has no {START} and {END}")
    readme.write_text(f"{before}{start}\n{for_readme(text)}\n{end}{after}", encoding="utf-8")
    print("docs/reference/benchmarks.md and README.md have the new tables")


if __name__ == "__main__":
    main()
