"""Runs ``mypy --strict`` and pyright on the Python blocks of README.md and docs, as readers would.

The blocks of a page are one module, as its examples are one session.
"""

import doctest
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent

PYRIGHT = {
    "typeCheckingMode": "strict",
    "reportUnusedExpression": False,  # a session shows the value of an expression
    "reportDuplicateImport": False,  # the blocks of a page may each say what they need
    "reportConstantRedefinition": False,  # the lecture calls its matrices N and P
    # Of libraries without types nothing is known, nor of those that are not installed here.
    "reportMissingImports": False,
    "reportMissingTypeStubs": False,
    "reportUnknownArgumentType": False,
    "reportUnknownMemberType": False,
    "reportUnknownVariableType": False,
}


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


def mypy(modules: list[Path]) -> bool:
    """Whether mypy finds nothing in modules."""
    options = ["--strict", f"--cache-dir={ROOT / '.mypy_cache'}", "--config-file"]
    return run("mypy", *options, str(ROOT / "pyproject.toml"), *map(str, modules))


def pyright(folder: Path) -> bool:
    """Whether pyright finds nothing in the modules of a folder."""
    Path(folder, "pyrightconfig.json").write_text(json.dumps(PYRIGHT), "utf-8")
    # basedpyright is pyright with a node.js of its own, so that pip alone installs it.
    return run("basedpyright", "--project", str(folder), "--pythonpath", sys.executable)


def run(module: str, *arguments: str) -> bool:
    """Whether a module, run as a program, ends well."""
    return subprocess.run([sys.executable, "-m", module, *arguments], check=False).returncode == 0


def main() -> int:
    """Check all pages; zero if both checkers found nothing."""
    with tempfile.TemporaryDirectory() as folder:
        modules = []
        for page in (ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))):
            name = "_".join(page.relative_to(ROOT).with_suffix("").parts)
            module = Path(folder, f"{name.replace('-', '_').lower()}_md.py")
            module.write_text(code_of(page), "utf-8")
            modules.append(module)
        checked = [mypy(modules), pyright(Path(folder))]
        return 0 if all(checked) else 1


if __name__ == "__main__":
    sys.exit(main())
