"""The figures of the day on a real PostgreSQL in a cluster of its own."""

from __future__ import annotations

import pytest

from tests.supervisor.day_counts_behaviour import DayCountsBehaviour

pytestmark = pytest.mark.live


class TestPostgresql(DayCountsBehaviour):
    """On PostgreSQL."""
