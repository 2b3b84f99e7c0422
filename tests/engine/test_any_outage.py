"""Outages at any moment: every call ends once, nobody is left behind, and a fresh engine agrees."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from calls.events import PhoneRegistered
from engine.centre import Centre
from engine.engine import Engine
from tests.engine.any_centres import SHARED
from tests.engine.any_outages import AnyOutage
from tests.engine.any_phones import AnyPhone
from tests.engine.test_any_callback import QUICK, AnyCallback
from tests.engine.test_any_order import SEATS

pytestmark = pytest.mark.replay


class AnyOutageAnywhere(AnyOutage, AnyPhone, AnyCallback):
    """In a centre with seats for everybody, supervisors, star codes and callbacks."""

    @initialize(centre=st.sampled_from([*SHARED, QUICK]), phones=st.sets(SEATS, min_size=3))
    def opens(self, centre: Centre, phones: set[str]) -> None:
        """The centre begins to work."""
        self.centre, self.said = centre, dict[str, list[str]]()
        self.engine = Engine(self.centre)
        for phone in sorted(phones):
            self._happens(PhoneRegistered(phone))


TestAnyOutage = AnyOutageAnywhere.TestCase
TestAnyOutage.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
