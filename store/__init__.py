"""What is kept: the journal of the engine and the records of the calls, in SQLite or PostgreSQL."""
