"""The bare queue: a centre of one project whose flow is a single enqueue, open day and night."""

from __future__ import annotations

from calls.promise import Promise
from calls.queue_settings import QueueSettings
from ivr.project import Project

NUMBER = "0000000000"
NAME = "bare-queue"


def bare_project(*, lines: int | None, wrapup: bool, promise: float | None) -> Project:
    """A queue and nothing around it; nobody hears a guidance, and no conversation is recorded.

    With `wrapup` the operator says when he is done, without limit; else the seat is free at once.
    """
    return Project.model_validate(
        {
            "project": NAME,
            "name": "bare queue",
            "timezone": "UTC",
            "numbers": [{"number": NUMBER}],
            "lines": lines,
            "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
            "flow": {
                "start": "line",
                "nodes": {
                    "line": {
                        "type": "enqueue",
                        "queue": "main",
                        "full": "end",
                        "no_seats": "end",
                        "timeout": "end",
                    },
                    "end": {"type": "hangup", "outcome": "overflowed"},
                },
            },
            "queues": {"main": QueueSettings(wrapup_s=None if wrapup else 0.0)},
            "recording": {"enabled": False},
            "promise": Promise() if promise is None else Promise(value=promise),
        }
    )
