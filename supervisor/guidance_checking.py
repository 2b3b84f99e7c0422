"""`denwaban check` of what lies in config/guidance: readings, approvals, and WAVs of one's own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ivr.approvals import read_approvals
from ivr.yaml_marks import ConfigurationError, Document, Place, read
from telephony.readings import load_readings


def check_folder(folder: Path) -> None:
    """The two files that every project uses. Raises ConfigurationError."""
    load_readings(folder)
    read_approvals(folder)


def check_wavs(files: Iterable[Path], folder: Path) -> None:
    """The sound of each WAV that project files name; `folder`: config/guidance. Raises ConfigurationError."""
    problems = []
    for file in files:
        document = read(file)
        if not document.problems:
            for place, wav in _named(document.data):
                _check(document, place, folder / wav)
            problems += document.problems
    if problems:
        raise ConfigurationError(problems)


def _named(data: Any) -> Iterator[tuple[Place, str]]:
    """Every WAV of a project file with its place; what has another shape is told by the loader."""
    guidance = data.get("guidance") if isinstance(data, dict) else None
    for name, text in guidance.items() if isinstance(guidance, dict) else ():
        wavs = text.get("wav") if isinstance(text, dict) else None
        for language, wav in wavs.items() if isinstance(wavs, dict) else ():
            if isinstance(wav, str):
                yield ("guidance", name, "wav", language), wav


def _check(document: Document, place: Place, path: Path) -> None:
    if not path.is_file():
        return  # the loader says so
    from telephony.own_wav import OwnWavError, read_own_wav  # with numpy, which most checks have no use for

    try:
        read_own_wav(path)
    except OwnWavError as error:
        for problem in error.problems:
            document.complain(place, f"{path.name}: {problem}")
