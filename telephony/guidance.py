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
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path

from ivr.guidance_model import VOICES, Spoken
from recordings.wav import HEADER_BYTES, wav_header, wav_seconds
from telephony.readings import Readings, reader
from telephony.voice import ESPEAK, RATES, Voice

# Raise this when the way from synthesiser to file changes, so that old files are not taken for new ones.
_RENDERER = 1
_ROOT = Path(__file__).resolve().parent.parent
_START_SECONDS = 60.0
_SECONDS_PER_TEXT = 10.0


class GuidanceError(Exception):
    """Guidance audio that cannot be had; the message says what to do."""


class GuidanceNotRendered(GuidanceError, LookupError):  # noqa: N818
    """A text is to be played that was never rendered. Nothing is rendered while a caller waits."""


class GuidanceStore:
    """The audio of guidances in `directory` (made if missing). `directory` must be readable by Asterisk.

    `readings`: how names are spoken. `wavs`: the folder that the paths of WAVs of one's own begin in.
    """

    def __init__(
        self,
        directory: Path,
        voice: Voice | None = None,
        readings: Readings | None = None,
        wavs: Path | None = None,
    ) -> None:
        self._directory = directory.resolve()
        self._voice = voice or Voice()
        self._read = reader(readings or Readings())
        self._wavs = wavs or Path()
        self._japanese = f"{_RENDERER}/pyopenjtalk-plus {version('pyopenjtalk-plus')}"
        self._names: dict[Spoken, str] = {}

    def prepare(self, guidances: Iterable[Spoken]) -> dict[Spoken, str]:
        """Render what is missing; returns the media name of each, as `media` does.

        Blocks for about 1 s and 0.05 s per second of speech that is missing: call it when a configuration is
        loaded, from a coroutine by `asyncio.to_thread`. A broken file is rendered again; a WAV of one's own that
        has changed is read again.
        Raises `GuidanceError` for a language without a voice, a text without sound, a WAV that cannot be used,
        or a failed renderer.
        """
        wanted = list(dict.fromkeys(guidances))
        for guidance in wanted:
            if guidance.wav:
                self._names.pop(guidance, None)
        missing = {self._media(guidance): guidance for guidance in self.missing(wanted)}
        if missing:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._render(missing)
        return {guidance: f"sound:{self._media(guidance)}" for guidance in wanted}

    def missing(self, guidances: Iterable[Spoken]) -> list[Spoken]:
        """Those that have no (whole) audio yet."""
        return [guidance for guidance in guidances if not _whole(self._media(guidance))]

    def media(self, text: str, language: str = "ja", wav: str = "") -> str:
        """The name that ARI plays: `sound:` and an absolute path without ending. Never renders.

        Raises `GuidanceNotRendered`.
        """
        return f"sound:{self._rendered(Spoken(text, language, wav))}"

    def duration(self, text: str, language: str = "ja", wav: str = "") -> float:
        """Seconds of audio. Raises `GuidanceNotRendered`; `ivr.speech_length` estimates without audio."""
        path = Path(self._rendered(Spoken(text, language, wav)) + ".wav")
        return wav_seconds(path.stat().st_size - HEADER_BYTES)

    def _rendered(self, guidance: Spoken) -> str:
        media = self._media(guidance)
        if not Path(media + ".wav").exists():
            raise GuidanceNotRendered(
                f"the guidance {_short(guidance.text)} ({guidance.language}) has no audio: load the project "
                "again, which renders its guidances (GuidanceStore.prepare)"
            )
        return media

    def _media(self, guidance: Spoken) -> str:
        """The path without ending. Kept: calls ask for it, and hashing costs more than looking up."""
        if guidance not in self._names:
            content = json.dumps(self._content(guidance), sort_keys=True).encode()
            self._names[guidance] = str(self._directory / hashlib.sha256(content).hexdigest()[:32])
        return self._names[guidance]

    def _content(self, guidance: Spoken) -> list[object]:
        """All that the sound depends on."""
        text, language, wav = guidance
        if wav:
            return [_hash_of_file(self._wavs / wav, text), self._voice.level_db, _RENDERER]
        if language not in VOICES:
            raise GuidanceError(
                f"no voice speaks {language!r} (guidance {_short(text)}): give a WAV of your own for it, "
                f"or write it in one of {', '.join(VOICES)}"
            )
        renderer = self._japanese if language == "ja" else [_RENDERER, asdict(ESPEAK[language])]
        return [self._spoken(text, language), language, asdict(self._voice), renderer]

    def _spoken(self, text: str, language: str) -> str:
        return self._read(unicodedata.normalize("NFC", text).strip(), language)

    def _order(self, media: str, guidance: Spoken) -> dict[str, object]:
        text, language, wav = guidance
        told = self._spoken(text, language)
        path = str((self._wavs / wav).absolute()) if wav else ""
        return {"text": told, "language": language, "wav": path, "media": media, **asdict(self._voice)}

    def _render(self, missing: dict[str, Spoken]) -> None:
        orders = [json.dumps(self._order(media, guidance)) + "\n" for media, guidance in missing.items()]
        replies = map(json.loads, _run_worker("".join(orders), len(orders)).splitlines())
        errors = {reply["media"]: reply["error"] for reply in replies}
        for media, guidance in missing.items():
            if error := errors.get(media, "the renderer gave no answer"):
                what = f"the WAV {guidance.wav}" if guidance.wav else f"the guidance {_short(guidance.text)}"
                raise GuidanceError(f"{what} ({guidance.language}) cannot be spoken: {error}")


def _hash_of_file(path: Path, text: str) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise GuidanceError(
            f"the WAV {path} of the guidance {_short(text)} cannot be read: {error.strerror}"
        ) from error


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


def _short(text: str) -> str:
    return f"「{text[:20]}…」" if len(text) > 20 else f"「{text}」"
