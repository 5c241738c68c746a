"""What wheels are tested by on every platform (same_everywhere.py), on this one."""

from pathlib import Path

from terminal import run_python


def test_this_machine_computes_what_every_machine_does() -> None:
    script = Path(__file__).with_name("same_everywhere.py")
    run_python(f"import runpy; runpy.run_path({str(script)!r}, run_name='__main__')")
