from __future__ import annotations

import pytest

from telephony.streams import Streams

pytestmark = pytest.mark.unit


class Leg:
    """One whose parts are made anew."""

    def __init__(self) -> None:
        self.renewed: list[str] = []
        self.streams = Streams(self.renewed.append, lambda leg: self.renewed.append(f"{leg} too"))

    def reports(self, *sources: str | None, event: str = "RTCPSent") -> list[str]:
        for source in sources:
            block = {} if source is None else {"Report0SourceSSRC": source}
            self.streams.reported({"Event": event, "Uniqueid": "leg1"} | block)
        return self.renewed


def test_a_telephone_after_its_own_hold() -> None:
    leg = Leg()
    leg.streams.begun("leg1")
    assert leg.renewed == ["leg1", "leg1 too"]


@pytest.mark.parametrize(
    ("sources", "times"),
    [
        (["0xa"], 0),
        (["0xa", "0xa", "0xa"], 0),
        (["0xa", None, "0xa"], 0),  # nothing came for a while
        (["0xa", "0xb", "0xb"], 1),
        (["0xa", "0xb", "0xa"], 2),
    ],
)
def test_a_new_stream_is_seen_in_our_own_reports(sources: list[str | None], times: int) -> None:
    assert Leg().reports(*sources) == ["leg1", "leg1 too"] * times


def test_what_a_telephone_reports_is_about_our_streams() -> None:
    assert Leg().reports("0xa", "0xb", event="RTCPReceived") == []


def test_who_has_ended_is_forgotten() -> None:
    leg = Leg()
    leg.reports("0xa")
    leg.streams.forget("leg1")
    assert leg.reports("0xb") == []
