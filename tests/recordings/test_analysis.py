from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
import pytest

from recordings.analysis import NotARecording, Samples, dominant_tone, read_stereo, tone_share, two_way_audio
from sim.live.tones import CALLER_TONES_HZ, OPERATOR_TONES_HZ

pytestmark = pytest.mark.unit

RATE = 8000
CALLER_HZ = 440
OPERATOR_HZ = 1020
NOISE_RMS = 40.0


def sine(hz: float, seconds: float, amplitude: float = 8000.0) -> Samples:
    wave_form: Samples = amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE)
    return wave_form


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE))


def mu_law_noise(samples: Samples) -> Samples:
    """Rounds to 8 bits on a logarithmic scale, as mu-law does, and adds the hiss of a quiet line."""
    scaled = np.sign(samples) * np.log1p(255 * np.abs(samples) / 32768) / np.log(256)
    rounded = np.rint(scaled * 127) / 127
    hiss = np.random.default_rng(1).normal(0, NOISE_RMS, len(samples))
    noisy: Samples = np.sign(rounded) * ((256 ** np.abs(rounded)) - 1) / 255 * 32768 + hiss
    return noisy


def write(path: Path, left: Samples, right: Samples) -> Path:
    length = max(len(left), len(right))
    pairs = np.zeros((length, 2))
    pairs[: len(left), 0], pairs[: len(right), 1] = left, right
    with wave.open(str(path), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(np.rint(pairs).astype("<i2").tobytes())
    return path


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "call.wav"


@pytest.mark.parametrize("seconds", [0.5, 1.0, 8.0])
def test_both_tones_on_their_sides_are_two_way_audio(path: Path, seconds: float) -> None:
    write(path, mu_law_noise(sine(CALLER_HZ, seconds)), mu_law_noise(sine(OPERATOR_HZ, seconds)))
    verdict = two_way_audio(path, CALLER_HZ, OPERATOR_HZ)
    assert verdict.two_way
    assert verdict.left.dominant_hz == pytest.approx(CALLER_HZ, abs=2)
    assert verdict.right.dominant_hz == pytest.approx(OPERATOR_HZ, abs=2)


def test_silence_before_and_after_does_not_count(path: Path) -> None:
    around = (silence(3), sine(CALLER_HZ, 0.5), silence(2))
    write(path, np.concatenate(around), np.concatenate((silence(3.2), sine(OPERATOR_HZ, 0.5))))
    assert two_way_audio(path, CALLER_HZ, OPERATOR_HZ).two_way


def test_swapped_sides_are_not_two_way_audio(path: Path) -> None:
    write(path, sine(OPERATOR_HZ, 1), sine(CALLER_HZ, 1))
    assert not two_way_audio(path, CALLER_HZ, OPERATOR_HZ).two_way


@pytest.mark.parametrize("silent", ["left", "right"])
def test_one_side_silent_is_not_two_way_audio(path: Path, silent: str) -> None:
    left = silence(1) if silent == "left" else sine(CALLER_HZ, 1)
    right = silence(1) if silent == "right" else sine(OPERATOR_HZ, 1)
    verdict = two_way_audio(write(path, left, right), CALLER_HZ, OPERATOR_HZ)
    assert not verdict.two_way
    assert verdict.left.holds_only_its_own is (silent == "right")


@pytest.mark.parametrize("hz", [CALLER_HZ, OPERATOR_HZ])
def test_the_same_tone_on_both_sides_is_not_two_way_audio(path: Path, hz: int) -> None:
    write(path, sine(hz, 1), sine(hz, 1))
    assert not two_way_audio(path, CALLER_HZ, OPERATOR_HZ).two_way


def test_an_echo_of_the_caller_on_the_operators_side_is_found(path: Path) -> None:
    write(path, sine(CALLER_HZ, 1), sine(OPERATOR_HZ, 1) + sine(CALLER_HZ, 1, amplitude=2000))
    verdict = two_way_audio(path, CALLER_HZ, OPERATOR_HZ)
    assert not verdict.two_way
    assert verdict.left.holds_only_its_own


def test_less_than_a_quarter_of_a_second_is_too_short(path: Path) -> None:
    write(path, sine(CALLER_HZ, 0.2), sine(OPERATOR_HZ, 1))
    assert not two_way_audio(path, CALLER_HZ, OPERATOR_HZ).two_way


def test_the_tone_of_the_next_caller_is_another_one(path: Path) -> None:
    write(path, mu_law_noise(sine(CALLER_HZ + 10, 1)), mu_law_noise(sine(OPERATOR_HZ, 1)))
    assert not two_way_audio(path, CALLER_HZ, OPERATOR_HZ).two_way


@pytest.mark.parametrize("hz", [*CALLER_TONES_HZ, *OPERATOR_TONES_HZ])
def test_every_robots_tone_is_told_from_its_neighbours_within_a_second(hz: int) -> None:
    found, share = dominant_tone(mu_law_noise(sine(hz, 1)), RATE)
    assert found == pytest.approx(hz, abs=1)
    assert share > 0.9
    assert tone_share(mu_law_noise(sine(hz, 1)), RATE, hz + 10) < 0.5


def test_silence_has_no_dominant_tone() -> None:
    assert dominant_tone(silence(1), RATE) == (0.0, 0.0)
    assert dominant_tone(silence(0), RATE) == (0.0, 0.0)


def test_a_constant_offset_is_no_tone() -> None:
    found, _ = dominant_tone(sine(CALLER_HZ, 1) + 5000, RATE)
    assert found == pytest.approx(CALLER_HZ, abs=1)


def test_an_empty_recording_is_not_two_way_audio(path: Path) -> None:
    assert not two_way_audio(write(path, silence(0), silence(0)), CALLER_HZ, OPERATOR_HZ).two_way


def test_a_file_that_is_no_wav_is_named(path: Path) -> None:
    path.write_bytes(b"no audio here")
    with pytest.raises(NotARecording, match=r"call\.wav is no WAV file"):
        read_stereo(path)


def test_a_mono_file_is_named_with_what_to_do(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(320))
    with pytest.raises(NotARecording, match=r"not stereo .* option D"):
        read_stereo(path)
