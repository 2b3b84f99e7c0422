"""Callers who are to be called back because somebody orders it: they themselves were lost before they could ask."""

from __future__ import annotations

from calls.requests import CallbackOrdered
from engine.cannot import conflict, unknown
from engine.centre import queue_id
from engine.floor import Floor
from engine.number_plan import OUTSIDE


def line_of(event: CallbackOrdered, floor: Floor) -> str:
    """The queue (its id) from which the caller is called back.

    Raises CannotError where there is none, or no number, or where he is on the telephone himself.
    """
    project, wanted = floor.centre.projects.get(event.project), event.queue.partition("/")[2]
    if project is None or not project.queues:
        raise unknown(f"nobody is called back for '{event.project}': it is no project with a queue")
    if not OUTSIDE.fullmatch(event.number):
        raise unknown("the caller had no number that could be dialled")
    for call in floor.callers.values():
        if (call.project.project, call.caller) == (event.project, event.number) and call.direction == "in":
            raise conflict("the caller has called again himself, and is here now", call.state)
    return queue_id(event.project, wanted if wanted in project.queues else next(iter(project.queues)))
