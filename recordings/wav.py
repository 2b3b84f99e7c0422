"""The RIFF/WAVE header of plain 16-bit PCM, for files whose length is known before the first byte."""

import struct

HEADER_BYTES = 44
SAMPLE_BYTES = 2
_LARGEST_DATA = 0xFFFFFFFF - (HEADER_BYTES - 8)


def wav_header(data_bytes: int, *, rate: int = 8000, channels: int = 1) -> bytes:
    """The 44 bytes that go before `data_bytes` bytes of little-endian 16-bit samples.

    `rate` is in samples per second and channel; `data_bytes` must be whole frames (2 * channels bytes)
    and fit into the 32-bit sizes of a RIFF file (37 hours of 8 kHz stereo); ValueError otherwise.
    """
    frame = SAMPLE_BYTES * channels
    if data_bytes % frame:
        raise ValueError(
            f"{data_bytes} bytes are no whole number of {frame}-byte frames: cut the torn one off"
        )
    if data_bytes > _LARGEST_DATA:
        raise ValueError(f"{data_bytes} bytes do not fit into one WAV file: split the recording")
    return struct.pack(
        "<4sI4s4sIHHIIHH4sI",
        *(b"RIFF", data_bytes + HEADER_BYTES - 8, b"WAVE"),
        *(b"fmt ", 16, 1, channels, rate, rate * frame, frame, 8 * SAMPLE_BYTES),
        *(b"data", data_bytes),
    )


def wav_seconds(data_bytes: int, *, rate: int = 8000, channels: int = 1) -> float:
    """How long `data_bytes` bytes of 16-bit samples play, in seconds."""
    return data_bytes / (SAMPLE_BYTES * channels * rate)
