"""What changes something: looked at, noted in the audit log where it is somebody else's, and put to the engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from calls.requests import CallbackWithdrawn, DialAsked, EarAsked, EarClosed, Request, SeatLoggedIn
from supervisor.api import sight
from supervisor.api.errors import RefusedError, missing
from supervisor.api.named import must_hear, must_see
from supervisor.api.rights import RULES, About, Right, allowed
from supervisor.api.shapes import Done, OverrideDone
from supervisor.api.work import Do, Work
from telephony.control import ControlError

log = logging.getLogger(__name__)

Make = Callable[[str, Any], Any]
"""Makes a request to the engine of a seat's id and a body."""


def seat_command(right: Right, make: Make) -> Do:
    """What asks the engine for something at a seat."""

    async def do(work: Work) -> Done:
        seat = work.path["seat"]
        if not work.desk.house.sees_seat(work.who, seat):
            raise missing("seat", seat)
        request = _meant(work, make(seat, work.body))
        _may(work, right, request)
        if _is_noted(work, request):
            await note(work, type(request).__name__, **_noted(work, request))
            _may(work, right, request)  # the centre went on meanwhile
        return Done(await work.desk.asks.put(request, work.who.id))

    return do


async def withdraw_callback(work: Work) -> Done:
    """Nobody is to be called back any more."""
    callback = work.path["callback"]
    known = work.desk.board.callbacks.get(callback)
    if known is None or not sight.sees(work.who, (known.project,)):
        raise missing("callback", callback)
    permit(work, Right.PROJECT, About(projects=frozenset({known.project})))
    await note(work, CallbackWithdrawn.__name__, callback=callback, project=known.project)
    return Done(await work.desk.asks.put(CallbackWithdrawn(callback=callback), work.who.id))


async def override(work: Work) -> OverrideDone:
    """Close, open or switch a project, or take that back. The orders write the audit log themselves."""
    project, body, desk = work.path["project"], work.body, work.desk
    if not desk.house.sees_project(work.who, project):
        raise missing("project", project)
    permit(work, Right.PROJECT, About(projects=frozenset({project})))
    try:
        until = dt.datetime.fromisoformat(body.until) if body.until else None
    except ValueError:
        raise RefusedError(400, f"'{body.until}' is no time; write it like 2026-05-07T17:15") from None
    try:
        reason = body.reason or work.why
        done = await desk.office.orders.override(project, body.kind, until, reason, work.who.id)
    except ControlError as error:
        raise RefusedError(400, str(error)) from None
    view = desk.views.project(project, desk.views.now())
    if view is None:
        raise RefusedError(404, f"the project '{project}' was withdrawn meanwhile")
    return OverrideDone(view, bool(done["stored"]))


def _meant(work: Work, request: Request) -> Request:
    """Who logs in without a name means himself; the administrator is nobody who could sit anywhere."""
    nobody = work.who.admin or (work.who.lent and work.who.id not in work.desk.house.centre.people)
    if isinstance(request, SeatLoggedIn) and not request.operator and not nobody:
        return replace(request, operator=work.who.id)
    return request


def _may(work: Work, right: Right, request: Any) -> None:
    """Nothing, if everything named is there for him, and he may do this."""
    must_see(work, request)
    permit(work, right, _about(work, right, request))
    if isinstance(request, EarClosed) or (isinstance(request, EarAsked) and not request.target):
        must_hear(work, request)


def _about(work: Work, right: Right, request: Any) -> About:
    house = work.desk.house
    if isinstance(request, EarAsked | EarClosed):
        return house.about_ear(request, work.who)
    if right is Right.TALK:
        return house.about_call_at(request.seat)
    about = house.about_seat(request.seat)
    if isinstance(request, SeatLoggedIn):
        person = house.person(request.operator) if request.operator else None
        return About(about.operator, about.projects, person)
    if isinstance(request, DialAsked):
        return About(about.operator, about.projects, project=request.project)
    return about


def permit(work: Work, right: Right, about: About) -> None:
    """Nothing, if somebody may do this. Raises RefusedError (403) that says who may."""
    if not allowed(work.who, right, about):
        raise RefusedError(403, f"{work.who.id} may not do this; who may: {RULES[right]}")


def _is_noted(work: Work, request: Any) -> bool:
    """The ear's use is noted by the engine's own word; for what somebody gives a reason, the reason is noted too."""
    return bool(work.why) or not (isinstance(request, EarAsked | EarClosed) or _own(work, request))


def _noted(work: Work, request: Any) -> dict[str, str]:
    house, seat = work.desk.house, request.seat
    if not isinstance(request, EarAsked | EarClosed):
        return {"seat": seat, "call": house.floor.seats[seat].call}
    call, project = house.heard(request)
    mode = request.mode if isinstance(request, EarAsked) else "ended"
    return {"project": project, "call": call, "seat": seat, "mode": mode}


def _own(work: Work, request: Any) -> bool:
    """Whether somebody changes nothing but his own seat: also one that he sits down at."""
    there = work.desk.house.operator(request.seat)
    if isinstance(request, SeatLoggedIn):
        return request.operator == work.who.id and there in ("", work.who.id)
    return there == work.who.id


async def note(work: Work, what: str, **details: str) -> None:
    """Into the audit log. In a thread: the log is on the disk before anything is done, and calls go on meanwhile."""
    try:
        await asyncio.to_thread(work.desk.office.audit.note, what, work.who.id, work.why, **details)
    except OSError as error:
        log.error("the audit log cannot be written (%s): free some room on its disk", error.strerror)
        raise RefusedError(
            503, "the audit log cannot be written, so this is not done: free some room on its disk"
        ) from None
