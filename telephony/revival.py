"""The engine as an earlier life of it left it, or a fresh one that knows what stands."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import msgspec

from calls.event import Event
from calls.events import AnyEvent, EngineStarted, ProjectPublished, ProjectWithdrawn
from calls.journal import Entry, differences
from calls.outages import EngineResumed
from engine.centre import Centre
from engine.engine import Engine
from engine.memory import freeze, thaw
from engine.standing import standing
from store.journal_resume import NEW_RUN, Resumed
from store.recovered import Recovered

log = logging.getLogger(__name__)

ENGINE, STANDING = "engine", "standing"
"""The parts of a snapshot: for the same code and configuration, and for any other."""

_events = msgspec.json.Decoder(list[AnyEvent])

Bundle = Callable[[str], str]
"""The bundle of a project as it is in service."""


class Life(NamedTuple):
    """An engine and how it begins.

    `run`, `number`, `at`: its journal, the last entry of that and its time; `resumed` is for the journal's writer.
    `first`: what it is to be told before anything else. `goes_on`: it has the memory of an earlier life: `parts` of a
    snapshot, and the entries `since` then. `why_not`: why an earlier one's memory was of no use.
    """

    engine: Engine
    run: str
    first: list[Event]
    number: int = 0
    at: float = 0.0
    resumed: Resumed = NEW_RUN
    goes_on: bool = False
    why_not: str = ""
    parts: Mapping[str, bytes] = {}
    since: Sequence[Entry] = ()


class UselessMemoryError(Exception):
    """A memory that this engine cannot go on with; says why. `stood`: what stood at its end, where that is known."""

    def __init__(self, why: str, stood: list[Event] | None = None) -> None:
        super().__init__(why)
        self.stood = stood


def parts(engine: Engine) -> dict[str, bytes]:
    """What a snapshot holds of an engine."""
    return {ENGINE: freeze(engine), STANDING: msgspec.json.encode(standing(engine.floor))}


def revive(recovered: Recovered | None, code: str, centre: Centre, bundle: Bundle) -> Life:
    """Go on where the last life was cut off; else begin a new run with what stood then."""
    if recovered is None:
        return _begin(centre, [])
    try:
        return _go_on(recovered, code, centre, bundle)
    except UselessMemoryError as why:
        log.warning("the engine begins anew: %s", why)
        return _begin(centre, _stood(recovered.parts) if why.stood is None else why.stood, str(why))


def _begin(centre: Centre, stood: list[Event], why_not: str = "") -> Life:
    run = f"{time.strftime('%Y%m%dT%H%M%SZ', time.gmtime())}-{secrets.token_hex(3)}"
    first = [EngineStarted(centre.digest(), f"x{run[-4:]}"), *stood]
    return Life(Engine(centre), run, first, why_not=why_not)


def _go_on(recovered: Recovered, code: str, centre: Centre, bundle: Bundle) -> Life:
    if recovered.code != code:
        raise UselessMemoryError("its memory is that of another version of the program")
    engine = _engine(recovered, centre)
    _repeat(recovered, engine)
    try:
        changed = _published(engine.floor.centre, centre, bundle)
    except UselessMemoryError as why:  # its snapshot may be hours old: what stands was changed since
        raise UselessMemoryError(str(why), standing(engine.floor)) from None
    at = recovered.entries[-1].at if recovered.entries else recovered.at
    first: list[Event] = [EngineResumed(max(0.0, time.time() - at)), *changed]
    number = recovered.next_number - 1
    return Life(
        engine, recovered.run, first, number, at, recovered.resumed,
        goes_on=True, parts=recovered.parts, since=recovered.entries,
    )  # fmt: skip


def _repeat(recovered: Recovered, engine: Engine) -> None:
    try:
        wrong = next(differences(recovered.entries, engine), None)
    except Exception as error:
        raise UselessMemoryError(f"its journal cannot be repeated ({type(error).__name__})") from error
    if wrong is not None:
        raise UselessMemoryError(f"entry {wrong.number} of its journal does not lead to what was done then")


def _engine(recovered: Recovered, centre: Centre) -> Engine:
    if recovered.number == 0:
        return _first_engine(recovered, centre)
    try:
        return thaw(recovered.parts[ENGINE])
    except Exception as error:  # bytes that were never frozen raise whatever they like
        raise UselessMemoryError(f"its snapshot cannot be read ({type(error).__name__})") from error


def _first_engine(recovered: Recovered, centre: Centre) -> Engine:
    """It died before its first snapshot."""
    first = recovered.entries[0].event if recovered.entries else None
    if not isinstance(first, EngineStarted) or first.configuration != centre.digest():
        raise UselessMemoryError("it has no snapshot, and the configuration is another one now")
    return Engine(centre)


def _published(was: Centre, now: Centre, bundle: Bundle) -> list[Event]:
    """What has changed meanwhile of what may change in the middle of the day."""
    if (was.seats, was.people, was.extensions, was.early_media) != (
        now.seats, now.people, now.extensions, now.early_media,
    ):  # fmt: skip
        raise UselessMemoryError("seats, people or extensions are others now")
    new = [
        ProjectPublished(name, now.versions.get(name, 0), bundle(name))
        for name, project in now.projects.items()
        if was.projects.get(name) != project or was.versions.get(name) != now.versions.get(name)
    ]
    return [*(ProjectWithdrawn(name) for name in was.projects if name not in now.projects), *new]


def _stood(kept: Mapping[str, bytes]) -> list[Event]:
    try:
        return list(_events.decode(kept[STANDING]))
    except (KeyError, msgspec.DecodeError):
        return []
