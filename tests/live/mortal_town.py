"""What the engines die in: lines of two ranks, a flow with everything in it, seats that write records or not."""

from __future__ import annotations

from engine.centre import Centre, Person, SeatPlan
from engine.extensions_file import Extension
from sim.live.telephone import Talk, Telephone
from tests.live.centre import MENU_NUMBER, NODES, NUMBER, SHUT_NUMBER
from tests.live.mortal_house import MortalHouse
from tests.live.phone_office import FOURTH_HZ, straight_project

SEAT, SECOND, PERSONAL, SUPERVISOR = "seat01", "seat02", "seat03", "supervisor01"
HANAKO, WRAPUP_S = "hanako", 3.0
TOWN, URGENT, RECORDS = MENU_NUMBER, SHUT_NUMBER, "0480000009"
ANNA, BERT, CARL, DORA = (f"048830000{number}" for number in range(1, 5))

_FLOW = {
    "start": "menu",
    "nodes": {
        "menu": {
            "type": "menu", "prompt": "prompt", "after": "busy", "timeout_s": 20,
            "keys": {"1": "ask", "2": "line", "3": "leave", "4": "short", "5": "number"},
        },
        "ask": {"type": "callback", "queue": "main", "accepted": "busy", "refused": "busy"},
        "leave": {"type": "message", "prompt": "notice", "max_s": 30, "silence_s": 20, "next": "thanks"},
        "short": {"type": "say", "guidance": "notice", "next": "line"},
        "number": {
            "type": "collect", "prompt": "prompt", "length": 4, "into": "case_no", "next": "line", "after": "busy",
        },
        "line": NODES["line"],
        "thanks": {"type": "hangup", "guidance": "notice"},
        "busy": NODES["busy"],
    },
}  # fmt: skip


def town(*more: SeatPlan) -> Centre:
    """`more`: further seats."""
    rules = {"tries": 2, "interval_s": 0.2, "ring_s": 10}
    urgent = {"start": "line", "nodes": {"line": NODES["line"] | {"priority": 5}, "busy": NODES["busy"]}}
    guidance = {"notice": {"ja": "はい。"}, "prompt": {"ja": "番号を押してください。"}}
    projects = (
        straight_project("line", NUMBER),
        straight_project("urgent", URGENT, {"flow": urgent}),
        straight_project("town", TOWN, {"flow": _FLOW, "guidance": guidance}, callback=rules),
        straight_project("records", RECORDS, wrapup_s=WRAPUP_S),
    )
    seats = (
        SeatPlan(SEAT, ("line", "urgent", "town"), "201"),
        SeatPlan(SECOND, ("records",), "202"),
        SeatPlan(PERSONAL, ("records",), "203", personal=True),
        SeatPlan(SUPERVISOR, (), "291", supervises=("line",)),
        *more,
    )
    people = {HANAKO: Person(HANAKO, "801", "花子", ("records",))}
    return Centre(
        {one.project: one for one in projects}, seats, {"35": Extension("ext35", "35")}, people=people
    )


def supervisor(house: MortalHouse) -> Telephone:
    return house.telephone(SUPERVISOR, FOURTH_HZ)


async def chosen(caller: Telephone, keys: str) -> Talk:
    """Somebody dials the town and presses keys."""
    his = await caller.dial(TOWN)
    assert await his.final == 200
    await his.audio.press(keys)
    return his
