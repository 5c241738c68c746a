"""Lets ``python -m makemore_fast`` run the command line."""

from makemore_fast.cli import main

main()
