"""One module per step of the tables, oldest first."""
