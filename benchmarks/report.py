"""`python benchmarks/report.py` runs the benchmarks and puts their tables into README.md."""

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


def main() -> None:
    """Rewrite what stands between the markers in README.md; without markers, print it."""
    text = section(run())
    readme = ROOT / "README.md"
    before, start, rest = readme.read_text(encoding="utf-8").partition(START)
    _, end, after = rest.partition(END)
    if start and end:
        readme.write_text(f"{before}{start}\n{text}\n{end}{after}", encoding="utf-8")
        print(f"README.md has the new tables between {START} and {END}")
    else:
        print(f"README.md has no {START} and {END}, so here are the tables:\n\n{text}")


if __name__ == "__main__":
    main()
