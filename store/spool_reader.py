"""Reading a spool back: what is whole, and what is damaged."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from calls.journal import Entry
from store.entry_codec import decode_entry
from store.spool_format import (
    RECORDS_AT,
    DamagedHeaderError,
    Header,
    next_record_at,
    read_header,
    read_record,
    was_begun,
)

PATTERN = "*.spool"
CHUNK = 1 << 20


class StoredEntry(NamedTuple):
    """An entry that is not decoded yet."""

    number: int
    data: bytes


class Damage(NamedTuple):
    """The entries `first` to `last` cannot be read; `text` says so."""

    first: int
    last: int
    text: str


class SegmentFile(NamedTuple):
    """What one file of a spool holds. `header` None: it is free, or (`trouble`) cannot be used."""

    path: Path
    header: Header | None
    entries: Sequence[StoredEntry] = ()
    damages: Sequence[Damage] = ()
    trouble: str = ""


class StoredRun(NamedTuple):
    """The entries of one run in their order, whatever is missing between them. `sequence`: of its last segment."""

    run: str
    sequence: int
    entries: list[StoredEntry]


def read_spool(directory: Path) -> list[SegmentFile]:
    """Every segment in a directory, in the order of their names; nothing is changed.

    Raises NewerMemoryError, OlderMemoryError, OSError.
    """
    return [_read_segment(path) for path in sorted(directory.glob(PATTERN))]


def runs_of(segments: Iterable[SegmentFile]) -> list[StoredRun]:
    """What the segments hold of each run, the oldest run first.

    A segment replaces what older ones of its run have from its first number on: that was cut off when the run went on.
    """
    runs: dict[str, StoredRun] = {}
    for segment in sorted((one for one in segments if one.header), key=_sequence):
        header = segment.header
        assert header is not None
        before = runs.get(header.run)
        kept = [one for one in before.entries if one.number < header.first] if before else []
        runs[header.run] = StoredRun(header.run, header.sequence, [*kept, *segment.entries])
    return sorted(runs.values(), key=lambda run: run.sequence)


def damages_of(segments: Iterable[SegmentFile]) -> list[str]:
    """What is damaged, in words; without what was replaced since."""
    texts: list[str] = []
    firsts: dict[str, int] = {}
    for segment in sorted(segments, key=_sequence, reverse=True):
        texts.extend([segment.trouble] if segment.trouble else [])
        if segment.header is None:
            continue
        replaced_from = firsts.get(segment.header.run)
        texts.extend(
            damage.text for damage in segment.damages if replaced_from is None or damage.first < replaced_from
        )
        firsts[segment.header.run] = min(segment.header.first, replaced_from or segment.header.first)
    return texts


def decoded(entries: Iterable[StoredEntry]) -> tuple[list[Entry], list[str]]:
    """The entries, and what is said of those that this version does not know."""
    known: list[Entry] = []
    texts: list[str] = []
    for one in entries:
        try:
            known.append(decode_entry(one.number, one.data))
        except msgspec.DecodeError:  # its text might repeat a value
            texts.append(f"entry {one.number} is of a kind that this version does not know")
    return known, texts


def _sequence(segment: SegmentFile) -> int:
    return segment.header.sequence if segment.header else -1


def _read_segment(path: Path) -> SegmentFile:
    data = _used_part(path)
    try:
        header, whole = read_header(path, data)
    except DamagedHeaderError:
        return SegmentFile(
            path, None, trouble=f"{path.name}: its header is damaged, so nothing of it is used"
        )
    if header is None:
        return SegmentFile(path, None)
    entries: list[StoredEntry] = []
    damages = list(_scan(path.name, data, header, entries))
    return SegmentFile(
        path, header, entries, damages, "" if whole else f"{path.name}: its header is damaged once"
    )


def _used_part(path: Path) -> bytes:
    # A file that was made and not used yet is all zeros: no need to read it through.
    with path.open("rb") as file:
        head = file.read(RECORDS_AT)
        if not any(head):
            return head
        return head + file.read(os.fstat(file.fileno()).st_size)


def _scan(name: str, data: bytes, header: Header, entries: list[StoredEntry]) -> Iterator[Damage]:
    at, number = RECORDS_AT, header.first
    while True:
        record = read_record(data, at, header.mark)
        if record is not None and record.number >= number:
            if record.number > number:
                yield _damage(name, number, record.number - 1)
            entries.append(StoredEntry(record.number, record.data))
            at, number = record.end, record.number + 1
            continue
        further = next_record_at(data, at + 1, header.mark)
        if further is None:
            if was_begun(data, at, header.mark, number):
                yield Damage(number, number, f"{name}: entry {number} at its end is torn")
            return
        at = further


def _damage(name: str, first: int, last: int) -> Damage:
    which = f"entry {first}" if first == last else f"entries {first} to {last}"
    return Damage(first, last, f"{name}: {which} cannot be read (wrong checksum)")
