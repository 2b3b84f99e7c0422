"""Keys as robots press them: as telephone-events, and as tones."""

from __future__ import annotations

import numpy as np
import pytest

from sim.live.behaviour import KeyWay, press
from sim.live.callers import Caller
from sim.live.keys import KEYS, key_events, key_file_name, key_tones
from sim.live.messages import SDP, SDP_WITHOUT_EVENTS, bye, invite, key_info
from sim.live.tones import DTMF_HZ, SAMPLE_RATE, mu_law, tone

pytestmark = pytest.mark.unit

_DECODED = {mu_law(np.array([value], dtype=np.int16))[0]: value for value in range(-32000, 32000, 8)}


@pytest.mark.parametrize(
    ("key", "tones"), [("1", (697, 1209)), ("0", (941, 1336)), ("#", (941, 1477)), ("D", (941, 1633))]
)
def test_a_key_is_two_tones_and_a_pause(key: str, tones: tuple[int, int]) -> None:
    samples = np.array([_DECODED[byte] for byte in key_tones(key)], dtype=float)
    spoken, pause = samples[:960], samples[960:]
    strength = {hz: abs(float(np.dot(spoken, tone(hz, 0.12)))) for hz in DTMF_HZ}
    assert tuple(sorted(sorted(strength, key=lambda hz: -strength[hz])[:2])) == tones
    assert len(pause) == 0.06 * SAMPLE_RATE
    assert np.abs(pause).max() <= 8


@pytest.mark.parametrize("key", ["", "12", "E", "x"])
def test_a_key_that_no_telephone_has_is_told(key: str) -> None:
    for made in (key_tones, key_events):
        with pytest.raises(ValueError, match="no such key"):
            made(key)


def test_the_files_of_all_keys_differ() -> None:
    names = {key_file_name(key, as_tones=as_tones) for key in KEYS for as_tones in (True, False)}
    assert len(names) == 2 * len(KEYS)


def test_who_presses_in_band_offers_no_telephone_events() -> None:
    ways = {way: Caller("1", None, None, press("1", 1, way=way)).dialling.offers_events for way in KeyWay}
    assert ways == {KeyWay.RFC4733: True, KeyWay.INFO: True, KeyWay.INBAND: False}
    assert "telephone-event" in invite(withheld=False, with_sdp=True)
    without = invite(withheld=False, with_sdp=True, with_events=False)
    assert "telephone-event" not in without
    assert "m=audio [media_port] RTP/AVP 0\n" in without
    assert len(SDP.splitlines()) == len(SDP_WITHOUT_EVENTS.splitlines()) + 2


def test_a_key_by_info_has_its_own_number_below_that_of_the_bye() -> None:
    info = key_info("#", number=3, withheld=False)
    assert "CSeq: 5 INFO" in info
    assert info.endswith("Signal=#\nDuration=160\n")
    assert "CSeq: 100 BYE" in bye(withheld=False)
