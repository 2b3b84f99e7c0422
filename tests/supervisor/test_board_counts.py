"""The figures of the day on SQLite."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.supervisor.day_counts_behaviour import DayCountsBehaviour

pytestmark = pytest.mark.replay


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/calls.db"


class TestSqlite(DayCountsBehaviour):
    """On SQLite."""
