"""What a caller heard, word for word: the call's record, and the texts as they were then."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from calls.record import CallRecord
from ivr.project import Project
from store.versions import VersionError, VersionStore
from telephony.versions import read_published

_HEARD = re.compile(r"(?P<guidance>.+)@(?P<version>\d+)\.(?P<language>[a-z]{2,3})")


@dataclass(frozen=True)
class HeardText:
    """One text that a caller heard. `text` is None where its words are kept nowhere any more."""

    guidance: str
    version: int
    language: str
    text: str | None


def heard_texts(record: CallRecord, projects: Iterable[Project]) -> list[HeardText]:
    """The texts that a call's record names, in order. `projects`: where their words are looked for, best first."""
    known = list(projects)
    return [_heard(entry, known) for entry in record.heard]


def _heard(entry: str, projects: list[Project]) -> HeardText:
    found = _HEARD.fullmatch(entry)
    if found is None:
        return HeardText(entry, 0, "", None)  # of a release that kept no version
    guidance, version, language = found["guidance"], int(found["version"]), found["language"]
    texts = (_text(project, guidance, version, language) for project in projects)
    return HeardText(guidance, version, language, next(filter(None, texts), None))


def _text(project: Project, guidance: str, version: int, language: str) -> str | None:
    text = project.guidance.get(guidance)
    return text.texts.get(language) if text is not None and text.version == version else None


def kept_versions(store: VersionStore, record: CallRecord) -> Iterator[Project]:
    """The published versions of a call's project, the one that was in service when it came first.

    Then the others, newest first: a call may outlast its version, and clocks may differ.
    """
    versions = [one for one in store.versions(record.project) if not one.refused and one.about]
    versions.sort(key=lambda one: (one.about is not None and one.about.at <= record.arrived_at, one.number))
    for version in reversed(versions):
        try:
            yield read_published(store, version).project
        except VersionError:
            continue  # `denwaban versions` tells of it
