"""Everything that people in a centre may ask for, at any moment, sensible or not."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import rule

from calls import requests as asked
from calls.command import TargetKind
from calls.events import LegAnswered, LegEnded, LegHeld, LegRetrieved
from tests.engine.test_any_order import ANY, LATEST, SEATS, AnyOrder

OPERATORS = st.sampled_from(["", "", "p1", "p2", "p3", "leader"])
TARGETS: list[tuple[TargetKind, str]] = [
    ("seat", "s1"),
    ("seat", "s2"),
    ("seat", "s3"),
    ("extension", "35"),
    ("extension", "1001"),
    ("extension", "99"),
    ("outside", "0481234567"),
]
SIMPLE: list[type[asked.Request]] = [
    asked.HoldAsked,
    asked.RetrieveAsked,
    asked.CompleteAsked,
    asked.SwapAsked,
    asked.ConferenceAsked,
    asked.HangUpAsked,
]


class AnyRequest(AnyOrder):
    """The machine of events in any order, and people who ask for things. `ask` is a number of its own each time."""

    asks = 0

    def _asks(self, request: type[asked.Request], *fields: str, **more: str) -> None:
        self.asks += 1
        before = len(self.observer.answers)
        self._happens(request(*fields, ask=f"ask{self.asks}", **more))
        assert self.observer.answers[before:] == [f"ask{self.asks}"]

    def _busy_seat(self, which: int) -> str:
        """A seat in a conversation, if there is one: the newest first."""
        talking = [seat.id for seat in self.engine.floor.seats.values() if seat.leg and seat.call]
        return talking[-1 - which % len(talking)] if talking else f"s{1 + which % 5}"

    def _third_leg(self, which: int) -> str:
        legs = [*self.engine.floor.parties]
        return legs[-1 - which % len(legs)] if legs else "nobody"

    @rule(which=LATEST, request=st.sampled_from(SIMPLE))
    def somebody_asks(self, which: int, request: type[asked.Request]) -> None:
        self._asks(request, self._busy_seat(which))

    @rule(which=LATEST, whom=st.sampled_from(TARGETS))
    def somebody_consults(self, which: int, whom: tuple[str, str]) -> None:
        self._asks(asked.ConsultAsked, self._busy_seat(which), *whom)

    @rule(which=LATEST, whom=st.sampled_from(TARGETS))
    def somebody_transfers(self, which: int, whom: tuple[str, str]) -> None:
        self._asks(asked.TransferAsked, self._busy_seat(which), *whom)

    @rule(which=LATEST)
    def a_third_party_picks_up(self, which: int) -> None:
        self._happens(LegAnswered(self._third_leg(which)))

    @rule(which=LATEST)
    def a_third_party_hangs_up(self, which: int) -> None:
        self._happens(LegEnded(self._third_leg(which)))

    @rule(which=ANY, back=st.booleans())
    def a_telephone_holds_by_itself(self, which: int, back: bool) -> None:
        self._happens((LegRetrieved if back else LegHeld)(self._seat_leg(which)))

    @rule(seat=SEATS, operator=OPERATORS)
    def somebody_sits_down(self, seat: str, operator: str) -> None:
        self._asks(asked.SeatLoggedIn, seat, operator)

    @rule(seat=SEATS, reason=st.sampled_from(["", "lunch", "training"]))
    def somebody_takes_a_break(self, seat: str, reason: str) -> None:
        self._asks(asked.SeatPaused, seat, reason)

    @rule(seat=SEATS)
    def somebody_is_ready(self, seat: str) -> None:
        self._asks(asked.SeatReadied, seat)

    @rule(seat=SEATS)
    def somebody_logs_out(self, seat: str) -> None:
        self._asks(asked.SeatLoggedOut, seat)

    @rule(seat=SEATS, inquiry_class=st.sampled_from(["1", "2", "9", "tax", ""]))
    def a_call_is_classified(self, seat: str, inquiry_class: str) -> None:
        self._asks(asked.CallClassified, seat, inquiry_class)
