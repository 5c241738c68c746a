"""What the system refuses: memory is a MemoryError, and fewer threads do the same work."""

import sys

import pytest

from limits import not_for_sanitizers
from terminal import run_python

MEMORY = """
import resource
import makemore_fast as mf
model = mf.count(["emma", "olivia", "ava"]).model(smoothing=1)
longer = mf.count(mf.names(), order=4).model(smoothing="kneser-ney")
model.sample(10), longer.sample(10)
with open("/proc/self/statm") as file:
    used = int(file.read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + {room}, resource.RLIM_INFINITY))
{body}
print("done")
"""

CRAVING = """
for each in (model, longer):
    for form in (each.sample, each.sample_ids, each.sample_corpus):
        for threads in (1, 4):
            for words in (300_000_000, 2**40, 2**48 - 1):
                try:
                    form(words, rng=1, threads=threads)
                except MemoryError:
                    continue
                raise AssertionError(form)
"""

# Somewhere on the way memory ends in the core, in the list, or in one of its words.
LISTS = """
refused = 0
for words in range(1_000_000, 20_000_000, 500_000):
    try:
        model.sample(words, rng=1)
    except MemoryError:
        refused += 1
assert refused > 20, refused
"""

FEW_THREADS = """
assert model.sample(20_000, rng=1, threads=64) == model.sample(20_000, rng=1, threads=1)
"""


@not_for_sanitizers
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="reads /proc")
@pytest.mark.parametrize(
    ("body", "room"),
    [(CRAVING, 200 << 20), (LISTS, 200 << 20), (FEW_THREADS, 40 << 20)],
    ids=["memory", "lists", "threads"],
)
def test_what_the_system_refuses(body: str, room: int) -> None:
    program = MEMORY.replace("{body}", body).replace("{room}", str(room))
    assert run_python(program).stdout == "done\n"
