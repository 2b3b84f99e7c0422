from __future__ import annotations

import pytest

from ivr.nodes.call import Call
from ivr.steps import CallFlow, Entered
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

ASK = Call(type="call", flow="ask_number", next="line")


def test_into_the_sub_flow() -> None:
    assert walk(ASK, Entered())[1] == [CallFlow("ask_number", "line")]


def test_what_the_loader_checks() -> None:
    assert ASK.exits() == {"next": "line"}
    assert ASK.at_once() == ASK.unasked() == ["line"]
    assert ASK.subflows() == {"flow": "ask_number"}
