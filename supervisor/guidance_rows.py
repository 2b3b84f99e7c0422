"""The table of `denwaban guidance list`: one row for each text in each language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ivr.approvals import Approval, approval_of
from ivr.guidance_model import Guidance
from ivr.project import Project
from ivr.speech_length import estimated_seconds
from telephony.guidance import GuidanceError, GuidanceStore


@dataclass(frozen=True)
class GuidanceRow:
    """`seconds` are those of its sound, or (`rendered` false) an estimate; `by` is empty where nobody approved it."""

    guidance: str
    language: str
    version: int
    first: dt.date | None
    last: dt.date | None
    otherwise: str
    by: str
    at: dt.datetime | None
    seconds: float
    rendered: bool
    wav: str
    text: str


def guidance_rows(
    project: Project, approvals: Mapping[str, tuple[Approval, ...]], store: GuidanceStore, folder: Path
) -> list[GuidanceRow]:
    """The texts of a project. `folder`: config/guidance."""
    return [
        _row(name, language, text, _approval(approvals.get(name, ()), text, language, folder), store)
        for name, text in project.guidance.items()
        for language in text.texts
    ]


def _approval(
    approvals: tuple[Approval, ...], text: Guidance, language: str, folder: Path
) -> Approval | None:
    try:
        return approval_of(approvals, text, language, folder)
    except OSError:
        return None


def _row(
    name: str, language: str, text: Guidance, approval: Approval | None, store: GuidanceStore
) -> GuidanceRow:
    words = text.texts[language]
    try:
        seconds, rendered = store.duration(*text.spoken(language)), True
    except GuidanceError:
        seconds, rendered = estimated_seconds(words, language=language), False
    by, at = (approval.by, approval.at) if approval else ("", None)
    wav = text.wav.get(language, "")
    return GuidanceRow(
        name,
        language,
        text.version,
        text.from_,
        text.to,
        text.otherwise,
        by,
        at,
        seconds,
        rendered,
        wav,
        words,
    )


def as_mapping(row: GuidanceRow) -> dict[str, Any]:
    """A row for JSON: dates as text, `from` and `to` by those names."""
    names = {"first": "from", "last": "to"}
    plain = {names.get(name, name): value for name, value in asdict(row).items()}
    dated = {
        name: value.isoformat() if isinstance(value, dt.date) else value for name, value in plain.items()
    }
    return dated | {"seconds": round(row.seconds, 2)}


def as_lines(rows: Iterable[GuidanceRow]) -> Iterator[str]:
    """The table. `~` stands before seconds that are estimated."""
    yield f"{'guidance':<28} {'lang':<4} {'ver':>3}  {'said':<23} {'seconds':>7}  approved"
    for row in rows:
        seconds = f"{'' if row.rendered else '~'}{row.seconds:.1f}"
        own = f", {row.wav}" if row.wav else ""
        by = f"{row.by}, {row.at:%Y-%m-%d}" if row.at else "-"
        yield (
            f"{row.guidance:<28} {row.language:<4} {row.version:>3}  {_period(row):<23} {seconds:>7}  {by}{own}"
        )


def _period(row: GuidanceRow) -> str:
    if row.first is None and row.last is None:
        return "always"
    return f"{row.first or '...'} - {row.last or '...'}"
