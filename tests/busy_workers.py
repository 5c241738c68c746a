"""Which of Dask's workers counts right now, for tests that kill it."""

import time
from typing import Any


def busy_worker(client: Any) -> str:
    """Return the address of a worker that has been counting for a moment."""
    for _ in range(600):
        for address, tasks in client.processing().items():
            if any(task.startswith("count_task") for task in tasks):
                time.sleep(0.1)
                if set(tasks) & set(client.processing().get(address, ())):
                    return str(address)
        time.sleep(0.05)
    raise AssertionError("no worker counts")
