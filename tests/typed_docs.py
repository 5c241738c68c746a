"""Runs ``mypy --strict`` on the Python blocks of README.md and docs, as their readers would.

The blocks of a page are one module, as its examples are one session.
"""

import doctest
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent


def code_of(page: Path) -> str:
    """Return the code of a page, each statement at the line where it stands in the page."""
    lines: list[str] = []
    text = page.read_text("utf-8")
    for block in re.finditer(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE):
        first = text.count("\n", 0, block.start(1))
        if ">>>" not in block[1]:
            lines += [""] * (first - len(lines)) + block[1].splitlines()
            continue
        for example in doctest.DocTestParser().get_examples(block[1]):
            if (example.exc_msg or "").startswith("TypeError"):
                continue  # shown because its types are wrong
            lines += [""] * (first + example.lineno - len(lines)) + example.source.splitlines()
    return "\n".join(lines) + "\n"


def main() -> int:
    """Check all pages; the exit status of mypy."""
    with tempfile.TemporaryDirectory() as folder:
        modules = []
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
            name = "_".join(page.relative_to(ROOT).with_suffix("").parts)
            module = Path(folder, f"{name.replace('-', '_').lower()}_md.py")
            module.write_text(code_of(page), "utf-8")
            modules.append(str(module))
        return subprocess.run(
            [
                *(sys.executable, "-m", "mypy", "--strict", "--cache-dir", ROOT / ".mypy_cache"),
                *("--config-file", ROOT / "pyproject.toml"),
                *modules,
            ],
            check=False,
        ).returncode


if __name__ == "__main__":
    sys.exit(main())
