"""Learning from real days: a scenario made of journals, and a recorded day through another flow or other seats."""
