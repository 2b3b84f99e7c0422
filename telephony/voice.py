"""How texts are spoken, and what the service and its speech worker write to each other. No heavy import."""

from __future__ import annotations

from dataclasses import dataclass

RATES = {".wav": 8000, ".wav16": 16000}
"""Asterisk's endings for 16-bit mono WAV, and their rates."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How texts are spoken: `speed` (1 is normal), `half_tone` (pitch, semitones up), `level_db` (loudness of
    the speech without its pauses, dB below full scale)."""

    speed: float = 1.0
    half_tone: float = 0.0
    level_db: float = -22.0


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice of espeak-ng and its pace at speed 1 (words per minute, as it counts them)."""

    name: str
    pace: int


# cmn-latn-pinyin, not cmn: that one (1.51) spells the pinyin of most characters out in English letters.
ESPEAK = {
    "en": EspeakVoice("en-us", 150),
    "zh": EspeakVoice("cmn-latn-pinyin", 230),
    "ko": EspeakVoice("ko", 175),
    "es": EspeakVoice("es-419", 155),
    "pt": EspeakVoice("pt-br", 155),
}


@dataclass(frozen=True, slots=True)
class Order:
    """Make the sound of a text (or of the WAV of one's own at the path `wav`) into `media` + each ending of RATES.

    Speed, pitch and loudness are those of `Voice`.
    """

    text: str
    language: str
    wav: str
    media: str
    speed: float
    half_tone: float
    level_db: float


@dataclass(frozen=True, slots=True)
class Reply:
    """`error` is empty when the files are there."""

    media: str
    error: str = ""
