"""DTMF keys as RTP telephone-events (RFC 4733) or as tones, in files that SIPp streams like audio.

SIPp's own `play_dtmf` needs a raw socket, hence root, and sends a second RTP source beside the tone.
A file streamed with payload type 98 stays in the caller's own RTP session and needs no privilege: SIPp
cuts such a file into packets of 50 bytes, one each 30 ms. The event is the first 4 bytes of each; the rest
is padding that receivers do not read. SIPp advances the RTP timestamp in each packet (RFC 4733 would hold
it), which is why only the last packet carries the end bit: one end, one key.
"""

from pathlib import Path

import numpy as np

from sim.live.tones import DTMF_HZ, mu_law, tone

KEYS = "0123456789*#ABCD"
PAYLOAD_TYPE = 98
PACKET_BYTES = 50
PACKET_MS = 30
TICKS_PER_MS = 8
_PACKETS = 6
_VOLUME = 10
_END = 0x80

KEY_MS = _PACKETS * PACKET_MS

_TONE_S = 0.12
_PAUSE_S = 0.06  # a receiver knows the end of a tone by what follows, and a silent caller sends nothing else
_ROWS = ("123A", "456B", "789C", "*0#D")


def _event_packet(event: int, number: int) -> bytes:
    end = _END if number == _PACKETS else 0
    duration = number * PACKET_MS * TICKS_PER_MS
    payload = bytes([event, end | _VOLUME]) + duration.to_bytes(2, "big")
    return payload.ljust(PACKET_BYTES, b"\0")


def key_events(key: str) -> bytes:
    """The packets of one key press, 180 ms. Raises ValueError when there is no such key."""
    if len(key) != 1 or key not in KEYS:
        raise ValueError("no such key on a telephone: use one of 0-9 * # A-D")
    event = KEYS.index(key)
    return b"".join(_event_packet(event, number) for number in range(1, _PACKETS + 1))


def key_tones(key: str) -> bytes:
    """The two tones of a key as mu-law, 120 ms and a pause. Raises ValueError when there is no such key."""
    if len(key) != 1 or key not in KEYS:
        raise ValueError("no such key on a telephone: use one of 0-9 * # A-D")
    [(row, column)] = [(r, line.index(key)) for r, line in enumerate(_ROWS) if key in line]
    both = tone(DTMF_HZ[row], _TONE_S) + tone(DTMF_HZ[4 + column], _TONE_S)
    return mu_law(np.concatenate([both, np.zeros(round(_PAUSE_S * 8000), dtype=np.int16)]))


def key_file_name(key: str, *, as_tones: bool = False) -> str:
    return f"key-{KEYS.index(key)}.{'ul' if as_tones else 'events'}"


def write_key(directory: Path, key: str, *, as_tones: bool = False) -> Path:
    """Writes the key press into the directory and returns its path."""
    press = key_tones(key) if as_tones else key_events(key)
    path = directory / key_file_name(key, as_tones=as_tones)
    path.write_bytes(press)
    return path
