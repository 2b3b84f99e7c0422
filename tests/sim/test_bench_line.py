"""How long a seat is free before it rings again, read from Asterisk's own account."""

from __future__ import annotations

import pytest

from sim.bench.channel_events import free_to_ring_ms

pytestmark = pytest.mark.unit


def line(kind: str, time: float, channel: str) -> str:
    return f'{kind},{time:.6f},{channel},1.1,1.1,""\n'


def test_from_the_end_of_a_seats_leg_to_the_next_one_at_the_same_seat() -> None:
    rows = [
        line("CHAN_START", 10.0, "PJSIP/seat01-00000001"),
        line("CHAN_START", 10.0, "PJSIP/seat02-00000003"),
        line("CHAN_START", 10.1, "PJSIP/trunk-00000002"),
        line("HANGUP", 12.0, "PJSIP/seat01-00000001"),
        line("HANGUP", 12.001, "PJSIP/seat02-00000003"),
        line("CHAN_END", 12.002, "PJSIP/seat01-00000001"),
        line("CHAN_START", 12.004, "PJSIP/seat01-00000004"),
        line("CHAN_START", 12.011, "PJSIP/seat02-00000005"),
        line("HANGUP", 13.0, "PJSIP/trunk-00000002"),
        line("HANGUP", 14.0, "PJSIP/seat01-00000004"),
    ]
    assert [round(ms, 3) for ms in free_to_ring_ms(rows)] == [4.0, 10.0]


def test_a_seat_that_rings_before_its_end_is_noted_took_no_time() -> None:
    rows = [
        line("CHAN_START", 10.0, "PJSIP/seat01-00000001"),
        line("CHAN_START", 12.0, "PJSIP/seat01-00000002"),
        line("HANGUP", 12.001, "PJSIP/seat01-00000001"),
        line("HANGUP", 14.0, "PJSIP/seat01-00000002"),
        line("CHAN_START", 14.005, "PJSIP/seat01-00000003"),
    ]
    assert [round(ms, 3) for ms in free_to_ring_ms(rows)] == [0.0, 5.0]
