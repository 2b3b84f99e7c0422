"""Who may log in to the monitor, and what each of them may do."""
