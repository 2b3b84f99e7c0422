import numpy as np
import pytest

from recordings.wav import HEADER_BYTES
from telephony.speech_audio import Samples, active_level, decimate, resampled, telephone_wav

pytestmark = pytest.mark.unit


def tone(frequency: float, rate: int = 48000, seconds: float = 1.0) -> Samples:
    return np.sin(2 * np.pi * frequency * np.arange(int(rate * seconds)) / rate)


def decibels(samples: Samples) -> float:
    middle = samples[len(samples) // 4 : -len(samples) // 4]
    return float(20 * np.log10(np.sqrt(2 * (middle**2).mean())))


def decoded(wav: bytes) -> Samples:
    return np.frombuffer(wav[HEADER_BYTES:], "<i2") / 32768


@pytest.mark.parametrize("frequency", [300, 1000, 2400, 3400])
def test_the_telephone_band_passes_unchanged(frequency: int) -> None:
    assert abs(decibels(decimate(tone(frequency), 6))) < 0.1


@pytest.mark.parametrize("frequency", [4100, 5000, 7000, 12000, 20000])
def test_what_would_alias_is_gone(frequency: int) -> None:
    assert decibels(decimate(tone(frequency), 6)) < -60


def test_16_khz_keeps_the_wide_band() -> None:
    assert abs(decibels(decimate(tone(6800), 3))) < 0.1
    assert decibels(decimate(tone(8300), 3)) < -60


@pytest.mark.parametrize("loudness", [0.001, 1.0, 40000.0])
def test_quiet_and_loud_texts_come_out_equally_loud_pauses_not_counted(loudness: float) -> None:
    speech = np.concatenate([tone(500), np.zeros(48000), tone(700)]) * loudness
    level = 20 * np.log10(active_level(decoded(telephone_wav(speech, 48000, 8000, -22.0)), 8000))
    assert level == pytest.approx(-22.0, abs=0.3)


def test_a_sharp_peak_makes_it_quieter_rather_than_clipped() -> None:
    speech = tone(500) * 0.01
    speech[24000:24060] += 1.0
    assert np.abs(decoded(telephone_wav(speech, 48000, 8000, -10.0))).max() == pytest.approx(0.89, abs=0.01)


def test_the_ends_are_silent() -> None:
    samples = decoded(telephone_wav(tone(500) + 0.5, 48000, 8000, -22.0))
    assert samples[0] == samples[-1] == 0.0


@pytest.mark.parametrize("rate", [8000, 11025, 22050, 24000, 44100, 48000])
@pytest.mark.parametrize("target", [8000, 16000])
def test_any_rate_becomes_any_other_sample_by_sample(rate: int, target: int) -> None:
    there = resampled(tone(1000, rate), rate, target)
    wanted = tone(1000, target)
    middle = slice(target // 4, -target // 4)
    assert len(there) == target
    assert np.abs(there[middle] - wanted[middle]).max() < 0.001


def test_what_would_alias_is_gone_at_odd_rates_too() -> None:
    assert decibels(resampled(tone(4300, 22050), 22050, 8000)) < -60
    assert decibels(resampled(tone(5400, 44100), 44100, 8000)) < -60


def test_silence_is_told() -> None:
    for nothing in (np.zeros(0), np.zeros(48000), np.ones(100)):
        with pytest.raises(ValueError, match="no sound"):
            telephone_wav(nothing, 48000, 8000, -22.0)
