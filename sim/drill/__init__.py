"""Drills: real calls on a stack of its own, one part of which is broken on purpose; then the count of what was lost."""
