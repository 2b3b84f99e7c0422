"""Looks in the middle of anything: no living call is ended, nobody arrives twice, and in the end all agree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from calls.requests import ConsultAsked, HangUpAsked, HoldAsked, RetrieveAsked
from tests.engine.any_centres import SHARED
from tests.engine.city import TAX, WATER
from tests.telephony.small_asterisk import Wire

pytestmark = pytest.mark.replay

WHICH = st.integers(0, 3)
ASKED = st.sampled_from([HoldAsked, RetrieveAsked, HangUpAsked])


class Interleaved(RuleBasedStateMachine):
    """Callers, telephones, deadlines and operators, on a wire that is slow and breaks."""

    @initialize(centre=st.sampled_from([0, 1, 2]))
    def begins(self, centre: int) -> None:
        """Everybody is there."""
        self.wire = Wire(SHARED[centre])

    @rule(number=st.sampled_from([TAX, WATER]), at_once=st.booleans())
    def somebody_calls(self, number: str, at_once: bool) -> None:
        self.wire.asterisk.arrives(number)
        if at_once:
            self._flows(6)

    @rule(which=WHICH, at_once=st.booleans())
    def a_telephone_is_picked_up(self, which: int, at_once: bool) -> None:
        ringing = [leg for leg, one in self.wire.asterisk.legs.items() if leg.startswith("c") and not one.up]
        if ringing:
            self.wire.asterisk.picks_up(ringing[which % len(ringing)])
        if at_once:
            self._flows(6)

    @rule(which=st.integers(0, 9))
    def somebody_hangs_up(self, which: int) -> None:
        legs = [*self.wire.asterisk.legs]
        if legs:
            self.wire.asterisk.goes(legs[which % len(legs)])

    @rule(which=WHICH)
    def a_text_ends(self, which: int) -> None:
        playing = [*self.wire.asterisk.playing]
        if playing:
            self.wire.asterisk.is_played(playing[which % len(playing)])

    @rule(kind=ASKED, seat=st.sampled_from(["s1", "s2", "s3"]))
    def an_operator_asks(self, kind: type[HoldAsked], seat: str) -> None:
        self.wire.feed(kind(seat))

    @rule(seat=st.sampled_from(["s1", "s2", "s3"]))
    def an_operator_consults(self, seat: str) -> None:
        self.wire.feed(ConsultAsked(seat, "outside", "0481234567"))

    @rule(seconds=st.sampled_from([0.0, 1.0, 5.0, 20.0]))
    def time_passes(self, seconds: float) -> None:
        self.wire.passes(seconds)

    @rule(number=st.integers(1, 5))
    def commands_get_there(self, number: int) -> None:
        for _ in range(number):
            if self.wire.down:
                self.wire.send()

    @rule(number=st.integers(1, 5))
    def events_get_there(self, number: int) -> None:
        for _ in range(number):
            if self.wire.up:
                self.wire.receive()

    @rule()
    def somebody_looks(self) -> None:
        self.wire.ask()

    @rule()
    def the_lists_get_there(self) -> None:
        """Asterisk's answers overtake its events."""
        self.wire.look()

    @rule(down=st.booleans())
    def the_connection_breaks(self, down: bool) -> None:
        self.wire.is_lost(down)

    def _flows(self, times: int) -> None:
        for _ in range(times):
            self.commands_get_there(5)
            self.events_get_there(5)

    def teardown(self) -> None:
        """They agree, and nobody was counted twice."""
        if not hasattr(self, "wire"):
            return
        self.wire.settle()
        self.wire.agree()
        assert len(self.wire.arrived) == len(set(self.wire.arrived))


TestInterleaved = Interleaved.TestCase
TestInterleaved.settings = settings(
    max_examples=150, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
