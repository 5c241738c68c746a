"""How a process ends that is still counting or drawing, and where the package does not start."""

import importlib.util
import sys

import pytest

from terminal import run_python

THREADS = """
import itertools
import threading
import time
import makemore_fast as mf
words = mf.names()
bigrams = mf.count(words).model()
longer = mf.count(words, order=4).model(smoothing="kneser-ney")
work = {{
    "bigrams": lambda: (bigrams.sample(20_000, threads=2), bigrams.score(words)),
    "longer": lambda: (longer.sample(2_000), mf.count(words * 20)),
    "fit": lambda: mf.fit(words[:300], effort="fast", threads=2),
}}["{work}"]
work()
rounds = []

def repeat():
    for i in itertools.count():
        work()
        rounds.append(i)

for _ in range(4):
    threading.Thread(target=repeat, daemon=True).start()
while len(rounds) < 8:
    time.sleep(0.001)
"""


@pytest.mark.parametrize("work", ["bigrams", "longer", "fit"])
def test_threads_that_compute_end_with_the_process(work: str) -> None:
    for _ in range(5):
        run_python(THREADS.format(work=work))


def test_a_model_can_be_used_while_python_ends() -> None:
    program = """
        import makemore_fast as mf

        class Last:
            def __init__(self):
                self.model = mf.count(mf.names()).model()

            def __del__(self):
                print(self.model.sample(1, rng=1) == ["pemiczat"])

        last = Last()
    """
    assert run_python(program).stdout == "True\n"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="there Python says what is not supported")
@pytest.mark.skipif(
    importlib.util.find_spec("_xxsubinterpreters") is None, reason="there are no sub-interpreters"
)
def test_a_sub_interpreter_is_told_that_the_package_is_not_for_it() -> None:
    program = """
        import _xxsubinterpreters
        import makemore_fast as mf
        other = _xxsubinterpreters.create()
        try:
            _xxsubinterpreters.run_string(other, "import makemore_fast")
        except _xxsubinterpreters.RunFailedError as error:
            assert "works in the main interpreter alone" in str(error), error
        else:
            raise AssertionError
        print(mf.count(["emma"]).words)
    """
    assert run_python(program).stdout == "1\n"
