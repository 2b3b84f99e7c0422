"""The live monitor: a process of its own between the engine and the browsers of supervisors."""
