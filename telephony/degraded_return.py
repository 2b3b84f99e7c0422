"""The engine is back: callers who wait in Asterisk's own lines come to it, and what Asterisk did alone is taken in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple, Protocol

from calls.degraded import call_id
from calls.event import Event
from calls.outages import CallAdopted, PhoneGivenBack, PhoneTaken
from engine.centre import Centre, queue_id
from telephony.ami import AmiError
from telephony.ari import AriFailure
from telephony.ari.objects import Bridge, Channel
from telephony.degraded_import import DegradedImport

log = logging.getLogger(__name__)

WAITING = "waiting"
"""The first Stasis argument of a caller who comes out of a line of Asterisk's own."""

_ALONE = frozenset({"engine-away", "taken-over"})
_LINE, _MEMBER = "Queue", "AppQueue"
_SCHEME = "PJSIP/"
_EVERY_S = 1.0
_LOOK_S, _LOOKS = 0.01, 50


class Seen(NamedTuple):
    """What Asterisk has at one moment."""

    channels: Sequence[Channel]
    bridges: Sequence[Bridge]


class Look(Protocol):
    """Asks Asterisk for its lists."""

    async def __call__(self) -> Seen:
        """Raises AriFailure."""


class Redirect(Protocol):
    """Sends a channel (by its name) to the start of another context of the dialplan."""

    async def __call__(self, channel: str, context: str) -> None:
        """Raises AmiError."""


def waiting(seen: Seen) -> list[Channel]:
    """The callers in a line of Asterisk's own who talk with nobody, in the order in which they came."""
    talking = {leg for bridge in seen.bridges for leg in bridge.channels}
    found = [one for one in seen.channels if one.dialplan.app_name == _LINE and one.id not in talking]
    return sorted(found, key=lambda one: (one.creationtime, one.id))


def alone(seen: Seen) -> set[str]:
    """The ids of the callers whom Asterisk deals with by itself."""
    return {
        one.id
        for one in seen.channels
        if one.dialplan.context in _ALONE and one.dialplan.app_name not in ("Stasis", _MEMBER)
    }


def in_stasis(seen: Seen) -> set[str]:
    """The ids of the channels that an application has."""
    return {one.id for one in seen.channels if one.dialplan.app_name == "Stasis"}


def taken_phones(seen: Seen, phones: Collection[str]) -> set[str]:
    """The telephones that a line of Asterisk's own rings, or that talk with a caller from there."""
    members = (one for one in seen.channels if one.dialplan.app_name == _MEMBER)
    names = {one.name.removeprefix(_SCHEME).rpartition("-")[0] for one in members}
    return names & set(phones)


def adopted(leg: str, args: Sequence[str], centre: Centre) -> CallAdopted | None:
    """A caller whom we took out of such a line, from the arguments of his StasisStart; None where it is not one.

    `args`: `waiting`, number, caller, withheld, since. His project may have no line: then he begins anew (None).
    """
    if list(args[:1]) != [WAITING] or len(args) != 5:
        return None
    _, number, caller, _, since = args
    project = centre.by_number.get(number)
    if project is None or not project.queues:
        return None
    line = project.degraded.queue or next(iter(project.queues))
    return CallAdopted(
        leg,
        call_id(leg),
        project.project,
        number,
        caller,
        "waiting",
        version=centre.version_of(project.project),
        queue=queue_id(project.project, line),
        since=float(since or 0),
    )


class DegradedReturn:
    """Works off what Asterisk had while the engine was away; `run` ends when nothing of it is left.

    `told`: called with the number of calls that were taken in, each time there were any.
    """

    def __init__(
        self,
        look: Look,
        redirect: Redirect,
        importing: DegradedImport,
        phones: Iterable[str],
        feed: Callable[[Event], None],
        told: Callable[[int], None] = lambda count: None,
    ) -> None:
        self._look = look
        self._redirect = redirect
        self._importing = importing
        self._phones = frozenset(phones)
        self._feed = feed
        self._told = told
        self._taken: set[str] = set()

    async def run(self) -> None:
        """At the start and at each reconnect: look once a second as long as there is anything. Cancel it to stop."""
        while not await self.once():  # noqa: ASYNC110 - Asterisk tells nobody of channels that are not ours
            await asyncio.sleep(_EVERY_S)

    async def once(self) -> bool:
        """One look; whether nothing is left."""
        try:
            seen = await self._look()
            self._tell_phones(taken_phones(seen, self._phones))
            for caller in waiting(seen):
                await self._take_over(caller)
            if waiting(seen):
                seen = await self._look()
        except (AriFailure, AmiError) as error:
            log.warning("callers in Asterisk's own lines are looked after later: %s", error)
            return False
        if news := await self._importing.run(alone(seen), in_stasis(seen)):
            self._told(news)
        return not alone(seen) and not self._taken and not self._importing.left()

    async def _take_over(self, caller: Channel) -> None:
        try:
            await self._redirect(caller.name, "taken-over")
        except AmiError as error:  # he has hung up meanwhile, most of the time
            log.info("a waiting caller stays where he is: %s", error)
            return
        # Asterisk only asks the channel to go; two that are asked at once may come in either order.
        for _ in range(_LOOKS):
            seen = await self._look()
            if caller.id in in_stasis(seen):
                self._importing.forget(call_id(caller.id))
                return
            if caller.id not in alone(seen):
                return
            await asyncio.sleep(_LOOK_S)

    def _tell_phones(self, taken: set[str]) -> None:
        for phone in sorted(taken - self._taken):
            self._feed(PhoneTaken(phone))
        for phone in sorted(self._taken - taken):
            self._feed(PhoneGivenBack(phone))
        self._taken = taken
