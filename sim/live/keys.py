"""DTMF keys as RTP telephone-events (RFC 4733), in files that SIPp streams like audio.

SIPp's own `play_dtmf` needs a raw socket, hence root, and sends a second RTP source beside the tone.
A file streamed with payload type 98 stays in the caller's own RTP session and needs no privilege: SIPp
cuts such a file into packets of 50 bytes, one each 30 ms. The event is the first 4 bytes of each; the rest
is padding that receivers do not read. SIPp advances the RTP timestamp in each packet (RFC 4733 would hold
it), which is why only the last packet carries the end bit: one end, one key.
"""

from pathlib import Path

KEYS = "0123456789*#ABCD"
PAYLOAD_TYPE = 98
PACKET_BYTES = 50
PACKET_MS = 30
TICKS_PER_MS = 8
_PACKETS = 6
_VOLUME = 10
_END = 0x80

KEY_MS = _PACKETS * PACKET_MS


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


def key_file_name(key: str) -> str:
    return f"key-{KEYS.index(key)}.events"


def write_key(directory: Path, key: str) -> Path:
    """Writes the key press into the directory and returns its path."""
    events = key_events(key)
    path = directory / key_file_name(key)
    path.write_bytes(events)
    return path
