import struct
import wave
from pathlib import Path

import numpy as np
import pytest

from telephony.own_wav import OwnWavError, read_own_wav
from telephony.speech_audio import Samples

pytestmark = pytest.mark.unit

RATE = 16000


def tone(seconds: float = 1.0, loudness: float = 0.3, rate: int = RATE) -> Samples:
    return loudness * np.sin(2 * np.pi * 440 * np.arange(int(seconds * rate)) / rate)


def silence(seconds: float) -> Samples:
    return np.zeros(int(seconds * RATE))


def write(path: Path, *channels: Samples, rate: int = RATE, width: int = 2) -> Path:
    samples = np.rint(np.stack(channels, axis=1).ravel() * (2 ** (8 * width - 1) - 1)).astype("<i4")
    with wave.open(str(path), "wb") as file:
        file.setparams((len(channels), width, rate, 0, "NONE", ""))
        file.writeframes(samples.view(np.uint8).reshape(-1, 4)[:, :width].tobytes())
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(OwnWavError) as told:
        read_own_wav(path)
    return told.value.problems


@pytest.mark.parametrize("rate", [8000, 11025, 44100, 48000])
@pytest.mark.parametrize("width", [2, 3])
@pytest.mark.parametrize("channels", [1, 2])
def test_what_people_record_with_can_be_used(tmp_path: Path, rate: int, width: int, channels: int) -> None:
    given = tone(rate=rate)
    samples, found = read_own_wav(write(tmp_path / "own.wav", *[given] * channels, rate=rate, width=width))
    assert found == rate
    assert np.abs(samples - given).max() < 0.0001


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (tone(0.1), ["it lasts 0.1 s: 0.3 to 300 s are possible"]),
        (silence(1), ["there is nothing to hear in it: record it again"]),
        (tone(1, 0.001), ["there is nothing to hear in it: record it again"]),
        (
            tone(1, 0.005),
            ["it is too quiet (49 dB below full scale): record it again closer to the microphone"],
        ),
        (
            np.concatenate([silence(3), tone(), silence(2.5)]),
            [
                "it begins with 3.0 s of silence: cut it to 2 s at most",
                "it ends with 2.5 s of silence: cut it to 2 s at most",
            ],
        ),
        (
            np.clip(tone(1, 1.5), -1, 1),
            ["it is clipped (880 flattened peaks): record it again with a lower level"],
        ),
    ],
)
def test_what_is_wrong_is_told_with_what_to_do(tmp_path: Path, samples: Samples, told: list[str]) -> None:
    assert problems(write(tmp_path / "own.wav", samples)) == told


def test_a_pause_that_is_not_too_long_and_a_loud_moment_are_let_through(tmp_path: Path) -> None:
    loud = tone(1, 0.99)
    loud[100:103] = 1.0
    read_own_wav(write(tmp_path / "own.wav", np.concatenate([silence(1.9), loud, silence(1.9)])))


def test_the_shape_is_told_before_the_sound(tmp_path: Path) -> None:
    assert problems(write(tmp_path / "own.wav", *[tone(rate=4000)] * 3, rate=4000)) == [
        "it has 4000 samples per second: at least 8000 are needed",
        "it has 3 channels: save it with one",
    ]


def test_two_channels_that_cancel_each_other(tmp_path: Path) -> None:
    path = write(tmp_path / "own.wav", tone(), -tone())
    assert problems(path) == ["its two channels cancel each other out: save it with one"]


def test_eight_bits_are_too_few(tmp_path: Path) -> None:
    with wave.open(str(tmp_path / "own.wav"), "wb") as file:
        file.setparams((1, 1, 8000, 0, "NONE", ""))
        file.writeframes(bytes(8000))
    assert problems(tmp_path / "own.wav") == ["it has 8 bits per sample: save it as WAV, PCM, 16 bit"]


@pytest.mark.parametrize("data", [b"", b"RIFF", b"ID3\x04 this is an MP3", b"RIFF\x04\x00\x00\x00WAVE"])
def test_what_is_no_wav_is_told(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "own.wav").write_bytes(data)
    [told] = problems(tmp_path / "own.wav")
    assert told.startswith("it is no WAV file of plain PCM (")
    assert told.endswith("): save it as WAV, PCM, 16 bit")


def test_mu_law_is_told(tmp_path: Path) -> None:
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 44, b"WAVE", b"fmt ", 16, 7, 1, 8000, 8000, 1, 8, b"data", 8
    )
    (tmp_path / "own.wav").write_bytes(head + bytes(8))
    assert "save it as WAV, PCM, 16 bit" in problems(tmp_path / "own.wav")[0]


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    assert problems(tmp_path / "own.wav") == ["it cannot be read: No such file or directory"]


def test_a_torn_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    path = write(tmp_path / "own.wav", tone(), tone())
    path.write_bytes(path.read_bytes()[:-30001])
    samples, _ = read_own_wav(path)
    assert 0.4 * RATE < len(samples) < 0.6 * RATE
