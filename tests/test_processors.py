"""How many threads `threads=None` means: what affinity and a container's quota leave."""

import inspect
import os
from pathlib import Path
from typing import Any

import pytest

import makemore_fast as mf
from makemore_fast import processors
from raising import raises
from terminal import run_python
from word_files import written


@pytest.fixture
def groups(tmp_path: Path) -> Path:
    (tmp_path / "root").mkdir()
    return tmp_path


def quota(groups: Path, membership: str) -> float | None:
    (groups / "cgroup").write_text(membership, encoding="utf-8")
    return processors.quota(groups / "cgroup", groups / "root")


def put(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("limit", "expected"),
    [("max 100000", None), ("150000 100000", 1.5), ("400000 100000", 4), ("", None), ("x y", None),
     ("-5 100000", None), ("100 0", None)],
)  # fmt: skip
def test_version_2_of_control_groups(groups: Path, limit: str, expected: float | None) -> None:
    put(groups / "root", cpu__max=limit)
    assert quota(groups, "0::/\n") == expected
    put(groups / "root" / "a" / "b", cpu__max="900000 100000")
    assert quota(groups, "0::/a/b\n") == (9 if expected is None else expected)


def test_the_smallest_limit_of_all_groups_above_counts(groups: Path) -> None:
    put(groups / "root" / "a", cpu__max="200000 100000")
    put(groups / "root" / "a" / "b", cpu__max="max 100000")
    assert quota(groups, "0::/a/b\n") == 2
    assert quota(groups, "0::/../a/b\n") == 2
    assert quota(groups, "0::/elsewhere\n") is None


def test_version_1_of_control_groups(groups: Path) -> None:
    names = {"cpu__cfs_quota_us": "250000", "cpu__cfs_period_us": "100000"}
    put(groups / "root" / "cpu,cpuacct" / "docker" / "1", **names)
    assert quota(groups, "9:memory:/m\n4:cpu,cpuacct:/docker/1\n") == 2.5
    assert quota(groups, "9:memory:/m\n4:cpuset:/docker/1\n") is None
    put(groups / "root" / "cpu,cpuacct" / "docker" / "1", cpu__cfs_quota_us="-1")
    assert quota(groups, "4:cpu,cpuacct:/docker/1\n") is None
    put(groups / "root" / "cpu", **names)  # a container sees its own group as the root
    assert quota(groups, "1:cpu:/docker/elsewhere\n") == 2.5


def test_no_control_groups_and_what_cannot_be_read(groups: Path) -> None:
    assert processors.quota(groups / "missing", groups / "root") is None
    assert quota(groups, "nonsense\n::\n\n0::/\0\n") is None


@pytest.mark.parametrize(
    ("limit", "expected"), [(None, 8), (0.5, 1), (2.0, 2), (2.5, 3), (99.0, 8)]
)
def test_a_quota_is_rounded_up(
    limit: float | None, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "process_cpu_count", lambda: 8, raising=False)
    monkeypatch.setattr(processors, "quota", lambda *_: limit)
    monkeypatch.setattr(processors, "_quota", (-100.0, None))
    assert processors.usable_processors() == expected
    assert processors.thread_count(None) == expected
    assert processors.thread_count(5) == 5
    raises(ValueError, "threads must be 1 or more, or None; got 0", processors.thread_count, 0)
    raises(TypeError, "threads must be an int or None, got float", processors.thread_count, 1.5)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux sets affinity")
def test_affinity_counts_at_each_call() -> None:
    program = (
        "import os; from makemore_fast.processors import usable_processors as usable;"
        "every = usable(); os.sched_setaffinity(0, {min(os.sched_getaffinity(0))});"
        "assert usable() == 1 <= every"
    )
    run_python(program)


def test_every_call_with_threads_asks_for_the_same_number(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []

    def count(threads: int | None) -> int:
        asked.append(threads)
        return 1

    path = written(tmp_path, b"emma\nava\n", "words")
    model = mf.count(["emma", "ava"]).model(smoothing=1)
    calls: dict[str, Any] = {
        "makemore_fast.texts": lambda: (mf.count_file(path), mf.count_text("a")),
        "makemore_fast.fitting": lambda: mf.fit(["emma", "ava"], chains=["h1"]),
        "makemore_fast.sampling_options": lambda: (
            model.sample(3),
            model.sample_ids(3),
            model.sample_corpus(3),
        ),
    }
    for module, use in calls.items():
        monkeypatch.setattr(f"{module}.thread_count", count)
        use()
    assert asked == [None] * 6
    public = [getattr(mf, name) for name in mf.__all__]
    members = [getattr(thing, name) for thing in public for name in dir(thing) if name[0] != "_"]
    takers = {
        thing.__qualname__
        for thing in [*public, *members]
        if inspect.isroutine(thing) and "threads" in _parameters(thing)
    }
    assert takers == {
        *("count_file", "count_text", "fit"),
        *("DrawsWords.sample", "DrawsWords.sample_ids", "DrawsWords.sample_corpus"),
    }


def _parameters(thing: Any) -> list[str]:
    try:
        return list(inspect.signature(thing).parameters)
    except ValueError:  # of NumPy's own
        return []
