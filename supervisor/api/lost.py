"""The callers whose calls the system lost: who they are, and that they are called back.

They come from the database, so that a restart does not forget them. Of the last moments the live picture knows more:
who is owed a call already.
"""

from __future__ import annotations

import logging
import math
from collections import Counter

import msgspec
from sqlalchemy.exc import SQLAlchemyError

from calls.lost import LostCaller
from calls.requests import CallbackOrdered
from supervisor.api import sight
from supervisor.api.commands import note, permit
from supervisor.api.errors import RefusedError, missing
from supervisor.api.rights import About, Right
from supervisor.api.work import Route, Work

log = logging.getLogger(__name__)

LOOKS_BACK_S = 7 * 86400.0
"""Of a week ago, nobody waits for a call any more."""


CANNOT_BE = frozenset({404, 409})
"""What the engine says of a caller who cannot be called back; of anything else it is told at once."""


class Withheld(msgspec.Struct, frozen=True):
    """So many lost callers of a project had withheld their number: nobody can call them back."""

    project: str
    callers: int


class LostList(msgspec.Struct, frozen=True):
    """The lost callers whose number is known, in the order in which they had begun to wait."""

    at: float
    callers: list[LostCaller]
    withheld: list[Withheld]


class Ordered(msgspec.Struct, frozen=True):
    """The ids of the callbacks that stand in the line for this; `not_possible`: how many callers are in none."""

    callbacks: list[str]
    not_possible: int = 0


async def lost(work: Work) -> LostList:
    """All that may be seen; `since` and `project` make it fewer."""
    found = [one for one in await _known(work, _since(work)) if sight.sees(work.who, (one.project,))]
    only = work.path.get("project", "")
    found = [one for one in found if only in ("", one.project)]
    withheld = Counter(one.project for one in found if not one.number)
    callers = [_shown(work, one) for one in found if one.number]
    counted = [Withheld(project, callers) for project, callers in sorted(withheld.items())]
    return LostList(work.desk.views.now(), callers, counted)


async def call_back(work: Work) -> Ordered:
    """One of them, whatever has become of him since."""
    name = work.path["call"]
    known = await _known(work, work.desk.views.now() - LOOKS_BACK_S)
    found = next((one for one in known if one.call == name and one.number), None)
    if found is None or not sight.sees(work.who, (found.project,)):
        raise missing("lost caller", name)
    permit(work, Right.PROJECT, About(projects=frozenset({found.project})))
    await note(work, CallbackOrdered.__name__, call=name, project=found.project)
    return Ordered([await work.desk.asks.put(_order(found), work.who.id)])


async def call_all_back(work: Work) -> Ordered:
    """All of a project to whom nobody has talked since."""
    project = work.path["project"]
    if not work.desk.house.sees_project(work.who, project):
        raise missing("project", project)
    permit(work, Right.PROJECT, About(projects=frozenset({project})))
    known = await _known(work, work.desk.views.now() - LOOKS_BACK_S)
    found = [one for one in known if one.number and one.project == project and one.state == "open"]
    await note(work, CallbackOrdered.__name__, project=project, callers=str(len(found)))
    callbacks = [await _if_possible(work, one) for one in found]
    return Ordered([callback for callback in callbacks if callback], callbacks.count(""))


async def _if_possible(work: Work, one: LostCaller) -> str:
    """The id of the callback; empty where he cannot be called, or is calling himself at this moment."""
    try:
        return await work.desk.asks.put(_order(one), work.who.id)
    except RefusedError as refused:
        if refused.status in CANNOT_BE:
            return ""
        raise


def _order(one: LostCaller) -> CallbackOrdered:
    return CallbackOrdered(one.call, one.project, one.number, one.queue, one.since)


async def _known(work: Work, since: float) -> list[LostCaller]:
    try:
        known = await work.desk.office.lost(since)
    except (SQLAlchemyError, OSError) as error:
        log.warning("the lost callers cannot be read: %s", type(error).__name__)
        raise RefusedError(503, "the database does not answer: try again when it does") from None
    owed = {(one.project, one.number) for one in work.desk.board.callbacks.values()}
    return [_now(one, owed) for one in known]


def _now(one: LostCaller, owed: set[tuple[str, str]]) -> LostCaller:
    is_owed = one.state == "open" and (one.project, one.number) in owed
    return msgspec.structs.replace(one, state="ordered") if is_owed else one


def _shown(work: Work, one: LostCaller) -> LostCaller:
    if sight.supervises(work.who, one.project):
        return one
    return msgspec.structs.replace(one, number=sight.masked(one.number))


def _since(work: Work) -> float:
    text = work.path.get("since", "")
    try:
        since = float(text) if text else work.desk.views.now() - LOOKS_BACK_S
    except ValueError:
        since = math.nan
    if not math.isfinite(since):
        raise RefusedError(400, f"'{text}' is no time; write the seconds since 1970 UTC, like 1778115600")
    return since


_REFUSED = (404, 409, 503, 504)
LOST_ROUTES = (
    Route(
        "GET", "/v1/lost", Right.PERSON, "Callers whose calls the system lost (of a week; `since`, `project`)",
        LostList, lost, refusals=(503,), query=("since", "project"),
    ),
    Route(
        "POST", "/v1/lost/{call}/callback", Right.PROJECT, "Call a lost caller back, on his old place in the line",
        Ordered, call_back, refusals=_REFUSED,
    ),
    Route(
        "POST", "/v1/projects/{project}/lost/callback", Right.PROJECT,
        "Call all lost callers of a project back to whom nobody has talked since", Ordered, call_all_back,
        refusals=_REFUSED,
    ),
)  # fmt: skip
