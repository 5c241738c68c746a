"""The site as it was built: every public name has a page, the search finds, two clicks reach.

``nox -s docs`` builds it and runs these; MAKEMORE_FAST_SITE names the folder of a built site.
"""

import json
import os
import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
import makemore_fast.blocks

#: What someone looks for, and the page that must be among those that are found.
SEARCHES = {
    "Dask": "how-to/cluster",
    "S3": "how-to/large-files",
    "Parquet": "how-to/duckdb-parquet",
    "encoding": "how-to/large-files",
    "font": "how-to/fonts",
    "entropy": "how-to/entropy",
    "threshold": "how-to/domains",
    "KenLM": "how-to/kenlm",
    "seed": "explanation/streams",
    "temperature": "how-to/fantasy-names",
    "weights": "how-to/data-frames",
    "Polars": "how-to/data-frames",
    "ARPA": "how-to/kenlm",
    "Transformer": "tutorial/mixture",
    "pickle": "explanation/trust",
    "perplexity": "reference/api/makemore_fast.LanguageModel",
    "unknown symbol": "how-to/scoring",
    "Ctrl": "reference/errors",
    "NLTK": "explanation/coming-from",
    "markovify": "explanation/coming-from",
    "deprecation": "explanation/compatibility",
    "MAKEMORE_FAST_ISA": "reference/environment",
}

#: Who comes, what for, and what the first page must lead to within two clicks.
NEWCOMERS = {
    "student": ("tutorial/bigrams", "how-to/torch-streams", "tutorial/mixture"),
    "teacher": ("how-to/plots", "how-to/fonts", "explanation/counting"),
    "data scientist": ("how-to/data-frames", "how-to/duckdb-parquet", "how-to/scoring"),
    "security engineer": ("how-to/domains", "explanation/trust", "reference/command-line"),
    "namer": ("how-to/fantasy-names", "how-to/small-lists", "how-to/mixing"),
    "linguist": ("how-to/entropy", "how-to/running-text", "how-to/tokens"),
    "engineer with 50 GB": ("how-to/large-files", "how-to/cluster", "reference/benchmarks"),
    "maintainer": (
        *("reference/api", "explanation/house", "explanation/compatibility"),
        *("reference/changes", "reference/saved", "reference/api/makemore_fast.Counts"),
    ),
}


@pytest.fixture(scope="module")
def site() -> Path:
    folder = os.environ.get("MAKEMORE_FAST_SITE")
    if folder is None:
        pytest.skip("no site was built (nox -s docs builds it)")
    return Path(folder)


class _Links(HTMLParser):
    """Collects where a page leads, and what is in it."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.pictures: list[dict[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "a" and found.get("href"):
            self.links.append(str(found["href"]))
        if tag == "img":
            self.pictures.append(found)


@cache
def page(path: Path) -> _Links:
    parser = _Links()
    parser.feed(path.read_text("utf-8"))
    return parser


def led_to(site: Path, name: str) -> set[str]:
    """Return the pages to which the links of a page lead, without their suffix."""
    there = set()
    for link in page(site / f"{name}.html").links:
        target = link.partition("#")[0]
        if target and "://" not in target and target.endswith(".html"):
            path = (site / name).parent / target
            there.add(os.path.relpath(path, site).removesuffix(".html"))
    return there


@pytest.fixture(scope="module")
def index(site: Path) -> Mapping[str, Any]:
    text = (site / "searchindex.js").read_text("utf-8")
    found: dict[str, Any] = json.loads(text[text.index("(") + 1 : text.rindex(")")])
    return found


def found_by(index: Mapping[str, Any], query: str) -> set[str]:
    """Return the pages that the search of the site finds: those with every word of a query."""
    snowballstemmer = pytest.importorskip("snowballstemmer")
    stem = snowballstemmer.stemmer("english").stemWord
    pages: set[str] | None = None
    for word in re.findall(r"\w+", query.lower()):
        numbers: set[int] = set()
        for terms in (index["terms"], index["titleterms"]):
            for term in (word, stem(word)):
                hits = terms.get(term, [])
                numbers.update([hits] if isinstance(hits, int) else hits)
        names = {index["docnames"][number] for number in numbers}
        pages = names if pages is None else pages & names
    return pages or set()


@pytest.mark.parametrize("query", SEARCHES)
def test_the_search_finds(index: Mapping[str, Any], query: str) -> None:
    assert SEARCHES[query] in found_by(index, query)


def test_every_public_name_has_a_page(site: Path) -> None:
    sklearn = pytest.importorskip("makemore_fast.sklearn")
    dask = pytest.importorskip("makemore_fast.dask")
    for module in (mf, sklearn, makemore_fast.blocks, dask):
        for name in module.__all__:
            path = site / "reference" / "api" / f"{module.__name__}.{name}.html"
            assert path.exists(), f"{name}: a line in docs/reference/api.md is missing"
            assert f"{name}" in path.read_text("utf-8")


def test_every_public_method_is_described(site: Path) -> None:
    for name in mf.__all__:
        value = getattr(mf, name)
        if not isinstance(value, type) or name == "Model":
            continue
        text = (site / "reference" / "api" / f"makemore_fast.{name}.html").read_text("utf-8")
        for member in dir(value):
            if not member.startswith("_") and not hasattr(Exception, member):
                owners = (name, "LanguageModel")
                anchors = [f"makemore_fast.{owner}.{member}" for owner in owners]
                assert any(anchor in text for anchor in anchors) or f">{member}<" in text, anchors


@pytest.mark.parametrize("who", NEWCOMERS)
def test_two_clicks_lead_to_what_a_newcomer_wants(site: Path, who: str) -> None:
    once = led_to(site, "index")
    twice = once.union(*(led_to(site, name) for name in once if (site / f"{name}.html").exists()))
    assert set(NEWCOMERS[who]) <= twice


def test_every_how_to_is_two_clicks_away(site: Path) -> None:
    once = led_to(site, "index")
    twice = once.union(*(led_to(site, name) for name in once if (site / f"{name}.html").exists()))
    for path in site.rglob("*.html"):
        name = str(path.relative_to(site).with_suffix(""))
        if name.startswith(("tutorial/", "how-to/", "explanation/", "reference/")):
            assert name in twice, name


def test_pictures_say_what_they_show(site: Path) -> None:
    seen = 0
    for path in site.rglob("*.html"):
        for picture in page(path).pictures:
            seen += 1
            assert picture.get("alt"), (path, picture)
    assert seen >= 5


def test_nothing_is_loaded_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text("utf-8")
        loaded = re.findall(r'<(?:script|img|iframe)[^>]*\ssrc="(https?:[^"]+)"', text)
        loaded += re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="(https?:[^"]+)"', text)
        assert loaded == [], path
