"""The figures of the menu benchmark, from Asterisk's events."""

from __future__ import annotations

import pytest

from sim.bench.flows import generated, step_us
from sim.bench.menu import KEYS, KeyTimes, menu_project
from telephony.ari.events import Channel, ChannelDtmfReceived, Playback, PlaybackStarted

pytestmark = pytest.mark.unit


def pressed(leg: str, second: str) -> ChannelDtmfReceived:
    return ChannelDtmfReceived(timestamp=f"2026-05-07T10:00:{second}+0900", channel=Channel(leg), digit="1")


def started(leg: str, second: str) -> PlaybackStarted:
    playback = Playback("p1", target_uri=f"channel:{leg}")
    return PlaybackStarted(timestamp=f"2026-05-07T10:00:{second}+0900", playback=playback)


def test_each_key_is_measured_to_the_next_audio_of_its_own_call() -> None:
    times = KeyTimes()
    times.started(started("anna", "00.000"))
    times.pressed(pressed("anna", "01.000"))
    times.pressed(pressed("ben", "01.002"))
    times.started(started("anna", "01.004"))
    times.started(started("anna", "01.900"))
    times.pressed(pressed("anna", "02.000"))
    times.started(started("anna", "02.010"))
    assert [round(ms) for ms in times.ms] == [4, 10]
    assert times.missing == 1


def test_every_key_of_a_caller_is_offered_by_the_menu() -> None:
    menu = menu_project().flow.nodes["menu"]
    assert set(KEYS) <= {path.partition(".")[2] for path in menu.exits() if path.startswith("keys.")}


def test_a_generated_project_has_so_many_nodes() -> None:
    assert generated(1000).count("type: menu") == 999
    assert step_us(menu_project()) > 0
