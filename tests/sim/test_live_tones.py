from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.live.keys import PACKET_BYTES, key_events
from sim.live.tones import (
    CALLER_TONES_HZ,
    DTMF_HZ,
    OPERATOR_TONES_HZ,
    SAMPLE_RATE,
    caller_tone_hz,
    mu_law,
    operator_tone_hz,
    tone,
    write_tone,
)

pytestmark = pytest.mark.unit


def linear(encoded: bytes) -> np.ndarray:
    """G.711 mu-law to 16-bit samples, written from the standard's table rather than from our encoder."""
    code = ~np.frombuffer(encoded, dtype=np.uint8).astype(np.int32) & 0xFF
    magnitude = ((((code & 0x0F) << 3) + 0x84) << ((code >> 4) & 7)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude)


def test_mu_law_of_known_samples() -> None:
    samples = np.array([0, -1, 32767, -32768, 1000, -1000], dtype=np.int16)
    assert mu_law(samples).hex(" ") == "ff 7f 80 00 ce 4e"


def test_mu_law_is_within_a_sixteenth_of_the_sample() -> None:
    samples = np.arange(-32000, 32000, 7, dtype=np.int16)
    error = np.abs(linear(mu_law(samples)) - samples)
    assert np.all(error <= np.maximum(8, np.abs(samples.astype(np.int32)) // 16))


def test_there_are_tones_for_sixty_callers_and_thirty_five_seats() -> None:
    assert len(set(map(caller_tone_hz, range(60)))) == 60
    assert len(set(map(operator_tone_hz, range(35)))) == 35


def test_callers_and_operators_never_share_a_tone() -> None:
    assert max(CALLER_TONES_HZ) < min(OPERATOR_TONES_HZ)


@pytest.mark.parametrize("hz", [*CALLER_TONES_HZ, *OPERATOR_TONES_HZ])
def test_no_robot_speaks_a_dtmf_frequency(hz: int) -> None:
    assert min(abs(hz - key_hz) for key_hz in DTMF_HZ) > 8


def test_a_looped_tone_joins_its_start_without_a_click() -> None:
    looped = np.tile(tone(440), 2).astype(np.int32)
    steps = np.abs(np.diff(looped))
    assert steps[SAMPLE_RATE - 1] <= steps[: SAMPLE_RATE - 1].max()


def test_a_tone_file_is_one_second_of_bytes(tmp_path: Path) -> None:
    path = write_tone(tmp_path, 440)
    assert path.name == "tone-440.ul"
    assert len(path.read_bytes()) == SAMPLE_RATE


@pytest.mark.parametrize("hz", [0, -5, 4000])
def test_a_tone_outside_of_the_telephone_band_is_refused(hz: int) -> None:
    with pytest.raises(ValueError, match="choose one between"):
        tone(hz)


@pytest.mark.parametrize(("key", "event"), [("0", 0), ("9", 9), ("*", 10), ("#", 11), ("D", 15)])
def test_a_key_is_one_event_that_ends_once(key: str, event: int) -> None:
    events = key_events(key)
    packets = [events[at : at + PACKET_BYTES] for at in range(0, len(events), PACKET_BYTES)]
    assert {packet[0] for packet in packets} == {event}
    assert [bool(packet[1] & 0x80) for packet in packets] == [False] * (len(packets) - 1) + [True]


def test_durations_of_a_key_grow_to_180_ms() -> None:
    events = key_events("5")
    durations = [int.from_bytes(events[at + 2 : at + 4], "big") for at in range(0, len(events), PACKET_BYTES)]
    assert durations == sorted(durations)
    assert durations[-1] == 180 * 8


@pytest.mark.parametrize("key", ["", "12", "x", "あ"])
def test_a_key_that_no_telephone_has_is_refused_without_naming_it(key: str) -> None:
    with pytest.raises(ValueError, match="use one of 0-9") as error:
        key_events(key)
    assert repr(key) not in str(error.value)
