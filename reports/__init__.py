"""Figures: every one of them is a pure function of the records of the calls."""
