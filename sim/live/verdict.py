"""Was every call what the flow says? Compares what was promised to each caller with what was stored of him."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from calls.record import CallRecord
from recordings.analysis import NotARecording, two_way_audio
from sim.live.cast import Part


@dataclass(frozen=True)
class Mismatch:
    """A caller (by his place in the cast) whose call was not what the flow says, and why."""

    place: int
    promised: str
    found: str


def mismatches(parts: Iterable[Part], records: Iterable[CallRecord]) -> list[Mismatch]:
    """All callers whose record is missing or tells something else. Withheld numbers are told apart by nothing,
    so of those with the same keys it only counts whether as many have each outcome as were promised."""
    left: dict[tuple[str, str], Counter[str]] = {}
    for record in records:
        left.setdefault((record.caller, record.keys), Counter())[record.outcome] += 1
    wrong = []
    for place, part in enumerate(parts):
        found = left.get((part.caller.caller_id or "", part.keys), Counter())
        if found[part.outcome] > 0:
            found[part.outcome] -= 1
        else:
            told = ", ".join(outcome for outcome, count in found.items() if count > 0) or "no such call"
            wrong.append(Mismatch(place, part.outcome, told))
    return wrong


def heard_both_ways(
    records: Iterable[CallRecord],
    files: Mapping[str, Path],
    tones: Mapping[str, Sequence[int]],
    seats: Mapping[str, int],
) -> list[str]:
    """The calls whose recording holds the caller's tone left and the operator's right, and neither the other's.

    `files` by call, `seats` (the operators' tones, Hz) by seat, `tones` (the callers', Hz) by caller's number;
    under "" stand those of all who withhold theirs: of such a caller any one of them will do.
    """
    return [
        record.call
        for record in records
        if record.call in files
        and any(_two_way(files[record.call], hz, seats[record.seat]) for hz in tones[record.caller])
    ]


def _two_way(path: Path, left: int, right: int) -> bool:
    try:
        return two_way_audio(path, left, right).two_way
    except NotARecording:
        return False
