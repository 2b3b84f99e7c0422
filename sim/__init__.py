"""The simulator: the very same engine on virtual time (and, in `sim.live`, real SIP load)."""
