"""Press Ctrl-C at many moments of every long call, and print how late each was answered.

``python tests/stress/interrupts.py 200 count fit Counts.save``: 200 presses in each call of these
names; without names in every call. Objects and files must be whole after each.
"""

import argparse
import sys
from pathlib import Path
from statistics import median

from limits import seconds
from long_calls import CALLS
from pressing import presser

LIMIT = 0.2  # seconds, on a machine with nothing else to do


def chosen(names: list[str]) -> list[str]:
    """Return the calls whose names begin so, or all."""
    return [call for call in CALLS if not names or any(call.startswith(name) for name in names)]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("presses", type=int, nargs="?", default=20)
    parser.add_argument("names", nargs="*", metavar="name", help="count, Counts.save, ...")
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_intermixed_args()
    failures = 0
    print(
        f"{'call':<40}{'takes':>7}{'presses':>9}{'median':>8}{'worst':>7}{'by cpu':>8}  late broken"
    )
    with presser(Path(__file__).with_name("long_calls.py")) as process:
        for call in chosen(asked.names):
            try:
                takes, answers = process.press(call, asked.presses, asked.seed)
            except AssertionError as error:
                print(f"{call:<40} {error}", flush=True)
                failures += 1
                continue
            late = sum(answer.late > seconds(LIMIT) for answer in answers)
            broken = [answer.broken for answer in answers if answer.broken]
            walls = [answer.wall for answer in answers]
            cpu = max(answer.cpu for answer in answers)
            print(
                f"{call:<40}{takes:>7.2f}{len(answers):>9}{median(walls):>8.3f}"
                f"{max(walls):>7.3f}{cpu:>8.2f}{late:>6}{len(broken):>7}",
                flush=True,
            )
            for text in sorted(set(broken))[:3]:
                print(text, flush=True)
            failures += bool(late or broken)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
