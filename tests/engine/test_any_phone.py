"""Supervisors, star codes, keys and buttons in any order: nothing of them is left behind."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from calls.events import PhoneRegistered
from engine.engine import Engine
from tests.engine.any_centres import SHARED
from tests.engine.any_phones import AnyPhone
from tests.engine.test_any_order import SEATS

pytestmark = pytest.mark.replay


class AnyPhoneAnywhere(AnyPhone):
    """In a centre with seats for everybody."""

    @initialize(centre=st.sampled_from([0, 1, 2]), phones=st.sets(SEATS, min_size=3))
    def opens(self, centre: int, phones: set[str]) -> None:
        """The centre begins to work."""
        self.centre = SHARED[centre]
        self.engine = Engine(self.centre)
        for phone in sorted(phones | {"s4"}):
            self._happens(PhoneRegistered(phone))


TestAnyPhone = AnyPhoneAnywhere.TestCase
TestAnyPhone.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
