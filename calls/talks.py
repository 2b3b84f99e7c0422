"""Who talked in a call, from when to when: a tuple that grows with the call."""

from __future__ import annotations

import msgspec

from calls.notes import TalkRole

Talks = tuple["Talk", ...]

IN_CHARGE: frozenset[TalkRole] = frozenset({"operator", "transferred"})
_SEAT = "seat:"


class Talk(msgspec.Struct, frozen=True):
    """One person's part in a conversation; times are seconds since 1970 UTC, `ended` None while it goes on.

    `who`: `seat:ID`, `extension:NUMBER` or `outside:NUMBER`. One at a time is in charge: the `operator` whom the line,
    his own dialling or his taking over brought into the call, or the one to whom it was `transferred`. A hold does not
    end that. The others take part beside him: `consulted` (by the operator alone), `joined`, `supervisor`.
    """

    who: str
    role: TalkRole
    began: float
    ended: float | None = None

    @property
    def seconds(self) -> float:
        """How long; 0 while it goes on."""
        return 0.0 if self.ended is None else self.ended - self.began


def began(talks: Talks, who: str, role: TalkRole, at: float) -> Talks:
    """Somebody talks from now on, as this; what he did in the call so far is over."""
    return (*_ended(talks, at, who), Talk(who, role, at))


def ended(talks: Talks, who: str, role: TalkRole, at: float) -> Talks:
    """Somebody does not talk any more as this; he may do so as something else."""
    return _ended(talks, at, who, frozenset({role}))


def charge_taken(talks: Talks, who: str, role: TalkRole, at: float) -> Talks:
    """From now on somebody is in charge, and whoever was so is not any more."""
    return began(charge_given_up(talks, at), who, role, at)


def charge_given_up(talks: Talks, at: float) -> Talks:
    """Whoever was in charge is not any more; the others talk on."""
    return _ended(talks, at, roles=IN_CHARGE)


def all_ended(talks: Talks, at: float) -> Talks:
    """The conversation is over for everybody."""
    return _ended(talks, at)


def is_in_charge(talks: Talks, who: str) -> bool:
    """Whether somebody is in charge now."""
    return any(talk.who == who and talk.ended is None and talk.role in IN_CHARGE for talk in talks)


def seat_in_charge(talks: Talks) -> str:
    """The id of the seat that is in charge, or was so last; empty if there was none."""
    for talk in reversed(talks):
        if talk.role in IN_CHARGE and talk.who.startswith(_SEAT):
            return talk.who.removeprefix(_SEAT)
    return ""


def of_seat(seat: str) -> str:
    """How a seat stands in `who`."""
    return _SEAT + seat


def _ended(talks: Talks, at: float, who: str = "", roles: frozenset[TalkRole] | None = None) -> Talks:
    return tuple(
        Talk(talk.who, talk.role, talk.began, at)
        if talk.ended is None and who in ("", talk.who) and (roles is None or talk.role in roles)
        else talk
        for talk in talks
    )
