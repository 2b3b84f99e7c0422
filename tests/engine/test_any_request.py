"""Events and requests in any order: nobody talks twice, every seat comes back, every call ends once."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize

from calls.events import PhoneRegistered
from engine.engine import Engine
from tests.engine.any_centres import SHARED
from tests.engine.any_requests import AnyRequest
from tests.engine.test_any_order import SEATS

pytestmark = pytest.mark.replay


class AnyRequestAnywhere(AnyRequest):
    """In a centre with seats for everybody."""

    @initialize(centre=st.sampled_from([0, 1, 2]), phones=st.sets(SEATS, min_size=2))
    def opens(self, centre: int, phones: set[str]) -> None:
        """The centre begins to work."""
        self.centre = SHARED[centre]
        self.engine = Engine(self.centre)
        for phone in sorted(phones):
            self._happens(PhoneRegistered(phone))


TestAnyRequest = AnyRequestAnywhere.TestCase
TestAnyRequest.settings = settings(
    max_examples=200, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
