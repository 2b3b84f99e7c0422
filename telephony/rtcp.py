"""Voice quality of one channel, folded from the RTCP reports that AMI shows (RFC 3550, section 6.4).

`RTCPSent` carries our report of what we received from the phone, `RTCPReceived` the phone's report of what it
received from us. Both count here: a call is as bad as its worse direction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

_CLOCK_HZ = 8000  # of G.711 and G.722 (RFC 3551); Opus has 48000 (RFC 7587)


@dataclass(frozen=True, slots=True)
class Quality:
    """Jitter and round trip in ms (largest and mean), loss in percent (largest interval and whole call).

    `rtt_*` are 0 where the phone sends no RTCP of its own.
    """

    jitter_ms: float
    jitter_mean_ms: float
    loss_percent: float
    loss_mean_percent: float
    rtt_ms: float
    rtt_mean_ms: float
    reports: int


class _Spread:
    """Largest and mean of a stream of numbers."""

    def __init__(self) -> None:
        self.most = 0.0
        self._sum = 0.0
        self._count = 0

    def add(self, value: float) -> None:
        self.most = max(self.most, value)
        self._sum += value
        self._count += 1

    @property
    def mean(self) -> float:
        return self._sum / self._count if self._count else 0.0


class QualityFold:
    """Feed it the headers of each event; `clock_hz` is the RTP clock of the codec."""

    def __init__(self, clock_hz: int = _CLOCK_HZ) -> None:
        self._clock_hz = clock_hz
        self._jitter, self._loss, self._rtt = _Spread(), _Spread(), _Spread()
        self._reports = 0

    def add(self, event: Mapping[str, str]) -> None:
        """One RTCPSent or RTCPReceived event. Raises ValueError if a number in it is none."""
        rtt_s = float(event.get("RTT", "0"))
        if rtt_s > 0:  # 0.0000 stands in the first report, before there was anything to measure with
            self._rtt.add(1000 * rtt_s)
        for index in range(int(event.get("ReportCount", "0"))):
            self._add_block(event, f"Report{index}")

    def _add_block(self, event: Mapping[str, str], block: str) -> None:
        # Interarrival jitter in RTP timestamp units; fraction lost since the last report in 1/256.
        self._jitter.add(1000 * float(event[f"{block}IAJitter"]) / self._clock_hz)
        self._loss.add(100 * float(event[f"{block}FractionLost"]) / 256)
        self._reports += 1

    def quality(self) -> Quality:
        return Quality(
            jitter_ms=self._jitter.most,
            jitter_mean_ms=self._jitter.mean,
            loss_percent=self._loss.most,
            loss_mean_percent=self._loss.mean,
            rtt_ms=self._rtt.most,
            rtt_mean_ms=self._rtt.mean,
            reports=self._reports,
        )
