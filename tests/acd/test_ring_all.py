from __future__ import annotations

import pytest

from acd.policies import at_once
from acd.policies.ring_all import EVERYBODY, RingAll
from calls.queue_settings import QueueSettings
from tests.acd.seats import freed, in_turn, seats

pytestmark = pytest.mark.unit


def test_everybody_is_picked_the_longest_idle_first() -> None:
    s1, s2, s3 = seats("s1", "s2", "s3")
    free = RingAll()
    freed(free, s3, s1, s2)
    assert in_turn(free) == ["s3", "s1", "s2"]


@pytest.mark.parametrize(
    ("settings", "telephones"),
    [
        (QueueSettings(), 1),
        (QueueSettings(policy="fewest_calls", ring=3), 3),
        (QueueSettings(policy="ring_all"), EVERYBODY),
        (QueueSettings(policy="ring_all", ring=3), EVERYBODY),
    ],
)
def test_how_many_telephones_ring_at_once(settings: QueueSettings, telephones: int) -> None:
    assert at_once(settings) == telephones
