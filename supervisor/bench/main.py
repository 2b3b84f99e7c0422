"""`make bench`: all benchmarks, those of the monitor among them."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.bench.main import bench
from supervisor.bench.failure import BenchError
from supervisor.bench.monitor import check_ready, monitor_rows
from supervisor.monitor.process import MonitorStartError

MONITOR = "monitor"


def bench_all(root: Path, only: str = "") -> int:
    """Measure all, or what begins with `only`; 0 if nothing failed that must not."""
    try:
        if MONITOR.startswith(only):
            check_ready()  # before anything runs for minutes
        return bench(root, only=only, more={MONITOR: monitor_rows})
    except (BenchError, MonitorStartError) as error:
        print(error, file=sys.stderr)
        return 1
