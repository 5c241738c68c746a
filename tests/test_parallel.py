"""How work is shared out to the tasks of an engine: each block and each part once, in order."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from makemore_fast import parallel
from makemore_fast.blocks import Block

MANY = 8 << 20  # bytes of the smallest task, if nobody says how many


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("files")
    made = []
    for i, size in enumerate((1, 0, 3 * MANY, MANY, MANY + 1, 5, 2 * MANY - 7)):
        path = folder / f"{i}.txt"
        with path.open("wb") as file:
            file.truncate(size)  # takes no room
        made.append(str(path))
    return made


def covered(tasks: list[list[Block]]) -> list[tuple[str, int, int]]:
    """Return the ranges of all tasks, in their order."""
    return [
        (block.path, block.start, block.start + (block.size or 0))
        for task in tasks
        for block in task
    ]


@pytest.mark.parametrize("order", [2, 6])
@pytest.mark.parametrize("threads", [1, 2, 5])
@pytest.mark.parametrize("blocksize", [None, 1 << 20, "64MB"])
def test_each_byte_once(
    paths: list[str], order: int, threads: int, blocksize: int | str | None
) -> None:
    tasks = parallel.tasks_of(paths, blocksize, None, {"order": order}, threads)
    at = dict.fromkeys(paths, 0)
    for path, start, stop in covered(tasks):
        assert start == at[path]
        at[path] = stop
    assert at == {path: Path(path).stat().st_size for path in paths}
    assert list(dict.fromkeys(path for path, *_ in covered(tasks))) == paths


def test_long_n_grams_are_a_task_for_each_thread(tmp_path: Path) -> None:
    sizes = [48_000_000 + 7 * i for i in range(8)]  # which are not quite alike
    made = []
    for i, size in enumerate(sizes):
        made.append(str(tmp_path / str(i)))
        with open(made[-1], "wb") as file:  # noqa: PTH123
            file.truncate(size)
    tasks = parallel.tasks_of(made, None, None, {"order": 6}, 2)
    assert [len(task) for task in tasks] == [4, 4]
    assert len(parallel.tasks_of(made, None, None, {"order": 2}, 2)) == 8
    assert len(parallel.tasks_of(made, 48_000_049, None, {"order": 6}, 2)) == 8


@settings(deadline=None)
@given(
    st.lists(st.integers(0, 100) | st.none(), max_size=40),
    st.integers(1, 100),
)
def test_tasks_of_about_one_size(sizes: list[int | None], about: int) -> None:
    blocks = [Block(str(i), size=size) for i, size in enumerate(sizes)]
    blocks = [block for block in blocks if (block.size or 0) <= about]
    tasks = parallel._shared_out(blocks, about)
    assert [block for task in tasks for block in task] == blocks
    assert all(tasks)
    known = [sum(about if one.size is None else one.size for one in task) for task in tasks]
    assert all(size <= 2 * about for size in known)
    assert len(tasks) <= 1 + sum(known) // about * 2


@given(number=st.integers(0, 2000), every=st.integers(2, 20))
def test_parts_are_added_up_in_few_levels(number: int, every: int) -> None:
    parts, levels = list(range(number)), 0
    while groups := parallel.to_merge(parts, every):
        assert [part for group in groups for part in group] == parts
        assert max(map(len, groups)) <= every
        assert len(groups) >= 2  # two can be added up at once
        parts, levels = list(range(len(groups))), levels + 1
    assert len(parts) <= 2
    assert number <= 2 or every ** (levels - 1) < number
