"""Thin AGI scripts that Asterisk runs when the engine is away."""
