"""The monitor, measured: what `make bench` shows of it."""
