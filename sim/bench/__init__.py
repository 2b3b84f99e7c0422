"""Benchmarks of the simulator, side by side with a rival."""
