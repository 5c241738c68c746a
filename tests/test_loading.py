"""`load` and unpickling: what was saved comes back, and what anybody made is checked."""

import io
import pickle
import struct
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Callable
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as nps
from numpy.typing import NDArray

import makemore_fast as mf
from corpora import FIVE, words
from makemore_fast import bigram_model, corpus, mixture, ngram_counts, ngram_model, torch_rng

Members = dict[str, NDArray[np.generic]]
DATA = Path(__file__).parent / "data"


def u4(*numbers: object) -> NDArray[np.uint32]:
    return np.array(numbers, np.uint32)


def counts_members() -> Members:
    """Return what `save` writes of the words "a" and "ab"."""
    return {
        "format": np.array(1),
        "alphabet": u4(46, 97, 98),
        "ids": u4([0, 1], [1, 0], [1, 2], [2, 0]),
        "counts": np.array([2, 1, 1, 1]),
    }


def mixture_members() -> Members:
    chains = ["h1", "p15 h1"]
    return {
        "kind": np.array("mixture"),
        "format": np.array(1),
        "boundary": np.array(46, np.uint32),
        "words": np.frombuffer(b"a\xffab\xff\xff", np.uint8),
        "chains": np.array(chains),
        "weights": np.full(17 * 3 + 4 * (3 + 4), 0.25, np.float32),
        "tried_chains": np.array(["h1\nh2", "h1"]),
        "tried_losses": np.array([1.5, 2.0]),
    }


KINDS: dict[str, Callable[[], Members]] = {"counts": counts_members, "mixture": mixture_members}


def load(members: Members) -> mf.Counts | mf.MixtureModel:
    file = Path("made.npz")
    np.savez_compressed(file, **members)  # type: ignore[arg-type]
    return mf.load(file)


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


in_the_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


# -- what was saved ------------------------------------------------------------------------


@in_the_folder
@given(words, st.integers(2, 6))
def test_saved_counts_of_any_order_come_back(corpus: list[str], order: int) -> None:
    counted = mf.count(corpus, order=order)
    counted.save("counts.npz")
    assert mf.load("counts.npz") == counted
    assert pickle.loads(pickle.dumps(counted)) == counted


def test_files_of_the_first_version() -> None:
    assert mf.load(DATA / "bigrams_1.npz") == mf.count(FIVE)
    assert mf.load(DATA / "fourgrams_1.npz") == mf.count([*FIVE, "né", ""], order=4)
    model = mf.load(DATA / "mixture_1.npz")
    assert isinstance(model, mf.MixtureModel)
    assert model.chains == ("h1 h2", "p15 h1")
    assert model.score(["emma", "ava"]).round(4).tolist() == [-7.7333, -7.3581]
    assert isinstance(load(counts_members()), mf.Counts)
    assert isinstance(load(mixture_members()), mf.MixtureModel)


def test_types_of_other_machines() -> None:
    members = counts_members()
    expected = load(members)
    for name, array in members.items():
        other = array.astype(array.dtype.newbyteorder())
        assert other.dtype.byteorder != array.dtype.byteorder
        assert load(members | {name: other}) == expected
    assert load(members | {"format": np.array(1, np.int32)}) == expected
    assert load(members | {"kind": np.array("counts")}) == expected


# -- what makes no sense -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("format", 99, "format 99 is not known to this version"),
        ("format", 0, "format 0 is not known"),
        ("format", 1.9, "format: must be a whole number, got float64"),
        ("format", [1], r"format: must be of shape \(\), got \(1\)"),
        ("format", True, "format: must be a whole number"),
        ("alphabet", u4(46, 98, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 97, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 46, 97), "must stand in the order of their code points"),
        ("alphabet", u4(46, 97, 0xD800), "lone surrogate"),
        ("alphabet", u4(46, 97, 0x110000), "no code point"),
        ("alphabet", u4(46, 97), "cell 2: the id 2 lies outside the alphabet of 2 symbols"),
        ("alphabet", u4(), "alphabet: there are 0 symbols"),
        ("alphabet", np.array([46, 97, 98]), "alphabet: must be uint32, got int64"),
        ("alphabet", np.array("ab"), "alphabet: must be uint32, got str"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 0]) * 1.5, "ids: must be uint32, got float64"),
        ("ids", np.array([[2**32, 1], [1, 0], [1, 2], [2, 0]]), "ids: must be uint32, got int64"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 3]), "cell 3: the id 3 lies outside"),
        ("ids", u4([0, 1], [1, 2], [1, 0], [2, 0]), "cell 2: cells must stand in the order"),
        ("ids", u4([0, 1], [0, 1], [1, 2], [2, 0]), "cell 1: cells must stand in the order"),
        ("ids", u4([0, 1], [1, 0], [1, 2], [2, 1]), "no words .*: 'b' is|no words .*: 'a' is"),
        ("ids", u4([0, 1], [1, 0], [1, 1], [2, 0]), "'a' is entered 3 times and left 2 times"),
        ("ids", u4([0, 0], [0, 1], [0, 2], [1, 0]), "is entered|is never"),
        ("ids", u4(0, 1, 1, 0), r"ids: must be of shape \(any, any\), got \(4\)"),
        ("ids", u4([0], [1], [1], [2]), "order must be at least 2, got 1"),
        ("ids", np.zeros((4, 0), np.uint32), "order must be at least 2, got 0"),
        ("ids", np.zeros((4, 70), np.uint32), "order 70 is too high"),
        ("ids", np.zeros((4, 1000), np.uint32), "order 1000 is too high"),
        ("ids", np.asfortranarray(u4([0, 1], [1, 0], [1, 2], [2, 0])), "ids: must be in C order"),
        ("counts", np.array([2.0, 1, 1, 1]), "counts: must be int64, got float64"),
        ("counts", np.array([2, 1, 1, 1], np.int32), "counts: must be int64, got int32"),
        ("counts", np.array([2, 1, 1, 1], np.uint64), "counts: must be int64, got uint64"),
        ("counts", np.array([2, 1, 0, 1]), "cell 2: a count must be above zero, got 0"),
        ("counts", np.array([2, 1, -1, 1]), "cell 2: a count must be above zero, got -1"),
        ("counts", np.array([2, 1, 1]), r"counts: must be of shape \(4\), got \(3\)"),
        ("counts", np.array([3, 1, 1, 1]), "'a' is entered 3 times and left 2 times"),
        ("counts", np.array([2, 1, 1, 2]), "'b' is entered 1 times and left 2 times"),
        ("counts", np.full(4, 2**62), "cell 1: the counts sum to more than 64 bits hold"),
        ("kind", "network", "kind: must be 'counts' or 'mixture', got 'network'"),
        ("kind", 1, "kind: must be str, got int64"),
        ("other", 1, "there is an unexpected member 'other'"),
    ],
)
def test_counts_that_make_no_sense(name: str, value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        load(counts_members() | {name: np.asarray(value)})
    assert str(caught.value).startswith("made.npz")


@pytest.mark.parametrize(
    ("ids", "problem"),
    [
        ([[0, 0, 1], [0, 1, 0]], None),
        ([[0, 1, 0]], "'.a' is entered 0 times and left 1 times"),
        ([[0, 0, 1], [1, 0, 0]], "cell 1: no word has a boundary between two of its symbols"),
        ([[1, 1, 1]], "'aa' is never reached from the start of a word"),
        ([[0, 0, 0], [1, 1, 1]], "'aa' is never reached from the start of a word"),
        ([[0, 0, 1], [0, 1, 1], [1, 1, 0]], None),
        ([[0, 0, 1], [0, 1, 0], [1, 1, 1]], "'aa' is never reached"),
    ],
)
def test_contexts_of_longer_n_grams(ids: list[list[int]], problem: str | None) -> None:
    members: Members = {
        "alphabet": u4(46, 97),
        "ids": u4(*ids),
        "counts": np.ones(len(ids), np.int64),
    }
    if problem is None:
        assert isinstance(load(counts_members() | members), mf.Counts)
    else:
        with pytest.raises(ValueError, match=problem):
            load(counts_members() | members)


def some_words_have(cells: dict[tuple[int, ...], int], order: int) -> bool:
    """Return whether words have these counts: the plain twin of the check in the core."""
    start = (0,) * (order - 1)
    flow: Counter[tuple[int, ...]] = Counter()
    near: dict[tuple[int, ...], set[tuple[int, ...]]] = {}
    for cell, times in cells.items():
        before, after = cell[:-1], cell[1:] if cell[-1] else start
        if any(a and not b for a, b in pairwise(before)):
            return False
        flow[before] += times
        flow[after] -= times
        near.setdefault(before, set()).add(after)
        near.setdefault(after, set()).add(before)
    seen, todo = set(), [start]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            todo += near.get(here, ())
    return not any(flow.values()) and set(near) <= seen


@st.composite
def some_cells(draw: st.DrawFn) -> tuple[int, int, dict[tuple[int, ...], int]]:
    """Draw an order, a number of symbols and the cells of words, perhaps changed a little."""
    order, symbols = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    corpus = draw(st.lists(st.lists(st.integers(1, symbols), max_size=4), max_size=4))
    cells: Counter[tuple[int, ...]] = Counter()
    for word in corpus:
        ids = [0] * (order - 1) + word + [0]
        cells.update(tuple(ids[i : i + order]) for i in range(len(word) + 1))
    for _ in range(draw(st.integers(0, 2))):
        cells[draw(st.tuples(*[st.integers(0, symbols)] * order))] += draw(st.integers(-1, 1))
    return order, symbols, {cell: n for cell, n in sorted(cells.items()) if n > 0}


@in_the_folder
@given(some_cells())
def test_counts_load_exactly_if_words_have_them(
    made: tuple[int, int, dict[tuple[int, ...], int]],
) -> None:
    order, symbols, cells = made
    ids = u4(*cells).reshape(-1, order)
    times = np.array(list(cells.values()), np.int64)
    members: Members = {"alphabet": u4(46, *range(97, 97 + symbols)), "ids": ids, "counts": times}
    if some_words_have(cells, order):
        loaded = load(counts_members() | members)
        assert isinstance(loaded, mf.Counts)
        assert loaded.ngrams()[0].tolist() == ids.tolist()
        assert loaded.ngrams()[1].tolist() == times.tolist()
        if cells:
            loaded.model(smoothing="kneser-ney").sample(3, rng=1, max_length=9)
    else:
        with pytest.raises(ValueError, match=r"made.npz, .*(no word)"):
            load(counts_members() | members)


def without(*gone: str) -> Callable[[Members], Members]:
    return lambda members: {name: array for name, array in members.items() if name not in gone}


@pytest.mark.parametrize(
    ("name", "value", "problem"),
    [
        ("boundary", 97, "words: word 0: 'a' contains the boundary 'a'"),
        ("boundary", 0x110000, "boundary: 1114112 is no code point"),
        ("boundary", 2**40, "boundary: .* is no code point"),
        ("boundary", -1, "boundary: -1 is no code point"),
        ("boundary", 0xD800, "words: .*lone surrogate"),
        ("boundary", ".", "boundary: must be a whole number, got str"),
        ("words", np.frombuffer(b"a\xffab", np.uint8), "words: the last word has no end"),
        ("words", np.frombuffer(b"a\xff\x80\xff", np.uint8), "words: word 1: "),
        ("words", np.frombuffer(b"", np.uint8), "there are no words to fit"),
        ("words", np.array([97, 255]), "words: must be uint8, got int64"),
        ("chains", ["h1", "h1 x"], "chains: .*got .x"),
        ("chains", ["h1", "h1 h1"], "chains: .*twice"),
        ("chains", ["h1", "\ud800"], r"chains: '.ud800' is not expected"),
        ("chains", ["h1"], r"weights: must be of shape \(46\), got \(79\)"),
        ("chains", ["h1"] * 5, "chains: no model has 79 weights and these chains"),
        ("chains", np.array([], "U1"), r"weights: must be of shape \(17\), got \(79\)"),
        ("chains", ["h1", "h1 " * 50], "chains: no model has"),
        ("chains", "h1", "chains: must be of shape"),
        ("weights", np.full(79, np.nan, np.float32), "weight 0 is nan; a weight is a number"),
        ("weights", np.full(79, np.inf, np.float32), "weight 0 is inf"),
        ("weights", np.full(79, -2e6, np.float32), "weight 0 is -2000000"),
        ("weights", np.full(78, 1, np.float32), r"must be of shape \(79\), got \(78\)"),
        ("weights", np.full(79, 1.0), "weights: must be float32, got float64"),
        ("tried_losses", np.array([1.5]), r"tried_losses: must be of shape \(2\), got \(1\)"),
        ("tried_losses", np.array([1.5, np.nan]), "the loss 1 of chains that were tried is nan"),
        ("tried_chains", ["h1", "h0"], "tried_chains.*number in .h0."),
    ],
)
def test_mixtures_that_make_no_sense(name: str, value: object, problem: str) -> None:
    with pytest.raises(ValueError, match=problem) as caught:
        load(mixture_members() | {name: np.asarray(value)})
    assert str(caught.value).startswith("made.npz, ")


def test_weights_at_the_limit_are_used() -> None:
    for sign in product([-1e6, 1e6], repeat=3):
        weights = np.resize(np.array(sign, np.float32), 79)
        model = load(mixture_members() | {"weights": weights})
        assert isinstance(model, mf.MixtureModel)
        for prefix in ("", "a", "b", "ab"):
            assert model.next_probabilities(prefix).sum() == pytest.approx(1)
            scores = [model.symbol_scores([prefix + s])[0][len(prefix)] for s in "ab"]
            assert max(scores) <= 1e-5
        assert len(model.sample(5, rng=1, max_length=5)) == 5


@pytest.mark.parametrize("kind", KINDS)
def test_every_member_is_needed_and_no_other_is_taken(kind: str) -> None:
    members = KINDS[kind]()
    for name in members:
        if (kind, name) == ("mixture", "kind"):
            continue  # that makes it counts
        with pytest.raises(ValueError, match=rf"made.npz.*{name}.* is missing"):
            load(without(name)(members))
    with pytest.raises(ValueError, match="unexpected member 'more'"):
        load(members | {"more": np.array(1)})


arrays = nps.arrays(
    st.one_of(
        nps.integer_dtypes(),
        nps.unsigned_integer_dtypes(),
        nps.floating_dtypes(sizes=(16, 32, 64)),
        nps.boolean_dtypes(),
        nps.unicode_string_dtypes(max_len=4),
        nps.byte_string_dtypes(max_len=4),
        nps.complex_number_dtypes(),
        nps.datetime64_dtypes(),
    ),
    nps.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=5),
)


@pytest.mark.parametrize("kind", KINDS)
@in_the_folder
@given(data=st.data())
def test_any_array_in_the_place_of_any_other(kind: str, data: st.DataObject) -> None:
    members = KINDS[kind]()
    name = data.draw(st.sampled_from(sorted(members)))
    right = members[name]
    array = data.draw(
        st.one_of(arrays, nps.arrays(right.dtype, right.shape)), label=f"in place of {name}"
    )
    try:
        loaded = load(members | {name: array})
    except ValueError as error:
        assert str(error).startswith("made.npz")  # noqa: PT017
        return
    if isinstance(loaded, mf.MixtureModel):
        assert np.isfinite(loaded.score(["a", "ab", ""])).all()
        loaded.sample(2, rng=1, max_length=4)
    else:
        cells = dict(zip(map(tuple, loaded.ngrams()[0].tolist()), loaded.ngrams()[1], strict=True))
        assert some_words_have(cells, loaded.order)
    loaded.save("again.npz")
    again = mf.load("again.npz")
    assert repr(again) == repr(loaded)


# -- what is no file of ours, or damaged ---------------------------------------------------


def test_a_missing_truncated_or_corrupt_file() -> None:
    with pytest.raises(FileNotFoundError, match=r"counts\.npz"):
        mf.load("counts.npz")
    with pytest.raises(IsADirectoryError):
        mf.load(".")
    for saved in (mf.count(FIVE), mf.fit(FIVE, chains=["h1 h2"])):
        saved.save("counts.npz")
        file = Path("counts.npz")
        whole = file.read_bytes()
        for damaged in (b"", b"PK", b"not counts", *(whole[:i] for i in range(1, len(whole), 97))):
            file.write_bytes(damaged)
            with pytest.raises(OSError, match=r"counts\.npz: not a file of saved counts"):
                mf.load(file)
        for i in range(0, len(whole), 7):  # a flipped byte is noticed, or harmless
            file.write_bytes(whole[:i] + bytes([whole[i] ^ 0x55]) + whole[i + 1 :])
            try:
                again = mf.load(file)
            except (OSError, ValueError) as error:
                assert "counts.npz" in str(error)  # noqa: PT017
            else:
                assert repr(again) == repr(saved)


def test_objects_are_not_unpickled() -> None:
    array = np.array([object(), object()])
    for name in counts_members():
        with pytest.raises(ValueError, match=f"made.npz, {name}: must be an array as NumPy writes"):
            load(counts_members() | {name: array})


def npy(array: NDArray[np.generic]) -> bytes:
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


def write_zip(members: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile("made.npz", "w", compression) as file:
        for name, content in members.items():
            file.writestr(f"{name}.npy", content)
    return Path("made.npz")


def raw_members() -> dict[str, bytes]:
    return {name: npy(array) for name, array in counts_members().items()}


def test_ways_to_compress() -> None:
    expected = load(counts_members())
    for good in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        assert mf.load(write_zip(raw_members(), good)) == expected
    for bad in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        with pytest.raises(ValueError, match=r"made.npz, format: .*compressed in a way"):
            mf.load(write_zip(raw_members(), bad))


def patched(old: bytes, new: bytes, *, last: bool = False) -> Path:
    file = write_zip(raw_members())
    content = file.read_bytes()
    assert old in content
    at = content.rindex(old) if last else content.index(old)
    file.write_bytes(content[:at] + new + content[at + len(old) :])
    return file


def test_archives_that_lie() -> None:
    with pytest.raises(OSError, match="damaged"):  # another number, the old checksum
        mf.load(patched(struct.pack("<4q", 2, 1, 1, 1), struct.pack("<4q", 3, 1, 1, 1)))
    content = write_zip(raw_members()).read_bytes()
    for at in range(len(content) - 3):
        if content[at : at + 4] in (b"PK\x01\x02", b"PK\x03\x04"):
            flags = at + (8 if content[at + 2] == 1 else 6)
            content = content[:flags] + b"\x01" + content[flags + 1 :]
    Path("made.npz").write_bytes(content)
    with pytest.raises(ValueError, match="encrypted"):
        mf.load("made.npz")


def test_overlapping_members() -> None:
    content = write_zip(raw_members()).read_bytes()
    for at in range(len(content) - 3):
        if content[at : at + 4] == b"PK\x01\x02":  # all at the place of the first
            content = content[: at + 42] + bytes(4) + content[at + 46 :]
    Path("made.npz").write_bytes(content)
    with pytest.raises(OSError, match="overlaps another"):
        mf.load("made.npz")


def test_a_member_twice() -> None:
    file = write_zip(raw_members())
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(file, "a") as again,
    ):
        again.writestr("ids.npy", npy(u4([0, 0])))
    with pytest.raises(ValueError, match="a member occurs twice"):
        mf.load(file)


def header(descr: str, shape: str, order: str = "False") -> bytes:
    text = f"{{'descr': '{descr}', 'fortran_order': {order}, 'shape': {shape}, }}"
    text += " " * (117 - len(text)) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


@pytest.mark.parametrize(
    ("descr", "shape"),
    [
        ("<u4", "(1000000000000000, 2)"),
        ("<u4", "(1000000000000000, 0)"),
        ("<u4", "(0, 1000000000000000)"),
        ("<u4", "(2, 1000000000000000)"),
        ("<u4", "(4, 3)"),
        ("<u4", "(999999999999999999, 999999999999999999)"),
        ("<u400000000000000000", "(4, 2)"),
        ("<U4", "(4, 2)"),
        ("|O", "(4, 2)"),
        ("<u4", "(-1, 2)"),
        ("<u4", "(" * 30),
        ("<f4", "(4, 2)"),
    ],
)
def test_headers_that_lie(descr: str, shape: str) -> None:
    file = write_zip(raw_members() | {"ids": header(descr, shape) + bytes(32)})
    with pytest.raises(ValueError, match="made.npz, .*ids"):
        mf.load(file)


def test_sizes_that_nothing_unpacks_to() -> None:
    bomb = npy(np.zeros((1 << 24, 2), np.uint32))  # 128 MiB of zeros
    times = npy(np.ones(1 << 24, np.int64))
    file = write_zip(raw_members() | {"ids": bomb, "counts": times}, zipfile.ZIP_DEFLATED)
    assert file.stat().st_size < 1 << 20
    tracemalloc.start()
    with pytest.raises(ValueError, match="cell 1: cells must stand in the order of their ids"):
        mf.load(file)
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 1 << 24
    content = file.read_bytes()
    at = content.index(b"PK\x01\x02")
    size = struct.unpack("<I", content[at + 24 : at + 28])[0]
    file.write_bytes(content[: at + 24] + struct.pack("<I", size * 10**6) + content[at + 28 :])
    with pytest.raises(ValueError, match="made.npz, format: .* bytes do not unpack to"):
        mf.load(file)


def test_memory_that_cannot_be_had_stays_a_memory_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> bytes:
        raise MemoryError

    mf.count(FIVE).save("counts.npz")
    monkeypatch.setattr(zipfile.ZipExtFile, "read", refuse)
    with pytest.raises(MemoryError):
        mf.load("counts.npz")


# -- pickles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        ((".ba", u4([0, 1], [1, 0]), np.ones(2, int)), "order of their code points"),
        ((".a\ud800", u4([0, 1], [1, 0]), np.ones(2, int)), "lone surrogate"),
        (("", u4([0, 1], [1, 0]), np.ones(2, int)), "not even the boundary"),
        ((".a", np.array([[0.5, 1], [1, 0]]), np.ones(2, int)), "the ids must be .*uint32"),
        ((".a", u4([0, 1], [1, 0]), np.ones(2)), "the counts must be .*int64"),
        ((".a", u4([0, 1], [1, 0]), np.array([1, 2])), "no words have these counts"),
        ((".a", u4([0, 1], [1, 0]), np.ones(1, int)), "a count for each"),
        ((".a", u4(0, 1), np.ones(2, int)), "a 2-D array of ids"),
        ((".a", [[0, 1], [1, 0]], [1, 1]), "a 2-D array of ids"),
    ],
)
def test_pickled_counts_that_make_no_sense(arguments: tuple[object, ...], problem: str) -> None:
    with pytest.raises(ValueError, match=problem):
        ngram_counts.restored(mf.Counts, *arguments)  # type: ignore[arg-type]


def test_pickled_counts_of_other_machines() -> None:
    ids, times = u4([0, 1], [1, 0]), np.array([2, 2])
    for array in (ids.astype(">u4"), np.asfortranarray(ids)):
        assert ngram_counts.restored(mf.Counts, ".a", array, times.astype(">i8")) == mf.count(
            ["a", "a"]
        )


def test_pickled_models_that_make_no_sense() -> None:
    bigrams = (".a", u4([0, 1], [1, 0]), np.ones(2, int))
    trigrams = (".a", u4([0, 0, 1], [0, 1, 0]), np.ones(2, int))
    restored: Any = bigram_model.restored
    with pytest.raises(ValueError, match="counts of order 2, not 3"):
        restored(*trigrams, 1.0)
    with pytest.raises(TypeError, match="smoothing must be a number, got str"):
        restored(*bigrams, "kneser-ney")
    with pytest.raises(ValueError, match="a 2-D array of ids"):
        restored(None, None, None, 1.0)
    restored = ngram_model.restored
    with pytest.raises(ValueError, match="smoothing must be .*, got .katz."):
        restored(*trigrams, "katz", None, False)
    with pytest.raises(ValueError, match=r"1 to 3; got an array of shape \(2, 3\)"):
        restored(*trigrams, "kneser-ney", ((1, 1, 1), (1, 1, 1)), False)


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"boundary": "ab"}, "one symbol"),
        ({"packed": b"a"}, "has no end"),
        ({"packed": b"a.b\xff"}, "contains the boundary"),
        ({"chains": ("h0",)}, "number in"),
        ({"weights": np.full(46, np.nan, np.float32)}, "weight 0 is nan"),
        ({"weights": np.full(46, 1.0)}, "the weights must be .*float32"),
        ({"weights": np.full((46, 1), 1, np.float32)}, "the weights must be an array of 1 axis"),
        ({"tried": ((("h1",), float("nan")),)}, "the loss 0"),
        ({"tried": ((("x1",), 1.0),)}, "expected features"),
    ],
)
def test_pickled_mixtures_that_make_no_sense(change: dict[str, object], problem: str) -> None:
    right: dict[str, object] = {
        "boundary": ".",
        "packed": b"a\xffab\xff",
        "chains": ("h1",),
        "weights": np.full(46, 0.5, np.float32),
    }
    assert isinstance(mixture.restore(**right), mf.MixtureModel)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=problem):
        mixture.restore(**(right | change))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("data", "offsets", "problem"),
    [
        (b"ab", np.array([0.0, 2.0]), "the offsets must be .*int64"),
        (b"ab", np.array([0, 2], np.int32), "the offsets must be .*int64"),
        (b"ab", np.array([[0, 2]]), "of 1 axis"),
        (b"ab", np.array([], int), "must go up from 0"),
        (b"ab", np.array([0, 3]), "must go up from 0 to the end"),
        (b"ab", np.array([0, 2**62, 2]), "must go up from 0"),
        (b"ab", np.array([0, -1, 2]), "must go up from 0"),
        (b"a\xff", np.array([0, 1, 2]), "word 1: not valid UTF-8 at byte 0"),
        ("é".encode(), np.array([0, 1, 2]), "word 0: not valid UTF-8"),
    ],
)
def test_a_pickled_corpus_that_makes_no_sense(
    data: bytes, offsets: NDArray[np.int64], problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        corpus._restore(data, offsets)


STATE = np.arange(624, dtype=np.uint32)


@pytest.mark.parametrize(
    ("state", "used", "problem"),
    [
        (STATE, 625, "625 cannot have been used"),
        (STATE, -1, "-1 cannot have been used"),
        (STATE * 0, 624, "never all zero"),
        (STATE * 0 + (np.arange(624) == 0).astype(np.uint32), 624, "never all zero"),
        (STATE[:623], 624, "is 624 numbers, got 623"),
        (STATE.astype(np.int64) + 2**32, 624, "the state must be .*uint32"),
        (STATE * 0.5, 624, "the state must be .*uint32"),
        (STATE.reshape(2, 312), 624, "of 1 axis"),
    ],
)
def test_a_pickled_generator_that_makes_no_sense(
    state: NDArray[np.uint32], used: int, problem: str
) -> None:
    with pytest.raises(ValueError, match=problem):
        torch_rng._restore("2.0", state, used)
    assert torch_rng._restore("2.0", STATE, 0).version == "2.0"
