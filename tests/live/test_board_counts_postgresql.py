"""The figures of the day on a real PostgreSQL in a cluster of its own."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.live.postgresql import Cluster
from tests.supervisor.day_counts_behaviour import DayCountsBehaviour

pytestmark = pytest.mark.live


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """A running PostgreSQL that nobody else knows."""
    with Cluster() as cluster:
        yield cluster


@pytest.fixture
def url(cluster: Cluster) -> str:
    """The URL of an empty database."""
    return cluster.create_database(f"t{uuid4().hex}")


class TestPostgresql(DayCountsBehaviour):
    """On PostgreSQL."""
