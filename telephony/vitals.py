"""Is Asterisk well, dead or hung? Judged from what its doors answered, with no clock and no network in here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Answer(StrEnum):
    """What a door did when it was knocked at."""

    ANSWERED = "answered"
    SILENT = "silent"
    REFUSED = "refused"  # nobody listens there


class Verdict(StrEnum):
    """What that comes to."""

    WELL = "well"
    DEAD = "dead"  # no process, or nothing listens
    HUNG = "hung"  # it is there, but one of its doors stays shut


@dataclass(frozen=True)
class Look:
    """One look at all doors, begun at `at` and over at `until` (seconds, monotonic).

    `there`: whether its process is; None where nobody can know (an Asterisk of somebody else's). `doors`: door ->
    what it did; a door that was not knocked at is not in it.
    """

    at: float
    until: float
    there: bool | None
    doors: Mapping[str, Answer]


@dataclass
class Judge:
    """Fed with one look after the other.

    A door is shut for good once it has not answered for `hung_after` seconds and at `fewest` looks in a row: a busy
    machine is slow, but it answers now and then. A look that is over more than `gap` seconds after the last one says
    that nobody looked meanwhile (we were stopped, or the whole machine was): silence so far counts for nothing then.
    """

    hung_after: float = 30.0
    fewest: int = 4
    gap: float = 20.0
    _silent: dict[str, _Silence] = field(default_factory=dict, init=False)
    _last: float | None = field(default=None, init=False)
    why: str = field(default="", init=False)
    """What is wrong, for people; empty while all is well."""

    def hear(self, look: Look) -> Verdict:
        """The verdict now."""
        last, self._last = self._last, look.until
        if look.there is False or (look.there is None and _all_refused(look)):
            return self._dead(look)
        if look.until - (look.at if last is None else last) > self.gap:
            self._silent.clear()
        else:
            self._note(look)
        shut = [name for name, silence in self._silent.items() if self._is_shut(silence, look.until)]
        self.why = ", ".join(
            f"{name} has not answered for {look.until - self._silent[name].since:.0f} s" for name in shut
        )
        return Verdict.HUNG if shut else Verdict.WELL

    def silent(self, door: str) -> bool:
        """Whether it did not answer the last time."""
        return door in self._silent

    def forget(self) -> None:
        """What comes next is another Asterisk."""
        self._silent.clear()

    def _dead(self, look: Look) -> Verdict:
        self._silent.clear()
        self.why = "its process has ended" if look.there is False else "nobody listens at its ports"
        return Verdict.DEAD

    def _note(self, look: Look) -> None:
        for name, answer in look.doors.items():
            if answer is Answer.ANSWERED:
                self._silent.pop(name, None)
            else:
                self._silent.setdefault(name, _Silence(look.at)).looks += 1

    def _is_shut(self, silence: _Silence, now: float) -> bool:
        return now - silence.since >= self.hung_after and silence.looks >= self.fewest


@dataclass
class _Silence:
    """Of one door: since the first knock that it did not answer."""

    since: float
    looks: int = 0


def _all_refused(look: Look) -> bool:
    return bool(look.doors) and all(answer is Answer.REFUSED for answer in look.doors.values())
