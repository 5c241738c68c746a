"""Whether an installed package computes what it computes everywhere; needs nothing but the package.

``python tests/same_everywhere.py`` compares the counts, words, weights and losses of every
instruction set of this machine with those in ``data/same_everywhere.json``, and runs the command
line. Whole numbers, drawn words and learned weights must be the same bits; losses go through the
logarithm of the system's library and may differ in their last digits. Exits with 1 where something
differs. Wheels are tested by it on every platform. ``--write`` stores what this machine computes.
"""

import hashlib
import json
import math
import os
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import makemore_fast as mf
from makemore_fast import _core

STORED = Path(__file__).parent / "data" / "same_everywhere.json"
NAMES = mf.names()
#: Symbols of two, three and four bytes, more than a byte's worth of them.
SCRIPTS = ["".join(chr(0x3B1 + (i * j) % 700) for j in range(1, 9)) for i in range(400)] + ["😀👍"]


def digest(*parts: Any) -> str:
    """Return a digest of arrays' bytes and of words."""
    state = hashlib.sha256()
    for part in parts:
        content = "\n".join(part).encode() if isinstance(part, list) else part.tobytes()
        state.update(content)
    return state.hexdigest()[:16]


def exact() -> Iterator[tuple[str, str]]:
    """Yield what must be the same to the last bit."""
    counts = mf.count(NAMES)
    yield "counts of bigrams", digest(counts.array)
    yield "counts of longer n-grams", digest(*mf.count(NAMES, order=5)._core.cells())
    yield "counts of other scripts", digest(*mf.count(SCRIPTS, order=3)._core.cells())
    yield "counts of a text", digest(mf.count_text("\n".join(NAMES * 30), threads=2).array)
    models: dict[str, mf.LanguageModel] = {
        "bigrams": counts.model(smoothing=1),
        "a large alphabet": mf.count(SCRIPTS).model(smoothing=0.01),
        "Kneser-Ney": mf.count(NAMES, order=5).model(smoothing="kneser-ney"),
        "Witten-Bell": mf.count(SCRIPTS, order=3).model(smoothing="witten-bell"),
    }
    for name, model in models.items():
        yield f"words of {name}", digest(model.sample(2000, rng=42, threads=2))
        cut: dict[str, Any] = {"temperature": 0.8, "top_k": 5, "max_length": 12, "truncate": True}
        yield f"cut words of {name}", digest(model.sample(500, rng=7, **cut))
    torch = mf.TorchRNG(2147483647, version="2.0")
    yield "torch's words", digest(models["bigrams"].sample(100, rng=torch))
    fitted = mf.fit(NAMES, effort="fast", threads=2)
    core: Any = fitted._core
    yield "learned weights", digest(core.weights)
    yield "words of the mixture", digest(fitted.sample(500, rng=42))


def nearly() -> Iterator[tuple[str, float]]:
    """Yield what goes through the logarithm of the system's library."""
    yield "loss of bigrams", mf.count(NAMES).model(smoothing=1).nll(NAMES)
    yield "loss of Kneser-Ney", mf.count(NAMES, order=5).model(smoothing="kneser-ney").nll(NAMES)
    yield "loss of the mixture", mf.fit(NAMES, effort="fast").nll(NAMES)


def command() -> str:
    """Return what the installed command prints."""
    name = "makemore-fast.exe" if os.name == "nt" else "makemore-fast"
    path = Path(sysconfig.get_path("scripts"), name)
    line = [str(path), "sample", "-n", "5", "--seed", "42"]
    return subprocess.run(line, capture_output=True, check=True).stdout.decode()


def main() -> int:
    """Compare everything, say what differs, and return the exit status."""
    info = mf.build_info()
    print(f"makemore_fast {info['version']}, {info['compiler']}, Python {sys.version.split()[0]}")
    if sys.argv[1:] == ["--write"]:
        now = {"exact": dict(exact()), "nearly": dict(nearly()), "command": command()}
        STORED.write_text(json.dumps(now, indent=1) + "\n", "utf-8")
    stored = json.loads(STORED.read_text("utf-8"))
    bad = []
    for isa in info["instruction_sets"]:
        _core.force_isa(isa)
        bad += [f"{name} ({isa})" for name, value in exact() if value != stored["exact"].pop(name)]
        assert not stored["exact"], stored["exact"]
        stored = json.loads(STORED.read_text("utf-8"))
        print(f"{isa}: compared")
    for name, loss in nearly():
        if not math.isclose(loss, stored["nearly"][name], rel_tol=1e-13):
            bad.append(f"{name}: {loss!r}")
        elif loss != stored["nearly"][name]:
            print(f"{name}: {loss!r}, {stored['nearly'][name]!r} elsewhere")
    if command() != stored["command"]:
        bad.append("the command line")
    print("\n".join(f"DIFFERS: {name}" for name in bad) or "all is the same")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
