"""How many processors this process may use."""

import os
import time
from math import ceil
from pathlib import Path

from makemore_fast.options import positive

_SECONDS = 1.0  # that a container's quota is taken to stay the same

_quota: tuple[float, float | None] = (-_SECONDS, None)  # when it was read, and what it was


def thread_count(threads: int | None) -> int:
    """Return how many threads the core is to use of those asked for; None asks for all processors.

    Raises
    ------
    ValueError
        If it is below 1.
    """
    return positive("threads", threads) or usable_processors()


def usable_processors() -> int:
    """Count the processors that affinity and the quota of a container leave to this process."""
    global _quota
    count = getattr(os, "process_cpu_count", None)  # new in Python 3.13
    if count is not None:
        processors = count()
    elif hasattr(os, "sched_getaffinity"):
        processors = len(os.sched_getaffinity(0))
    else:
        processors = os.cpu_count()
    now = time.monotonic()
    if now - _quota[0] >= _SECONDS:
        _quota = (now, quota(Path("/proc/self/cgroup"), Path("/sys/fs/cgroup")))
    most = _quota[1]
    return max(1, min(processors or 1, ceil(most)) if most else processors or 1)


def quota(membership: Path, root: Path) -> float | None:
    """Return the processors that control groups allow, of version 2 or 1; None for no limit.

    Parameters
    ----------
    membership : Path
        Lists the groups of the process: /proc/self/cgroup.
    root : Path
        Where they are mounted: /sys/fs/cgroup. A container may see its own group as the root.
    """
    try:
        lines = membership.read_bytes().decode("utf-8", "replace").splitlines()
    except OSError:  # not Linux
        return None
    allowed = []
    for line in lines:
        _, controllers, group = [*line.split(":", 2), "", ""][:3]
        if controllers and "cpu" not in controllers.split(","):
            continue
        parts = [part for part in group.split("/") if part not in ("", "..")]
        tops = [root / controllers, root / "cpu"] if controllers else [root, root / "unified"]
        for top in tops:
            for depth in range(len(parts), -1, -1):
                if (share := _share(top.joinpath(*parts[:depth]))) is not None:
                    allowed.append(share)
    return min(allowed, default=None)


def _share(group: Path) -> float | None:
    """Return how many processors one group allows."""
    try:
        if (group / "cpu.max").exists():
            most, period = (group / "cpu.max").read_bytes().split()
        else:
            most = (group / "cpu.cfs_quota_us").read_bytes()
            period = (group / "cpu.cfs_period_us").read_bytes()
        share = int(most) / int(period)
    except (OSError, ValueError, ZeroDivisionError):  # no such group; "max"
        return None
    return share if share > 0 else None  # -1 stands for no limit
