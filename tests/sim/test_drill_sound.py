"""How a drill hears: voices in packets, silence from the times at which they came."""

from __future__ import annotations

import asyncio

import numpy as np
import pytest

from sim.drill.media import Media, Stream
from sim.drill.sound import PACKET, longest_gap, missing_s, voiced
from sim.live.tones import mu_law, tone

pytestmark = pytest.mark.unit

SILENT = b"\xff" * PACKET


def spoken(hz: int, count: int) -> list[bytes]:
    law = mu_law(tone(hz))
    return [law[at * PACKET : (at + 1) * PACKET] for at in range(count)]


def every_20_ms(count: int, start: float = 100.0) -> np.ndarray:
    return start + np.arange(count) * 0.02


def test_a_voice_is_told_from_silence_and_from_another_voice() -> None:
    packets = [*spoken(440, 2), SILENT, *spoken(1300, 1), b"", *spoken(440, 1)]
    assert voiced(packets, 440).tolist() == [True, True, False, False, False, True]


def test_packets_that_follow_each_other_leave_no_gap() -> None:
    assert longest_gap(every_20_ms(50), 100.0, 101.0) == pytest.approx(0.0, abs=0.001)


def test_a_gap_is_the_time_that_no_packet_fills() -> None:
    times = np.concatenate((every_20_ms(10), every_20_ms(10, 101.18)))
    assert longest_gap(times, 100.0, 101.38) == pytest.approx(0.98)


@pytest.mark.parametrize(("began", "ended", "gap"), [(98.0, 100.2, 1.98), (100.0, 105.0, 4.8)])
def test_a_voice_that_comes_late_or_ends_early_is_a_gap_too(began: float, ended: float, gap: float) -> None:
    assert longest_gap(every_20_ms(10), began, ended) == pytest.approx(gap)


def test_who_hears_nothing_at_all_has_one_gap() -> None:
    assert longest_gap(np.array([]), 100.0, 103.0) == pytest.approx(2.98)
    assert longest_gap(np.array([]), 103.0, 103.0) == 0.0


def test_what_is_missing_in_a_recording_is_counted_and_a_late_packet_is_not() -> None:
    whole = tone(440, 2.0).astype(np.float64)
    late = whole.copy()
    late[800:960] = 0
    broken = whole.copy()
    broken[4000:12000] = 0
    assert missing_s(whole, 440) == 0.0
    assert missing_s(late, 440) == 0.0
    assert missing_s(broken, 440) == pytest.approx(1.0)
    assert missing_s(whole, 1300) == pytest.approx(2.0)


def test_two_streams_hear_each_other() -> None:
    one, other = Stream(440), Stream(1300)
    one.speak_to(other.port)
    other.speak_to(one.port)
    for stream in (one, other, one, other, one):
        stream.tick(1)
    assert len(one.heard(1300)) == 2
    assert len(other.heard(440)) == 2
    other.close()  # takes in what had come until then
    assert len(other.heard(440)) == 3
    assert other.heard(440)[-1] == other.last_packet
    one.close()


def test_audio_of_somebody_else_is_not_heard() -> None:
    one, other, stranger = Stream(440), Stream(1300), Stream(1300)
    one.speak_to(other.port)
    stranger.speak_to(one.port)
    stranger.tick(3)
    one.tick(1)
    assert one.last_packet == 0.0
    for stream in (one, other, stranger):
        stream.close()


def test_a_stream_whose_other_end_is_gone_goes_on() -> None:
    one, other = Stream(440), Stream(1300)
    one.speak_to(other.port)
    other.close()
    one.tick(3)
    one.tick(3)
    assert one.last_packet == 0.0
    one.close()


async def test_media_speaks_by_itself_until_it_is_left() -> None:
    async with Media() as media:
        one, other = media.open(440), media.open(1300)
        one.speak_to(other.port)
        other.speak_to(one.port)
        async with asyncio.timeout(10):
            while len(other.heard(440)) < 5:  # noqa: ASYNC110 - packets tell nobody that they came
                await asyncio.sleep(0.01)
        media.close(other)
    assert len(other.heard(440)) >= 5
