"""Debian's lists of words, and domains as malware makes them up."""

import random
from pathlib import Path

import pytest

from workloads import SMOKE

#: The files of each language in /usr/share/dict, and the package that has it.
LANGUAGES = {
    "English": ("american-english", "wamerican"),
    "French": ("french", "wfrench"),
    "German": ("ngerman", "wngerman"),
    "Polish": ("polish", "wpolish"),
}


def debian_words(language: str, most: int | None = None) -> list[str]:
    """Return different words of a language in random order, or skip the benchmark."""
    name, package = LANGUAGES[language]
    path = Path("/usr/share/dict") / name
    if not path.exists():
        pytest.skip(f"{path} is not here (Debian: apt install {package})")
    words = sorted({line.strip() for line in path.read_text(encoding="utf-8").splitlines()} - {""})
    random.Random(1).shuffle(words)
    return words[: 500 if SMOKE else most]


def made_up_domains(n: int) -> list[str]:
    """Return names such as malware makes up to find its servers: letters, all as likely.

    As many symbols as families of such programs use: 8 to 19.
    """
    rng = random.Random(2)
    letters = "abcdefghijklmnopqrstuvwxyz"
    return ["".join(rng.choices(letters, k=rng.randint(8, 19))) for _ in range(n)]
