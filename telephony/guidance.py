"""Guidance audio: a text becomes files that Asterisk plays, rendered ahead and kept by content.

The files are WAV of 8 kHz and of 16 kHz (`.wav16`): G.711 callers take the first, browsers the second, and
Asterisk resamples for neither more than it has to. Ready-made mu-law files save
nothing: 60 callers at once took 1.5 to 1.7 ms of Asterisk's CPU per call and second from WAV, 1.6 to 2.1 from
mu-law (the RTP packets cost, the look-up table does not).
"""

import hashlib
import json
import os
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

from recordings.wav import HEADER_BYTES, wav_header, wav_seconds

# Raise this when the way from synthesiser to file changes, so that old files are not taken for new ones.
_RENDERER = 1
_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_SECONDS_PER_TEXT = 10.0
# Asterisk's endings for 16-bit mono WAV, and their rates.
RATES = {".wav": 8000, ".wav16": 16000}

Guidance = tuple[str, str]


class GuidanceError(Exception):
    """Guidance audio that cannot be had; the message says what to do."""


class GuidanceNotRendered(GuidanceError):  # noqa: N818
    """A text is to be played that was never rendered. Nothing is rendered while a caller waits."""


@dataclass(frozen=True, slots=True)
class Voice:
    """How texts are spoken: `speed` (1 is normal), `half_tone` (pitch, semitones up), `level_db` (loudness of
    the speech without its pauses, dB below full scale)."""

    speed: float = 1.0
    half_tone: float = 0.0
    level_db: float = -22.0


class GuidanceStore:
    """The audio of guidances in `directory` (made if missing). `directory` must be readable by Asterisk."""

    def __init__(self, directory: Path, voice: Voice | None = None) -> None:
        self._directory = directory.resolve()
        self._voice = voice or Voice()
        self._renderer = f"{_RENDERER}/pyopenjtalk-plus {version('pyopenjtalk-plus')}"
        self._names: dict[Guidance, str] = {}

    def prepare(self, guidances: Iterable[Guidance]) -> dict[Guidance, str]:
        """Render what is missing of (text, language) pairs; returns the media name of each, as `media` does.

        Blocks for about 1 s and 0.05 s per second of speech that is missing: call it when a configuration is
        loaded, from a coroutine by `asyncio.to_thread`. A broken file is rendered again.
        Raises `GuidanceError` for a language without a voice, a text without sound, or a failed renderer.
        """
        wanted = {guidance: self._media(guidance) for guidance in guidances}
        missing = {media: text for (text, _), media in wanted.items() if not _whole(media)}
        if missing:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._render(missing)
        return {guidance: f"sound:{media}" for guidance, media in wanted.items()}

    def media(self, text: str, language: str = "ja") -> str:
        """The name that ARI plays: `sound:` and an absolute path without ending. Never renders.

        Raises `GuidanceNotRendered`.
        """
        return f"sound:{self._rendered(text, language)}"

    def duration(self, text: str, language: str = "ja") -> float:
        """Seconds of audio. Raises `GuidanceNotRendered`; `ivr.speech_length` estimates without audio."""
        return wav_seconds(Path(self._rendered(text, language) + ".wav").stat().st_size - HEADER_BYTES)

    def _rendered(self, text: str, language: str) -> str:
        media = self._media((text, language))
        if not Path(media + ".wav").exists():
            raise GuidanceNotRendered(
                f"the guidance {_short(text)} ({language}) has no audio: load the project again, "
                "which renders its guidances (GuidanceStore.prepare)"
            )
        return media

    def _media(self, guidance: Guidance) -> str:
        """The path without ending. Kept: calls ask for it, and hashing costs more than looking up."""
        if guidance not in self._names:
            self._names[guidance] = str(self._directory / self._name(*guidance))
        return self._names[guidance]

    def _name(self, text: str, language: str) -> str:
        if language != "ja":
            raise GuidanceError(
                f"no voice speaks {language!r} yet (guidance {_short(text)}): write it for 'ja'"
            )
        content = [_spoken(text), language, asdict(self._voice), self._renderer]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]

    def _render(self, missing: dict[str, str]) -> None:
        orders = [
            {"text": _spoken(text), "media": media, **asdict(self._voice)} for media, text in missing.items()
        ]
        replies = _run_worker("".join(json.dumps(order) + "\n" for order in orders), len(orders))
        errors = {reply["media"]: reply["error"] for reply in map(json.loads, replies.splitlines())}
        for media, text in missing.items():
            if errors.get(media, "the renderer gave no answer"):
                raise GuidanceError(f"the guidance {_short(text)} cannot be spoken: {errors.get(media)}")


def _run_worker(orders: str, count: int) -> str:
    path = os.pathsep.join(filter(None, [str(_ROOT), os.environ.get("PYTHONPATH")]))
    try:
        return subprocess.run(
            [sys.executable, "-m", "telephony.speech_worker"],
            env={**os.environ, "PYTHONPATH": path},
            input=orders,
            capture_output=True,
            encoding="utf-8",
            check=True,
            timeout=_START_SECONDS + _SECONDS_PER_TEXT * count,
        ).stdout
    except subprocess.CalledProcessError as error:
        raise GuidanceError(f"the speech renderer failed; it said: {error.stderr.strip()[-500:]}") from error
    except subprocess.TimeoutExpired as error:
        raise GuidanceError(
            f"the speech renderer did not end within {error.timeout:.0f} s: try again"
        ) from error


def _whole(media: str) -> bool:
    """Whether both files are there with a header that tells their true length, and are not empty."""
    return all(_whole_file(Path(media + ending), rate) for ending, rate in RATES.items())


def _whole_file(path: Path, rate: int) -> bool:
    try:
        with path.open("rb") as file:
            header, size = file.read(HEADER_BYTES), os.fstat(file.fileno()).st_size
    except FileNotFoundError:
        return False
    data = size - HEADER_BYTES
    return data > 0 and data % 2 == 0 and header == wav_header(data, rate=rate)


def _spoken(text: str) -> str:
    return unicodedata.normalize("NFC", text).strip()


def _short(text: str) -> str:
    return f"「{text[:20]}…」" if len(text) > 20 else f"「{text}」"
