import io
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recordings.wav import HEADER_BYTES, wav_header, wav_seconds

pytestmark = pytest.mark.unit


@given(frames=st.integers(0, 500), channels=st.integers(1, 2), rate=st.sampled_from([8000, 16000, 48000]))
def test_another_reader_finds_exactly_what_the_header_says(frames: int, channels: int, rate: int) -> None:
    data = bytes(index % 251 for index in range(frames * channels * 2))
    header = wav_header(len(data), rate=rate, channels=channels)
    assert len(header) == HEADER_BYTES
    with wave.open(io.BytesIO(header + data)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (channels, 2, rate)
        assert file.getnframes() == frames
        assert file.readframes(frames + 1) == data
    assert wav_seconds(len(data), rate=rate, channels=channels) == frames / rate


def test_a_torn_frame_is_refused() -> None:
    with pytest.raises(ValueError, match="4-byte frames"):
        wav_header(6, channels=2)


def test_what_a_riff_file_cannot_hold_is_refused() -> None:
    assert wav_header(0xFFFFFFFF - 39, channels=2)
    with pytest.raises(ValueError, match="split the recording"):
        wav_header(0xFFFFFFFF - 35, channels=2)
