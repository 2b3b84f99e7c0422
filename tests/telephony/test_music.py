from __future__ import annotations

import wave
from pathlib import Path

import pytest

from telephony.music import write_music

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
