"""The engine: events in, commands out, and nothing else."""
