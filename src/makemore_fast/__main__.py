"""Starts the command line: as ``makemore-fast``, and as ``python -m makemore_fast``."""

import sys
from importlib import import_module


def start() -> None:
    """Run the command line; what ends it while it is imported is told as later, in one line."""
    try:
        import_module("makemore_fast.cli").main()
    except KeyboardInterrupt:
        sys.exit(130)
    except ImportError as error:
        if "MAKEMORE_FAST_ISA" not in str(error):
            raise  # the package is not installed as it should be
        sys.stderr.write(f"makemore-fast: error: {error}\n")
        sys.exit(2)


if __name__ == "__main__":
    start()
