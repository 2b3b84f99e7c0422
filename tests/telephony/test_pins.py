"""The PIN pad: the digits of a PIN go no further."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from calls.event import Event
from calls.events import CallArrived, DigitPressed, LegEnded, PinEntered
from telephony.pins import MOST_WRONG, WRONG_WITHIN_S, PinPad, make_pins, pin_file, pin_of
from telephony.tree import AsteriskError
from tests.engine.city import TAX, centre

pytestmark = pytest.mark.unit

NUMBER, PIN = "0480000099", "12345678"


class Clock:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def pad(clock: Clock | None = None) -> PinPad:
    return PinPad({NUMBER: PIN}.get, clock or Clock())


def typed(pin_pad: PinPad, keys: str, leg: str = "leg") -> list[Event]:
    """What comes through of some keys."""
    seen = [pin_pad.filtered(DigitPressed(leg, key)) for key in keys]
    return [event for event in seen if event is not None]


def dialled(pin_pad: PinPad, number: str = NUMBER) -> None:
    event = CallArrived("leg", number, "0900000001")
    assert pin_pad.filtered(event) is event


def test_the_right_pin_and_then_keys_as_ever() -> None:
    pin_pad = pad()
    dialled(pin_pad)
    assert typed(pin_pad, "1234*5678#1") == [
        PinEntered("leg", ok=True),
        DigitPressed("leg", "#"),
        DigitPressed("leg", "1"),
    ]


def test_wrong_pins_and_then_the_right_one() -> None:
    pin_pad = pad()
    dialled(pin_pad)
    assert typed(pin_pad, "87654321" + "11111111" + PIN) == [
        PinEntered("leg", ok=False),
        PinEntered("leg", ok=False),
        PinEntered("leg", ok=True),
    ]


def test_keys_of_other_callers_are_none_of_its_business() -> None:
    pin_pad = pad()
    dialled(pin_pad, TAX)
    assert typed(pin_pad, "12") == [DigitPressed("leg", "1"), DigitPressed("leg", "2")]


def test_the_next_call_begins_anew() -> None:
    pin_pad = pad()
    dialled(pin_pad)
    assert typed(pin_pad, "1234") == []
    assert pin_pad.filtered(LegEnded("leg")) == LegEnded("leg")
    assert typed(pin_pad, "1") == [DigitPressed("leg", "1")]
    dialled(pin_pad)
    assert typed(pin_pad, PIN) == [PinEntered("leg", ok=True)]


def test_too_many_wrong_pins_shut_the_door_for_a_while(caplog: pytest.LogCaptureFixture) -> None:
    clock = Clock()
    pin_pad = pad(clock)
    for _ in range(MOST_WRONG):
        dialled(pin_pad)
        assert typed(pin_pad, "00000000") == [PinEntered("leg", ok=False)]
    dialled(pin_pad)
    assert typed(pin_pad, PIN) == [PinEntered("leg", ok=False)]
    clock.now = WRONG_WITHIN_S
    assert typed(pin_pad, PIN) == [PinEntered("leg", ok=True)]
    assert "takes none for a while" in caplog.text
    assert PIN not in caplog.text


def test_pins_are_made_once_and_read_at_each_call(tmp_path: Path) -> None:
    town = centre(service_number={"number": NUMBER})
    make_pins(tmp_path, town)
    path = pin_file(tmp_path, "tax")
    made = path.read_text().strip()
    assert (len(made), made.isdigit(), stat.S_IMODE(path.stat().st_mode)) == (8, True, 0o600)
    make_pins(tmp_path, town)
    assert pin_of(tmp_path, town, NUMBER) == made
    path.write_text("11112222\n")
    assert pin_of(tmp_path, town, NUMBER) == "11112222"
    assert pin_of(tmp_path, town, TAX) is None
    assert pin_of(tmp_path, town, "0999999999") is None


def test_a_file_that_holds_no_pin(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    town = centre(service_number={"number": NUMBER})
    make_pins(tmp_path, town)
    pin_file(tmp_path, "tax").write_text("1234\n")
    assert pin_of(tmp_path, town, NUMBER) == ""
    assert "holds no PIN: write 8 digits" in caplog.text
    with pytest.raises(AsteriskError, match="holds no PIN"):
        make_pins(tmp_path, town)
