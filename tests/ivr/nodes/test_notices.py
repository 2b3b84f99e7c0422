"""`sms` and `notify`: both hand a text to a gateway, one to a number."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from ivr.nodes.notify import Notify
from ivr.nodes.sms import Sms
from ivr.steps import Done, Entered, Goto, Input, Key, Position, SendNotice, Stay, World
from tests.ivr.nodes.walk import world

pytestmark = pytest.mark.unit

START = Position("here", variables={"NUMBER": "0481234567", "CODE": "A1"})


def sms(**fields: Any) -> Sms:
    return Sms.model_validate(
        {"type": "sms", "gateway": "sms", "text": "番号 {CODE}", "next": "told"} | fields
    )


def notify(**fields: Any) -> Notify:
    plain = {"type": "notify", "gateway": "chat", "text": "{caller}: {CODE}{NOTHING} {}", "next": "told"}
    return Notify.model_validate(plain | fields)


def caller(number: str) -> World:
    return World(world().hours, "", number)


@pytest.mark.parametrize(
    ("to", "shown", "number"),
    [
        ("caller", "0900000001", "0900000001"),
        ("NUMBER", "", "0481234567"),
        ("caller", "+15551234567", "+15551234567"),
    ],
)
def test_a_short_message(to: str, shown: str, number: str) -> None:
    node = sms(to=to)
    assert node.step(START, Entered(), caller(shown)).action == SendNotice("sms", number, "番号 A1")
    assert node.step(START, Done(), caller(shown)).action == Goto("told")


@pytest.mark.parametrize(("to", "shown"), [("caller", ""), ("CODE", "0900000001"), ("NOTHING", "0900000001")])
def test_without_a_usable_number_nothing_is_sent(to: str, shown: str) -> None:
    assert sms(to=to).step(START, Entered(), caller(shown)).action == Goto("told")


def test_a_notice_to_the_office() -> None:
    asked = notify().step(START, Entered(), caller("0900000001")).action
    assert asked == SendNotice("chat", "", "0900000001: A1 {}")
    assert notify().step(START, Done(), caller("")).action == Goto("told")


@pytest.mark.parametrize("given", [Key("1")])
def test_nothing_else_means_anything(given: Input) -> None:
    assert sms().step(START, given, caller("")).action == Stay()
    assert notify().step(START, given, caller("")).action == Stay()


def test_what_they_name() -> None:
    for node, gateway in ((sms(to="NUMBER"), "sms"), (notify(), "chat")):
        assert (node.exits(), node.at_once(), node.unasked()) == ({"next": "told"}, ["told"], ["told"])
        assert node.gateways() == {"gateway": gateway}
    assert sms(to="NUMBER").reads() == {"to": "NUMBER", "text.0": "CODE"}
    assert notify().reads() == {"text.0": "CODE", "text.1": "NOTHING"}


def test_a_text_says_something() -> None:
    with pytest.raises(ValidationError):
        sms(text="")
    with pytest.raises(ValidationError):
        notify(text="")
