"""The service number: a PIN, then a key that closes, opens or switches the project."""

from __future__ import annotations

import pytest

from calls.commands import HangUp, OverrideHours
from calls.events import PinEntered
from engine.service_line import KEYS, PIN_ATTEMPTS, service_project
from tests.engine.city import OPEN, City, project
from tests.engine.conftest import MakeCity
from tests.engine.test_orders import QUAKE, heard

pytestmark = pytest.mark.unit

NUMBER = "0480000099"
LINE = {"service_number": {"number": NUMBER}}
MIDNIGHT = OPEN + 14 * 3600  # 2026-05-08 00:00 in Tokyo


def said(city: City) -> list[str]:
    """The texts that were begun, in order."""
    return [what.split()[1] for _, what in city.log if what.startswith("play ")]


def orders(city: City) -> list[OverrideHours]:
    return [c for entry in city.entries for c in entry.commands if isinstance(c, OverrideHours)]


def with_the_pin(city: City, caller: str = "boss") -> None:
    """A caller of the service number who knows the PIN."""
    city.arrives(0, caller, NUMBER)
    city.hears(1, caller)
    city.happens(5, PinEntered(caller, ok=True))


def test_the_right_pin_and_a_key(city: MakeCity) -> None:
    town = city(**LINE)
    with_the_pin(town)
    town.presses(8, "boss", "1")
    town.hears(9, "boss")
    assert said(town) == ["pin", "choice", "closed"]
    [call] = [entry for entry in town.entries if any(isinstance(c, OverrideHours) for c in entry.commands)]
    [order] = orders(town)
    assert order == OverrideHours("tax", "closed", MIDNIGHT, "by telephone", order.by)
    assert call.at == OPEN + 8
    assert town.life("boss")[-2:] == [(9, "self_served"), (9, "CLOSED")]


@pytest.mark.parametrize(("key", "kind"), KEYS.items())
def test_every_key(city: MakeCity, key: str, kind: str) -> None:
    town = city(**LINE, **QUAKE)
    with_the_pin(town)
    town.presses(8, "boss", key)
    assert said(town) == ["pin", "choice_disaster", kind]
    assert [order.kind for order in orders(town)] == [kind]


def test_without_a_disaster_flow_there_is_no_key_for_it(city: MakeCity) -> None:
    town = city(**LINE)
    with_the_pin(town)
    town.presses(8, "boss", "3")
    assert said(town) == ["pin", "choice", "no_such_key"]
    assert orders(town) == []


def test_three_wrong_pins_end_the_call(city: MakeCity) -> None:
    town = city(**LINE)
    town.arrives(0, "thief", NUMBER)
    for attempt in range(PIN_ATTEMPTS):
        town.happens(attempt + 1, PinEntered("thief", ok=False))
    assert said(town) == ["pin", "wrong_pin", "wrong_pin", "refused"]
    town.happens(5, PinEntered("thief", ok=True))  # too late
    town.hears(6, "thief")
    assert orders(town) == []
    assert town.life("thief")[-2:] == [(6, "abandoned_ivr"), (6, "CLOSED")]


def test_silence_is_an_attempt(city: MakeCity) -> None:
    town = city(**LINE)
    town.arrives(0, "mute", NUMBER)
    for at in (1, 17, 33):
        town.hears(at, "mute")
    town.time_passes(48)
    assert said(town) == ["pin", "pin", "pin", "refused"]


def test_keys_before_the_pin_mean_nothing(city: MakeCity) -> None:
    town = city(**LINE)
    town.arrives(0, "thief", NUMBER)
    town.presses(1, "thief", "1")
    assert said(town) == ["pin"]
    assert orders(town) == []


def test_a_pin_from_a_caller_of_the_project_means_nothing(city: MakeCity) -> None:
    town = city(**LINE)
    town.arrives(0, "ann")
    town.happens(1, PinEntered("ann", ok=True), PinEntered("nobody", ok=True))
    assert said(town) == ["notice"]


def test_the_line_is_never_full_and_no_call_of_the_project(city: MakeCity) -> None:
    town = city(**LINE, lines=1)
    town.arrives(0, "ann")
    town.arrives(1, "boss", NUMBER)
    assert heard(town, "boss") == "pin"
    assert town.engine.floor.lines == {"tax": 1, "tax.service": 1}
    assert not [c for e in town.entries for c in e.commands if isinstance(c, HangUp)]


def test_a_project_without_a_service_number_has_no_line() -> None:
    assert service_project(project("tax", "0570012229")) is None
