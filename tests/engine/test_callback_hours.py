"""Nobody is called back at night; and what becomes of it in another version of the project."""

from __future__ import annotations

import pytest

from calls.commands import RingTelephone
from calls.events import CallArrived, HoursClockShifted, HoursOverridden, ProjectWithdrawn
from calls.requests import (
    SeatLoggedIn,
    SeatLoggedOut,
)
from tests.engine.callback_town import (
    ANNA,
    BEN,
    CLOSES,
    NODES,
    OPENS,
    dialled,
    gone,
    states,
    town,
    wishes,
)
from tests.engine.city import OPEN, TAX, published
from tests.engine.conftest import MakeCity

pytestmark = pytest.mark.unit


# ---- closing time


def test_nobody_is_dialled_after_closing_time(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(0, SeatLoggedOut("s1"))
    wishes(tax, 1, "anna", ANNA)
    wishes(tax, 3, "ben", BEN)
    tax.time_passes(CLOSES)
    assert tax.life(f"callback {ANNA}", CLOSES) == [(CLOSES, "cancelled"), (CLOSES, "CLOSED")]
    tax.happens(CLOSES + 60, SeatLoggedIn("s1"))
    tax.time_passes(OPENS - 1)
    assert tax.done(CLOSES) == []
    tax.time_passes(OPENS)
    assert tax.done(OPENS) == [(OPENS, f"ring s1 for callback {ANNA}")]  # the places are kept
    assert states(tax)[-1] == (OPENS, "waiting", 0)


def test_a_telephone_that_rings_at_closing_time_is_called_off(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, CLOSES - 5, "anna", ANNA)
    tax.time_passes(CLOSES)
    assert tax.done(CLOSES) == [(CLOSES, "hang up s1 (answered_elsewhere)")]
    tax.picks_up(CLOSES, "s1")
    assert tax.done(CLOSES + 1) == []


def test_who_is_being_dialled_at_closing_time_is_called(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, CLOSES - 5, "anna", ANNA)
    tax.picks_up(CLOSES - 2, "s1")
    tax.picks_up(CLOSES + 2, ANNA)
    assert states(tax)[-1] == (CLOSES + 2, "reached", 1)


def test_a_try_that_is_due_at_night_waits_for_the_morning(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, CLOSES - 50, "anna", ANNA)
    tax.picks_up(CLOSES - 45, "s1")
    tax.hangs_up(CLOSES - 40, ANNA, 17)
    tax.time_passes(OPENS)
    assert tax.done(CLOSES) == [(OPENS, f"ring s1 for callback {ANNA}")]
    assert states(tax)[-2:] == [(CLOSES + 560, "waiting", 1), (OPENS, "waiting", 1)]


def test_a_wish_at_night(city: MakeCity) -> None:
    nodes = NODES | {"gate": NODES["call_me"]}
    tax = city(nodes=nodes, start=OPEN + 10 * 3600)
    tax.happens(1, CallArrived("anna", TAX, ANNA))
    tax.hears(2, "anna")
    opens = OPENS - 10 * 3600
    tax.time_passes(opens - 1)
    assert tax.done(3) == []
    tax.time_passes(opens)
    assert tax.done(3) == [(opens, f"ring s1 for callback {ANNA}")]


def test_the_holidays_of_the_city_count(city: MakeCity) -> None:
    tax = town(city, start=OPEN + 24 * 3600)  # a Friday
    tax.happens(0, SeatLoggedOut("s1"))
    wishes(tax, 1, "anna", ANNA)
    tax.time_passes(CLOSES)
    tax.happens(CLOSES, SeatLoggedIn("s1"))
    monday = 3 * 24 * 3600 - 1.5 * 3600
    tax.time_passes(monday)
    assert tax.done(3) == [(monday, f"ring s1 for callback {ANNA}")]


def test_an_order_to_close_and_to_open(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, 1, "anna", ANNA)
    tax.happens(10, HoursOverridden("tax", "closed", OPEN + 3600, "snow", "boss"))
    assert tax.done(10) == [(10, "hang up s1 (answered_elsewhere)")]
    tax.happens(20, HoursOverridden("tax", "none", 0, "", "boss"))
    assert tax.done(20) == [(20, f"ring s1 for callback {ANNA}")]
    tax.happens(30, HoursOverridden("tax", "closed", OPEN + 3600, "snow", "boss"))
    tax.time_passes(3600)
    assert tax.done(3000) == [(3600, f"ring s1 for callback {ANNA}")]


def test_an_order_to_stay_open_at_night(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(0, SeatLoggedOut("s1"), HoursOverridden("tax", "open", OPEN + 9 * 3600, "", "boss"))
    wishes(tax, 1, "anna", ANNA)
    tax.time_passes(9 * 3600 - 1)
    assert tax.life(f"callback {ANNA}") == [(2, "QUEUED")]
    tax.time_passes(9 * 3600)
    assert tax.life(f"callback {ANNA}", 3)[0] == (9 * 3600, "cancelled")


def test_a_test_clock(city: MakeCity) -> None:
    tax = town(city)
    wishes(tax, 1, "anna", ANNA)
    tax.happens(10, HoursClockShifted("tax", 8 * 3600.0))
    assert tax.done(10) == [(10, "hang up s1 (answered_elsewhere)")]
    tax.time_passes(OPENS - 8 * 3600)
    assert tax.done(11) == [(OPENS - 8 * 3600, f"ring s1 for callback {ANNA}")]


# ---- other versions of the project


def test_the_project_is_withdrawn_between_two_tries(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.hangs_up(8, ANNA, 17)
    tax.happens(10, ProjectWithdrawn("tax"))
    tax.time_passes(700)
    assert states(tax)[-1] == (608, "cancelled", 1)
    assert gone(tax)


def test_the_project_is_withdrawn_while_he_waits(city: MakeCity) -> None:
    tax = town(city)
    tax.happens(0, SeatLoggedOut("s1"))
    wishes(tax, 1, "anna", ANNA)
    tax.happens(10, ProjectWithdrawn("tax"))
    tax.happens(11, SeatLoggedIn("s1"))
    assert tax.done(10) == [(11, f"ring s1 for callback {ANNA}")]  # what was promised is kept


def test_the_next_try_is_made_by_the_new_version(city: MakeCity) -> None:
    tax = town(city)
    dialled(tax)
    tax.hangs_up(8, ANNA, 17)
    tax.happens(10, published("tax", TAX, 7, queue={"callback": {"from_number": "0481112222"}}))
    tax.time_passes(609)
    tax.picks_up(610, "s1")
    sent = [command for entry in tax.entries for command in entry.commands]
    assert [command.caller for command in sent if isinstance(command, RingTelephone)] == [TAX, "0481112222"]
