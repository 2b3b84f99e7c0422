"""Automatic call distribution: seats, the waiting line, and who gets which call. Pure."""
