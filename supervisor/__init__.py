"""The live monitor, the operator's desk and the administration."""
