"""Notices, keys that lead out of the line, and closing time, in any order with everything else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from calls.event import Event
from calls.events import DigitPressed, GuidanceFinished, HoursOverridden, OverrideKind, PhoneRegistered
from calls.lifecycle import State
from engine.centre import Centre, SeatPlan
from engine.engine import Engine
from tests.engine.city import EXTENSIONS, NODES, OPEN, TAX, WATER, project
from tests.engine.test_any_order import ANY, LATEST, SEATS, AnyOrder

pytestmark = pytest.mark.replay

BEFORE_CLOSING = OPEN + 7 * 3600
ASKED: dict[str, dict[str, Any]] = {
    "line": NODES["line"]
    | {"keys": {"1": "info", "7": "line", "9": "other"}, "closing": "sorry", "timeout": "line"},
    "other": NODES["line"] | {"queue": "second", "priority": 2, "keys": {"0": "line"}, "closed": "line"},
}
OFTEN = {"first_s": 1, "every_s": 5, "guidance": "web", "position": True, "expected_wait": True}
LINES: list[dict[str, Any]] = [
    {"notices": OFTEN, "at_closing": "release", "max_wait_s": 30},
    {
        "notices": OFTEN,
        "ring": 2,
        "misses": 1,
        "last_call_s": 300,
        "max_expected_wait_s": 20,
        "at_closing": "release",
    },
    {"notices": OFTEN | {"every_s": None}, "policy": "ring_all", "ring_timeout_s": 5, "max_waiting": 2},
]
CENTRES = [
    Centre(
        {
            "tax": project(
                "tax", TAX, nodes=ASKED, queues={"main": line, "second": {"at_closing": "release"}}
            ),
            "water": project("water", WATER),
        },
        (SeatPlan("s1", ("tax",)), SeatPlan("s2", ("water", "tax")), SeatPlan("s3", ("tax",))),
        EXTENSIONS,
    )
    for line in LINES
]
KINDS: list[OverrideKind] = ["closed", "open", "none", "disaster"]


class AnyWait(AnyOrder):
    """Callers who mostly wait, for seats that are mostly busy."""

    @initialize(centre=st.sampled_from([0, 1, 2]), phones=st.sets(SEATS, min_size=1, max_size=2))
    def opens(self, centre: int, phones: set[str]) -> None:
        """The centre is at work, and closes soon."""
        self.now = BEFORE_CLOSING
        self.centre = CENTRES[centre]
        self.engine = Engine(self.centre)
        for phone in sorted(phones):
            self._happens(PhoneRegistered(phone))

    def _happens(self, event: Event) -> None:
        super()._happens(event)
        for call in self.engine.floor.calls.values():
            waits, notice = call.state in {State.QUEUED, State.RINGING}, call.notice_timer
            if waits and call.playback:
                assert notice is not None  # nobody hangs on one lost event
                assert notice.kind == "notice_over"
            elif waits and call.music and call.settings.notices and call.settings.notices.every_s:
                assert notice is not None  # nobody is forgotten
                assert notice.kind == "notice"
            assert waits or not (notice or call.closing_timer or call.unsaid or call.too_late or call.told)
            assert not call.too_late or call.state is State.RINGING

    @rule(kind=st.sampled_from(KINDS), seconds=st.sampled_from([1.0, 60.0, 3600.0]))
    def the_hours_are_ordered(self, kind: OverrideKind, seconds: float) -> None:
        self._happens(HoursOverridden("tax", kind, self.now + seconds, "", ""))

    @rule(which=ANY, digit=st.sampled_from("1790"))
    def a_waiting_caller_presses_a_key(self, which: int, digit: str) -> None:
        legs = [
            call.leg
            for call in self.engine.floor.calls.values()
            if call.state in {State.QUEUED, State.RINGING}
        ]
        if legs:
            self._happens(DigitPressed(legs[-1 - which % len(legs)], digit))

    @rule(which=LATEST)
    def a_waiting_caller_has_heard_it(self, which: int) -> None:
        playing = [call.playback for call in self.engine.floor.calls.values() if call.playback]
        if playing:
            self._happens(GuidanceFinished(playing[-1 - which % len(playing)]))


TestAnyWait = AnyWait.TestCase
TestAnyWait.settings = settings(
    max_examples=100, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
