"""A private PostgreSQL for tests: the one that drills break."""

from __future__ import annotations

from sim.drill.postgresql import Cluster

__all__ = ["Cluster"]
