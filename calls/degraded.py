"""What Asterisk needs to serve callers alone, while the engine is away: files, and how they are told apart.

The service writes the plan and who is there; a script that Asterisk starts reads both and writes one file per call.
That script starts for each call, so nothing that is slow to import belongs in here.
"""

from __future__ import annotations

from typing import Literal, TypedDict

PLAN = "plan.json"
SEATS = "seats.json"
CALLS = "calls"
AUDIO = "audio"
IMPORTED = "imported"
UNREADABLE = "unreadable"
MOST_PROJECTS = 99
_MARK = "degraded-"

WhenOpen = Literal["seats", "backup", "announce"]
Way = Literal["closed", "seats", "backup", "announce"]
Texts = list[tuple[float, list[str]]]
"""From when on (seconds since 1970 UTC) which sounds are said, one after the other; the oldest first."""


class ProjectPlan(TypedDict):
    """One project. Times in seconds since 1970 UTC, sounds are paths without ending.

    `queue`: its queue of app_queue. `open`: when it is open, [from, to), in order. `notice`: said before anybody is
    rung; `closed` outside hours; `sorry` where nobody can be reached; `disaster` to every caller before
    `disaster_until`. `max_wait_s`: so long the seats are rung.
    """

    queue: str
    open: list[tuple[float, float]]
    notice: Texts
    closed: Texts
    sorry: Texts
    disaster: list[str]
    disaster_until: float
    when_open: WhenOpen
    backup: str
    max_wait_s: int
    wrapup_s: int
    recorded: bool


class Plan(TypedDict):
    """All of them. `until`: beyond it, nothing is known of opening hours. `numbers`: which project has which."""

    made_at: float
    until: float
    numbers: dict[str, str]
    projects: dict[str, ProjectPlan]


class CallFile(TypedDict):
    """One call, as the script leaves it; `ended_at` is 0 as long as it goes on."""

    call: str
    project: str
    number: str
    caller: str
    arrived_at: float
    answered_at: float
    ended_at: float
    way: Way
    seat: str
    by_backup: bool


class Member(TypedDict):
    """A seat that takes calls of a project; the lowest `penalty` is asked first. `auto`: it picks up by itself."""

    seat: str
    penalty: int
    auto: bool


Seats = dict[str, list[Member]]
"""Who is there, by project."""


def call_id(leg: str) -> str:
    """The id of the call that came on a caller's channel (its unique id)."""
    return _MARK + leg


def leg_of(call: str) -> str:
    """The caller's channel of such a call."""
    return call.removeprefix(_MARK)


def queue_name(place: int) -> str:
    """A queue of app_queue, from 1: the names that stand in queues.conf."""
    return f"degraded{place:02}"


def said_at(texts: Texts, now: float) -> list[str]:
    """The sounds that are said at a time."""
    said: list[str] = []
    for since, sounds in texts:
        if since > now:
            break
        said = sounds
    return said
