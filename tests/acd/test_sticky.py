from __future__ import annotations

import pytest

from acd.policies.fewest_calls import FewestCalls
from acd.policies.longest_idle import LongestIdle
from acd.policies.sticky import last_operator
from tests.acd.seats import freed, seats

pytestmark = pytest.mark.unit


def test_the_last_operator_if_his_seat_is_free() -> None:
    s1, s2, s3, s4 = seats("s1", "s2", "s3", "s4")
    longest, fewest = LongestIdle(), FewestCalls()
    freed(longest, s1, s2)
    freed(fewest, s3)
    found = [last_operator(last, [longest, fewest]) for last in (s2, s3, s4, None)]
    assert found == [s2, s3, None, None]
