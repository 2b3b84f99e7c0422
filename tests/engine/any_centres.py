"""Centres and versions of their projects with as much in them as can go wrong."""

from __future__ import annotations

from typing import Any

from calls.events import ProjectPublished, ProjectWithdrawn
from engine.centre import Centre, Person, SeatPlan, Skill
from tests.engine.city import EXTENSIONS, TAX, WATER, project, published

RETRY: dict[str, dict[str, Any]] = {
    "line": {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "notice"}
}
LEAVE = {"type": "message", "prompt": "info", "max_s": 30, "next": "given_up"}
ASKS: dict[str, dict[str, Any]] = {
    "notice": {
        "type": "menu",
        "prompt": "info",
        "keys": {"0": "seat", "1": "extension", "7": "outside", "9": "leave", "#": "call_me"},
        "after": "line",
    },
    "seat": {"type": "transfer", "to": {"seat": "s2"}, "ring_s": 20, "unanswered": "line"},
    "extension": {"type": "transfer", "to": {"extension": "35"}, "ring_s": 5, "unanswered": "seat"},
    "outside": {"type": "transfer", "to": {"outside": "0481234567"}, "ring_s": 60, "unanswered": "leave"},
    "leave": LEAVE,
    "call_me": {"type": "callback", "queue": "main", "accepted": "tell", "refused": "tell"},
    "tell": {"type": "notify", "gateway": "chat", "text": "{caller}", "next": "bye"},
    "line": {
        "type": "enqueue",
        "queue": "main",
        "full": "leave",
        "no_seats": "extension",
        "timeout": "call_me",
    },
}
WATER_TOWN: list[tuple[dict[str, Any], dict[str, dict[str, Any]]]] = [
    ({"wrapup_s": 0, "misses": 1, "rest_s": 5, "ring_timeout_s": 1}, {}),
    ({"wrapup_s": None, "misses": 3, "max_wait_s": 30}, RETRY),
    ({"wrapup_s": 10, "max_wait_s": 20, "max_waiting": 1}, ASKS),
]
CENTRES = [
    Centre(
        {
            "tax": project(
                "tax",
                TAX,
                {"max_wait_s": 50, "max_waiting": 2},
                lines=5,
                nodes=nodes if nodes is ASKS else {},
            ),
            "water": project("water", WATER, queue, nodes=nodes),
        },
        (
            SeatPlan("s1", ("tax",)),
            SeatPlan("s2", ("water", "tax")),
            SeatPlan("s3", ("water",)),
            SeatPlan("s4", ()),
        ),
        EXTENSIONS,
    )
    for queue, nodes in WATER_TOWN
]
PEOPLE = {
    "p1": Person("p1", "101", projects=("tax",)),
    "p2": Person("p2", "102", projects=("water", "tax"), skills={"water": Skill(2, 10.0)}),
    "p3": Person("p3", "103", projects=("water",), skills={"water": Skill(1, 5.0)}),
    "leader": Person("leader", "201", supervises=("tax", "water"), role="leader"),
}
RINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"policy": "ring_all", "misses": 1}, {"policy": "round_robin", "ring": 2, "rest_s": None}),
    ({"ring": 2, "wrapup_s": 0, "sticky": True}, {"policy": "fewest_calls", "priority": 3, "max_wait_s": 40}),
    ({"policy": "ring_all", "max_wait_s": 30, "wrapup_s": None}, {"policy": "ring_all", "ring_timeout_s": 1}),
]
SHARED = [
    Centre(
        {
            "tax": project(
                "tax", TAX, tax, lines=6, inquiry_classes=["a", "b"], nodes=ASKS if index == 2 else {}
            ),
            "water": project("water", WATER, water),
        },
        (
            SeatPlan("s1", ("tax",), "201"),
            SeatPlan("s2", ("water", "tax"), "202", skills={"tax": Skill(2, 20.0)}),
            SeatPlan("s3", ("water", "tax"), "203", auto_answer=True),
            SeatPlan("s4", (), "204", supervises=("tax", "water")),
            SeatPlan("s5", ("tax",), "205", personal=True),
        ),
        EXTENSIONS,
        people=PEOPLE,
    )
    for index, (tax, water) in enumerate(RINGS)
]
"""Telephones that ring together, seats shared with delays, people who sit where they like."""

SECOND = {"line": RETRY["line"] | {"queue": "second"}}
VERSIONS: list[ProjectPublished | ProjectWithdrawn] = [
    published("tax", TAX, 1, queue={"max_wait_s": 50}),
    published("tax", WATER, 2, lines=2),  # the two may have each other's number for a while
    published("tax", TAX, 3, queues={"second": {"wrapup_s": 5}}, nodes=SECOND),
    published("tax", TAX, 4, queues={"second": {}, "main": {"max_waiting": 0}}),
    published("water", WATER, 1, queues={"second": {"max_wait_s": 30}}, nodes=SECOND),
    published("water", TAX, 2, nodes={"gate": {"type": "hours", "open": "sorry", "closed": "notice"}}),
    published("gas", "0312345678", 1),
    ProjectWithdrawn("tax"),
    ProjectWithdrawn("water"),
    ProjectWithdrawn("gas"),
]
