from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acd.line import WaitingLine
from acd.positions import BLOCK, Place, Positions

pytestmark = pytest.mark.unit

places = st.builds(Place, st.integers(-2, 2), st.integers(0, 5 * BLOCK), st.sampled_from("abc"))


@given(st.sets(places), st.sets(places), places)
def test_whoever_is_smaller_stands_before(added: set[Place], removed: set[Place], mine: Place) -> None:
    positions = Positions(added)
    for place in added & removed:
        positions.remove(place)
    assert positions.before(mine) == sum(place < mine for place in added - removed)


def test_a_line_counts_from_the_first_question_on() -> None:
    line = WaitingLine()
    for number in range(2 * BLOCK):
        line.join(Place(0, number, str(number)))
    line.leave("3")
    assert line.before(Place(0, BLOCK + 1, "")) == BLOCK
    line.leave("4")
    line.join(Place(-1, 9_999, "vip"))
    line.join(Place(0, 3, "3"))
    assert line.before(Place(0, BLOCK + 1, "")) == BLOCK + 1
    assert line.before(Place(-1, 10_000, "x")) == 1
