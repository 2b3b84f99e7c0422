"""What stops a benchmark or a test of the monitor before it has measured anything."""

from __future__ import annotations


class BenchError(RuntimeError):
    """Something that it needs is not there. The text says what to do."""
