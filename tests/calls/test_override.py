from __future__ import annotations

import pytest

from calls.events import HoursOverridden, OverrideKind, PinEntered, decode_event, encode_event
from calls.override import Override, override_of, still_valid

pytestmark = pytest.mark.unit


def order(project: str, kind: OverrideKind, until: float) -> HoursOverridden:
    return HoursOverridden(project, kind, until, "snow", "sv01")


def test_an_order_holds_until_its_time() -> None:
    assert override_of(order("tax", "closed", 100.0), 99.9) == Override("closed", 100.0, "snow", "sv01")
    assert override_of(order("tax", "closed", 100.0), 100.0) is None
    assert override_of(order("tax", "none", 100.0), 0.0) is None


def test_what_still_holds_is_the_last_of_each_project() -> None:
    given = [
        order("tax", "closed", 500.0),
        order("water", "closed", 900.0),
        order("tax", "open", 200.0),
        order("roads", "closed", 50.0),
        order("parks", "disaster", 900.0),
        order("water", "none", 0.0),
    ]
    assert still_valid(given, 100.0) == [order("tax", "open", 200.0), order("parks", "disaster", 900.0)]
    assert still_valid(given, 300.0) == [order("parks", "disaster", 900.0)]


@pytest.mark.parametrize("event", [order("tax", "closed", 100.5), PinEntered("leg", ok=True)])
def test_the_events_go_through_the_journal(event: HoursOverridden | PinEntered) -> None:
    assert decode_event(encode_event(event)) == event
