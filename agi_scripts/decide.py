"""What a caller gets while the engine is away: pure, the files' contents go in and a decision comes out."""

from __future__ import annotations

from typing import NamedTuple

from calls.degraded import Member, Plan, ProjectPlan, Seats, Way, said_at


class Decision(NamedTuple):
    """`say`: sounds (paths without ending) that are said first; `sorry`: those at the end if nobody talked to him.

    `members`: who is rung, `backup`: the number that is dialled after that, empty where there is none.
    """

    way: Way
    project: str
    say: list[str]
    sorry: list[str]
    members: list[Member]
    queue: str = ""
    backup: str = ""
    max_wait_s: int = 0
    wrapup_s: int = 0
    recorded: bool = False


def decide(plan: Plan, seats: Seats, number: str, now: float) -> Decision | None:
    """For a call to `number` at `now` (seconds since 1970 UTC); None where the number is nobody's."""
    name = plan["numbers"].get(number, "")
    project = plan["projects"].get(name)
    if project is None:
        return None
    if now < project["disaster_until"]:
        return _told(name, "announce", project["disaster"])
    if not is_open(plan, project, now):
        return _told(name, "closed", said_at(project["closed"], now))
    return _open(name, project, seats.get(name, []), now)


def is_open(plan: Plan, project: ProjectPlan, now: float) -> bool:
    """Whether a project is open; beyond what the plan knows it counts as open: better a bell in vain than silence."""
    return now >= plan["until"] or any(start <= now < end for start, end in project["open"])


def _told(name: str, way: Way, sounds: list[str]) -> Decision:
    return Decision(way, name, sounds, [], [])


def _open(name: str, project: ProjectPlan, members: list[Member], now: float) -> Decision:
    way: Way = project["when_open"]
    if way == "seats" and not members:  # nobody is there whom one could ring
        way = "backup" if project["backup"] else "announce"
    sorry = said_at(project["sorry"], now)
    if way == "announce":
        return _told(name, way, sorry)
    return Decision(
        way,
        name,
        said_at(project["notice"], now) if way == "seats" else [],  # the backup's line is not recorded by us
        sorry,
        members if way == "seats" else [],
        project["queue"],
        project["backup"],
        project["max_wait_s"],
        project["wrapup_s"],
        project["recorded"] and way == "seats",
    )
