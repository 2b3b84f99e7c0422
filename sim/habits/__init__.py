"""What people do only where a scenario says so: each a small class around the acts of the edge."""
