"""What the journal says of sounds (conversations, callers' messages) against the files on the disk."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from calls.record import CallRecord, call_of_message
from reports.difference import Difference, Explained, Kind
from reports.journal_day import JournalDay, Sound

_SECOND_FILE = re.compile(r"(.+)-\d+")


class Finding(Protocol):
    """A file below the recordings' folder.

    `name`: without its folder and ending; `place`: with them. `of_day`: it lies in the day's own folder. `finished`:
    False for what still lies where Asterisk wrote it. `seconds`: how long it plays, None where that cannot be told.
    `sha256`: empty where it was not read.
    """

    @property
    def name(self) -> str: ...
    @property
    def place(self) -> str: ...
    @property
    def of_day(self) -> bool: ...
    @property
    def finished(self) -> bool: ...
    @property
    def bytes(self) -> int: ...
    @property
    def seconds(self) -> float | None: ...
    @property
    def sha256(self) -> str: ...


@dataclass
class Matched:
    """What came out. `expected`: how many files there have to be."""

    differences: list[Difference] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    expected: int = 0


def compare_recordings(
    calls: Mapping[str, CallRecord], journal: JournalDay, findings: Sequence[Finding], length_s: float = 0.05
) -> Matched:
    """Every file that was reported has to be there, whole and unchanged, and none besides. `calls`: of the day."""
    matched = Matched()
    found = defaultdict[str, list[Finding]](list)
    for finding in findings:
        if finding.finished:
            found[_sound_of(finding.name, journal)].append(finding)
    for sound, said in journal.files.items():
        if record := calls.get(_call_of(sound, journal)):
            matched.expected += 1
            matched.differences += _compare(record, sound, said, found.pop(sound, []), length_s)
    raw = {finding.name for finding in findings if not finding.finished}
    _unfinished(calls, journal, raw, matched)
    for sound, files in found.items():
        matched.differences += _unknown(sound, files, journal, calls)
    return matched


def _sound_of(name: str, journal: JournalDay) -> str:
    """The recording or message whose file this is: a second one of the same has `-2` behind its name."""
    second = _SECOND_FILE.fullmatch(name)
    if name in journal.files or name in journal.records or second is None:
        return name
    return second[1] if second[1] in journal.files or second[1] in journal.records else name


def _call_of(sound: str, journal: JournalDay) -> str:
    return sound if sound in journal.records else call_of_message(sound) or sound


def _compare(
    record: CallRecord, sound: str, said: Sequence[Sound], found: Sequence[Finding], length_s: float
) -> Iterator[Difference]:
    last = said[-1]
    told = f"{last.seconds:.2f} s, sha256 {last.sha256[:16]}"
    right = [one for one in found if (one.sha256 or last.sha256) == last.sha256]
    if not found:
        yield _difference("recording_missing", record, sound, told, "no file")
    elif not right:
        yield _difference("recording_changed", record, sound, told, _told(found[-1]))
    elif not any(one.seconds is not None and abs(one.seconds - last.seconds) <= length_s for one in right):
        yield _difference("recording_length", record, sound, told, _told(right[-1]))
    else:
        known = {one.sha256 for one in said}
        for one in found:
            if one.sha256 and one.sha256 not in known:
                yield _difference("recording_unknown", record, sound, "not this one", _told(one))


def _unfinished(
    calls: Mapping[str, CallRecord], journal: JournalDay, raw: set[str], matched: Matched
) -> None:
    """Recordings that were begun and of whose end nothing was heard; those of calls that go on are not over yet."""
    for call in sorted(journal.recorded - journal.files.keys()):
        record = calls.get(call)
        if record is None or record.closed_at is None:
            continue
        if call in journal.unrecorded:
            what, why = "no recording", "Asterisk could not record this call, and the journal says so"
            matched.explained.append(Explained(call=call, what=what, why=why))
        else:
            there = "a file that is not finished" if call in raw else "nothing"
            matched.differences.append(
                _difference("recording_unfinished", record, call, "begun, never finished", there)
            )


def _unknown(
    sound: str, files: Sequence[Finding], journal: JournalDay, calls: Mapping[str, CallRecord]
) -> Iterator[Difference]:
    call = _call_of(sound, journal)
    if call in journal.records and call not in calls:
        return  # of the day before or after, or of a call that goes on
    record = calls.get(call)
    for one in files:
        if record is not None or one.of_day:
            yield Difference(
                kind="recording_unknown",
                call=call,
                of=f"file {one.place}",
                at=0.0 if record is None else record.arrived_at,
                says={"journal": "nothing", "disk": _told(one)},
                text=_MEANING["recording_unknown"],
            )


def _difference(kind: Kind, record: CallRecord, sound: str, journal: str, disk: str) -> Difference:
    return Difference(
        kind=kind,
        call=record.call,
        of=f"recording {sound}",
        at=record.arrived_at,
        says={"journal": journal, "disk": disk},
        text=_MEANING[kind],
    )


def _told(finding: Finding) -> str:
    length = "no sound in it" if finding.seconds is None else f"{finding.seconds:.2f} s"
    return f"{finding.place}, {length}" + (f", sha256 {finding.sha256[:16]}" if finding.sha256 else "")


_MEANING: dict[Kind, str] = {
    "recording_missing": "this was recorded, and its file is not there: it was deleted or moved by hand, or its disk "
    "is not mounted; get it back from a copy",
    "recording_changed": "the file is not the one that was recorded: it was changed or damaged afterwards; get it back "
    "from a copy, and look after the disk",
    "recording_length": "the file does not play as long as was noted when it was finished; get it back from a copy",
    "recording_unfinished": "a recording of this call was begun and never finished: start the service, which takes up "
    "what Asterisk has left; if nothing was left, the recording is lost",
    "recording_unknown": "a file of which the journal does not know: it was put there by hand, or its call is lost "
    "from the journal",
}
