from __future__ import annotations

import pytest

from ivr.nodes.enqueue import Enqueue
from ivr.steps import Enqueue as IntoLine
from ivr.steps import Entered, Goto, Input, Key, Played, Refused, Silence, Stay
from tests.ivr.nodes.walk import walk

pytestmark = pytest.mark.unit

LINE = Enqueue(type="enqueue", queue="main", full="overload", no_seats="nobody", timeout="given_up")


@pytest.mark.parametrize(
    ("reason", "node"), [("full", "overload"), ("no_seats", "nobody"), ("timeout", "given_up")]
)
def test_a_caller_whom_the_line_gives_back_goes_on(reason: str, node: str) -> None:
    assert walk(LINE, Entered(), Refused(reason))[1] == [IntoLine("main"), Goto(node)]


@pytest.mark.parametrize("given", [Key("1"), Silence(), Played()])
def test_nothing_else_means_anything(given: Input) -> None:
    assert walk(LINE, Entered(), given)[1] == [IntoLine("main"), Stay()]


def test_what_the_loader_checks() -> None:
    assert LINE.exits() == {"full": "overload", "no_seats": "nobody", "timeout": "given_up"}
    assert LINE.queues() == {"queue": "main"}
    assert (LINE.at_once(), LINE.unasked()) == (["overload", "nobody"], [])
