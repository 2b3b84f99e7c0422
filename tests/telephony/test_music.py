from __future__ import annotations

import wave
from pathlib import Path

import pytest

from telephony.music import write_beep, write_music

pytestmark = pytest.mark.unit


def test_the_waiting_music_is_audio_that_asterisk_plays(tmp_path: Path) -> None:
    write_music(tmp_path)
    [path] = tmp_path.iterdir()
    with wave.open(str(path)) as music:
        assert (music.getnchannels(), music.getsampwidth(), music.getframerate()) == (1, 2, 8000)
        assert 30 < music.getnframes() / 8000 < 60
        samples = memoryview(music.readframes(music.getnframes())).cast("h")
    assert 3000 < max(samples) < 10000


def test_music_of_ones_own_is_kept(tmp_path: Path) -> None:
    (tmp_path / "city.wav").write_bytes(b"own")
    write_music(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["city.wav"]


def test_the_beep_is_short_and_stays_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "beep.wav"
    write_beep(file)
    with wave.open(str(file)) as beep:
        assert (beep.getnchannels(), beep.getsampwidth(), beep.getframerate()) == (1, 2, 8000)
        assert 0.2 < beep.getnframes() / 8000 < 0.5
        assert 3000 < max(memoryview(beep.readframes(beep.getnframes())).cast("h")) < 16000
    file.write_bytes(b"of one's own")
    write_beep(file)
    assert file.read_bytes() == b"of one's own"
