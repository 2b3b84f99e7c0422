"""Reads the message trace of SIPp and tells, call by call, what happened and when.

One line per message: date, time, seconds since 1970, R or S, call id, CSeq, first line; by tabs.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum


@dataclass(frozen=True)
class Message:
    """One SIP message as SIPp saw it. `at`: seconds since 1970; `status` is None for a request."""

    at: float
    received: bool
    call_id: str
    sequence: str
    method: str
    status: int | None
    first_line: str


class Ending(Enum):
    """How a call ended, as its robot saw it."""

    NEAR_END_HUNG_UP = "hung up itself"
    FAR_END_HUNG_UP = "far end hung up"
    CANCELLED = "cancelled before the answer"
    REFUSED = "refused"
    UNFINISHED = "unfinished"


@dataclass(frozen=True)
class CallTrace:
    """The milestones of one call, in seconds since 1970; None where it never got there.

    `setup_code` is the final answer to the INVITE. `called_user` is the user part that was called.
    """

    call_id: str
    called_user: str
    invited_at: float
    ringing_at: float | None
    final_at: float | None
    setup_code: int | None
    ended_at: float | None
    ending: Ending
    retransmissions: int

    @property
    def answered(self) -> bool:
        return self.setup_code == 200

    @property
    def answered_at(self) -> float | None:
        return self.final_at if self.answered else None

    @property
    def talk_s(self) -> float | None:
        """Seconds from the answer to the first BYE."""
        if self.answered_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.answered_at


def read_messages(lines: Iterable[str]) -> Iterator[Message]:
    """Messages in the order of the trace; a line that is not whole (yet) is left out."""
    for line in lines:
        fields = line.rstrip("\n").split("\t")
        if line.endswith("\n") and len(fields) == 7:
            yield _message(fields)


def _message(fields: list[str]) -> Message:
    _, _, epoch, direction, call_id, sequence, first_line = fields
    number, _, method = sequence.removeprefix("CSeq:").strip().partition(" ")
    is_response = first_line.startswith("SIP/2.0 ")
    status = int(first_line.split()[1]) if is_response else None
    verb = method.strip() if is_response else first_line.split(" ", 1)[0]
    return Message(float(epoch), direction == "R", call_id, number, verb, status, first_line.strip())


def call_traces(messages: Iterable[Message]) -> dict[str, CallTrace]:
    """One trace per call id that holds an INVITE, in the order of their INVITEs."""
    by_call: dict[str, list[Message]] = defaultdict(list)
    for message in messages:
        by_call[message.call_id].append(message)
    return {call_id: trace for call_id, seen in by_call.items() if (trace := _trace(call_id, seen))}


def _trace(call_id: str, seen: list[Message]) -> CallTrace | None:
    invite = _first(seen, "INVITE", None)
    if invite is None:
        return None
    answers = [m for m in seen if m.method == "INVITE" and m.sequence == invite.sequence and m.status]
    ringing = next((m for m in answers if m.status in (180, 183)), None)
    final = next((m for m in answers if m.status is not None and m.status >= 200), None)
    bye = _first(seen, "BYE", None)
    return CallTrace(
        call_id=call_id,
        called_user=user_of(invite),
        invited_at=invite.at,
        ringing_at=ringing.at if ringing else None,
        final_at=final.at if final else None,
        setup_code=final.status if final else None,
        ended_at=bye.at if bye else _refused_at(final),
        ending=_ending(seen, final, bye),
        retransmissions=_repeats(seen),
    )


def _first(seen: list[Message], method: str, status: int | None) -> Message | None:
    return next((m for m in seen if m.method == method and m.status == status), None)


def user_of(request: Message) -> str:
    """The user part of whom a request calls."""
    return request.first_line.partition("sip:")[2].partition("@")[0]


def _refused_at(final: Message | None) -> float | None:
    return final.at if final is not None and final.status != 200 else None


def _ending(seen: list[Message], final: Message | None, bye: Message | None) -> Ending:
    if final is None:
        return Ending.UNFINISHED
    if final.status != 200:
        return Ending.CANCELLED if _first(seen, "CANCEL", None) else Ending.REFUSED
    if bye is None:
        return Ending.UNFINISHED
    return Ending.FAR_END_HUNG_UP if bye.received else Ending.NEAR_END_HUNG_UP


def _repeats(seen: list[Message]) -> int:
    kinds = {(m.received, m.sequence, m.method, m.status) for m in seen}
    return len(seen) - len(kinds)
