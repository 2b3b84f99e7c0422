"""What is counted of a run."""
