"""What stands on a leg, and what an engine without a memory reads from it."""

from __future__ import annotations

import pytest

from calls.events import LegsConnected
from calls.outages import CallAdopted
from telephony.adopted_calls import adoptions
from telephony.marks import Mark, Marks, read_mark
from telephony.seen import Seen, SeenLeg
from tests.engine.city import TAX, City, centre

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "mark",
    [
        Mark("snoop"),
        Mark("caller", "c17x-1", "tax", 3, TAX, "waiting", "tax/main", 17, 170, run="x0a1b"),
        Mark("seat", "c17x-1", "tax", 3, TAX, seat="seat01"),
    ],
)
def test_a_mark_is_read_as_it_was_written(mark: Mark) -> None:
    assert read_mark(mark.text) == mark


@pytest.mark.parametrize(
    "text", ["", "caller", "caller|c1|tax|x|0570|flow||1|0||", "king|c1|tax|1|0570|flow||1|0||", "|" * 11]
)
def test_what_is_no_mark(text: str) -> None:
    assert read_mark(text) is None


def test_a_caller_is_marked_anew_when_it_matters_and_only_then() -> None:
    city = City(centre(1, {"max_wait_s": 50.0}))
    marks = Marks(city.engine.floor, lambda: city.start + 5)
    city.arrives(0, "anna")
    [anna] = city.engine.floor.calls

    def state() -> str | None:
        changed = marks.changed(anna)
        if changed is None:
            return None
        mark = read_mark(changed[1])
        assert mark is not None
        assert (changed[0], mark.role, mark.call, mark.project) == ("anna", "caller", anna, "tax")
        return f"{mark.state} {mark.queue} {mark.since - int(city.start)} {bool(mark.until)}"

    assert state() == "flow  5 False"
    assert state() is None
    city.hears(1, "anna")
    assert state() == "waiting tax/main 5 True"
    city.confirms = False
    city.picks_up(2, "s1")
    assert state() is None
    city.happens(2, LegsConnected(city.bridge("anna")))
    assert state() == "talking tax/main 5 False"
    city.hangs_up(3, "anna")
    assert state() is None


def test_a_leg_that_is_placed_says_for_whom() -> None:
    city = City()
    city.arrives(0, "anna")
    [anna] = city.engine.floor.calls
    marks = Marks(city.engine.floor)
    assert read_mark(marks.of_leg("seat", anna, "s1")) == Mark("seat", anna, "tax", 0, TAX, seat="s1")
    assert read_mark(marks.of_leg("desk", "", "s1")) == Mark("desk", seat="s1")


def caller(leg: str, mark: Mark, number: str = "048") -> SeenLeg:
    """Somebody in our application."""
    return SeenLeg(leg, True, ("inbound", TAX, number, "0"), mark, since=leg)


def marked(call: str, state: str, since: int, queue: str = "") -> Mark:
    """A caller's."""
    mark = read_mark(f"caller|{call}|tax|2|{TAX}|{state}|{queue}|{since}|0||x")
    assert mark is not None
    return mark


def test_calls_are_taken_over_in_their_order() -> None:
    line = "tax/main"
    talks = SeenLeg("c3x-3.s1", True, ("seat",), Mark("seat", "c3x-3", "tax", seat="s1"))
    legs = [
        caller("9.1", marked("c1x-1", "waiting", 300, line)),
        caller("9.2", marked("c2x-2", "waiting", 200, line)),
        caller("9.3", marked("c3x-3", "waiting", 250, line)),  # the mark came too late
        caller("9.4", marked("c4x-4", "talking", 270, line)),  # whom he talked to has gone
        caller("9.5", marked("c5x-5", "flow", 100), number=""),
        SeenLeg("9.6", True, ("inbound", TAX, "048"), None),
        talks,
    ]
    seen = Seen({leg.id: leg for leg in legs}, {"c3x-3.b1": frozenset({"9.3", talks.id})})
    calls = adoptions(seen)
    assert [(call.leg, call.state) for call in calls] == [
        ("9.5", "flow"),
        ("9.2", "waiting"),
        ("9.3", "talking"),
        ("9.4", "waiting"),
        ("9.1", "waiting"),
    ]
    assert calls[2] == CallAdopted(
        "9.3", "c3x-3", "tax", TAX, "048", "talking", 2, "tax/main", 250.0, 0.0, "s1", talks.id, "c3x-3.b1"
    )


def test_who_was_on_hold_still_talks() -> None:
    talks = SeenLeg("c3x-3.s1", True, ("seat",), Mark("seat", "c3x-3", "tax", seat="s1"))
    held = caller("9.3", marked("c3x-3", "talking", 250))
    [call] = adoptions(Seen({"9.3": held, talks.id: talks}, {"c3x-3.b1": frozenset({talks.id})}))
    assert (call.state, call.seat_leg, call.bridge) == ("talking", talks.id, "c3x-3.b1")


def test_whom_we_had_called_is_taken_over_only_in_a_conversation() -> None:
    party = SeenLeg("c3x-3.t1", True, ("seat",), Mark("party", "c3x-3", "tax", state="talking"))
    talks = SeenLeg("c3x-3.s1", True, ("seat",), Mark("seat", "c3x-3", "tax", seat="s1"))
    legs = {leg.id: leg for leg in (party, talks)}
    [call] = adoptions(Seen(legs, {"c3x-3.b1": frozenset(legs)}))
    assert (call.leg, call.seat_leg, call.seat) == (party.id, talks.id, "s1")
    assert adoptions(Seen({party.id: party}, {})) == []
