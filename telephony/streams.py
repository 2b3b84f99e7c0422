"""Parties whose audio begins anew in mid-call: a telephone after its own hold, a carrier that takes another way.

Asterisk as Debian builds it drops a packet of audio whose RTP number is older than the one before, wherever audio
changes its format, and never asks whether both are of the same stream (RFC 3550: a new stream begins anywhere). So
every other party that begins anew would be silent until its numbers have caught up, which takes minutes: for
everybody in the bridge, and in the recording that hangs on its leg. What changes the format remembers the numbers;
it is made anew where the leg comes into its bridge again, and where its recording does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Renew = Callable[[str], None]
"""Makes something of a leg anew."""


class Streams:
    """Knows which stream each leg sends, by the reports that Asterisk itself makes of it."""

    def __init__(self, *renewals: Renew) -> None:
        self._renewals = renewals
        self._sources: dict[str, str] = {}

    def begun(self, leg: str) -> None:
        """It may well have begun a new one: it was on hold by its own telephone."""
        for renew in self._renewals:
            renew(leg)

    def reported(self, event: Mapping[str, str]) -> None:
        """The headers of an RTCP event; those of RTCPSent say what we receive."""
        source = event.get("Report0SourceSSRC")
        if event.get("Event") != "RTCPSent" or source is None:
            return
        leg = event["Uniqueid"]
        if self._sources.setdefault(leg, source) != source:
            self._sources[leg] = source
            self.begun(leg)

    def forget(self, leg: str) -> None:
        """It has ended."""
        self._sources.pop(leg, None)
