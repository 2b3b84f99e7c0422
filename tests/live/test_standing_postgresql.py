"""Where a promise stands, from a real PostgreSQL in a cluster of its own."""

from __future__ import annotations

import pytest

from tests.supervisor.standing_behaviour import StandingBehaviour

pytestmark = pytest.mark.live


class TestPostgresql(StandingBehaviour):
    """On PostgreSQL."""
