"""What changes something: looked at, noted in the audit log where it is somebody else's, and put to the engine."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from calls.requests import CallbackWithdrawn, DialAsked, EarAsked, EarClosed, Request, SeatLoggedIn
from supervisor.api.errors import RefusedError
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
        work.desk.house.known_seat(seat)
        request = _meant(work, make(seat, work.body))
        permit(work, right, _about(work, right, request))
        if right is not Right.EAR and not _own(
            work, request
        ):  # the ear's use is noted by the engine's own word
            await note(work, type(request).__name__, seat=seat, call=work.desk.office.floor.seats[seat].call)
            permit(work, right, _about(work, right, request))  # the centre went on meanwhile
        return Done(await work.desk.asks.put(request, work.who.id))

    return do


async def withdraw_callback(work: Work) -> Done:
    """Nobody is to be called back any more."""
    callback = work.path["callback"]
    known = work.desk.board.callbacks.get(callback)
    if known is None:
        raise RefusedError(404, f"there is no callback '{callback}'; GET /v1/callbacks tells which there are")
    permit(work, Right.PROJECT, About(projects=frozenset({known.project})))
    await note(work, CallbackWithdrawn.__name__, callback=callback, project=known.project)
    return Done(await work.desk.asks.put(CallbackWithdrawn(callback=callback), work.who.id))


async def override(work: Work) -> OverrideDone:
    """Close, open or switch a project, or take that back. The orders write the audit log themselves."""
    project, body, desk = work.path["project"], work.body, work.desk
    if project not in desk.house.centre.projects:
        raise RefusedError(404, f"there is no project '{project}'; GET /v1/projects tells which there are")
    permit(work, Right.PROJECT, About(projects=frozenset({project})))
    try:
        until = dt.datetime.fromisoformat(body.until) if body.until else None
    except ValueError:
        raise RefusedError(400, f"'{body.until}' is no time; write it like 2026-05-07T17:15") from None
    try:
        done = await desk.office.orders.override(project, body.kind, until, body.reason, work.who.id)
    except ControlError as error:
        raise RefusedError(400, str(error)) from None
    view = desk.views.project(project)
    if view is None:
        raise RefusedError(404, f"the project '{project}' was withdrawn meanwhile")
    return OverrideDone(view, bool(done["stored"]))


def _meant(work: Work, request: Request) -> Request:
    """Who logs in without a name means himself; the administrator is nobody who could sit anywhere."""
    if isinstance(request, SeatLoggedIn) and not request.operator and not work.who.admin:
        return replace(request, operator=work.who.id)
    return request


def _about(work: Work, right: Right, request: Any) -> About:
    house = work.desk.house
    if isinstance(request, EarAsked | EarClosed):
        return house.about_ear(request)
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


def _own(work: Work, request: Any) -> bool:
    """Whether somebody changes nothing but his own seat: also one that he sits down at."""
    there = work.desk.house.operator(request.seat)
    if isinstance(request, SeatLoggedIn):
        return request.operator == work.who.id and there in ("", work.who.id)
    return there == work.who.id


async def note(work: Work, what: str, **details: str) -> None:
    """Into the audit log. In a thread: the log is on the disk before anything is done, and calls go on meanwhile."""
    try:
        await asyncio.to_thread(work.desk.office.audit.note, what, work.who.id, "", **details)
    except OSError as error:
        log.error("the audit log cannot be written (%s): free some room on its disk", error.strerror)
        raise RefusedError(
            503, "the audit log cannot be written, so this is not done: free some room on its disk"
        ) from None
