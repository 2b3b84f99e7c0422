"""What a robot caller and a robot operator do in a call, as plain data. All times in seconds."""

from dataclasses import dataclass
from enum import Enum

LONGEST_CALL_S = 3600.0
LONGEST_WAIT_S = 120.0


class KeyWay(Enum):
    """How a key travels."""

    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"


@dataclass(frozen=True)
class KeyPress:
    """One DTMF key, pressed `after_s` after the answer or after the key before it.

    A caller who presses any key in-band offers no telephone-events at all, as a line that knows none.
    """

    key: str
    after_s: float
    way: KeyWay = KeyWay.RFC4733


@dataclass(frozen=True)
class CallerBehaviour:
    """What a caller does. Use `talk`, `wait_for_far_end`, `press` or `give_up` to make one.

    `hang_up_after_s` counts from the answer, or from the last key; the far end may hang up before it.
    `give_up_after_s` counts from the INVITE, or from the last 1xx: CANCEL if nobody has answered by then.
    """

    hang_up_after_s: float = LONGEST_CALL_S
    presses: tuple[KeyPress, ...] = ()
    give_up_after_s: float = LONGEST_WAIT_S


def talk(seconds: float) -> CallerBehaviour:
    """Hangs up this long after the 200, wherever the call is then: talking, in the IVR or in the queue."""
    return CallerBehaviour(hang_up_after_s=seconds)


def wait_for_far_end(at_most_s: float = LONGEST_CALL_S) -> CallerBehaviour:
    """Stays until the other side hangs up."""
    return CallerBehaviour(hang_up_after_s=at_most_s)


def press(
    keys: str, after_s: float, at_most_s: float = LONGEST_CALL_S, way: KeyWay = KeyWay.RFC4733
) -> CallerBehaviour:
    """Presses these keys, each `after_s` after what was before it, then waits for the other side's BYE."""
    return CallerBehaviour(at_most_s, tuple(KeyPress(key, after_s, way) for key in keys))


def give_up(after_s: float) -> CallerBehaviour:
    """CANCEL this long after the INVITE, unless it was answered before."""
    return CallerBehaviour(give_up_after_s=after_s)


class Pickup(Enum):
    """What an operator's phone does with an INVITE."""

    ANSWER = "answer"
    WHEN_TOLD = "when told"
    RING_ON = "ring on"
    REJECT = "reject"


@dataclass(frozen=True)
class SeatBehaviour:
    """What an operator's phone does. Use `answer`, `when_told`, `ring_on`, `reject` or `answer_and_drop`."""

    pickup: Pickup = Pickup.ANSWER
    ring_s: float = 0.0
    talk_s: float = LONGEST_CALL_S
    reject_status: str = "486 Busy Here"


def answer(ring_s: float = 0.0, talk_s: float = LONGEST_CALL_S) -> SeatBehaviour:
    """Rings, answers, and hangs up after `talk_s` if the caller has not done so before."""
    return SeatBehaviour(ring_s=ring_s, talk_s=talk_s)


def when_told() -> SeatBehaviour:
    """Rings until somebody says PICK_UP (`sim.live.load_words`), then talks until the caller hangs up."""
    return SeatBehaviour(Pickup.WHEN_TOLD, ring_s=LONGEST_CALL_S)


def ring_on() -> SeatBehaviour:
    """Rings until the other side cancels, then 487."""
    return SeatBehaviour(Pickup.RING_ON, ring_s=LONGEST_CALL_S)


def reject(status: str = "486 Busy Here") -> SeatBehaviour:
    """Refuses at once, such as `486 Busy Here`, `480 Temporarily Unavailable`, `603 Decline`."""
    return SeatBehaviour(Pickup.REJECT, reject_status=status)


def answer_and_drop() -> SeatBehaviour:
    """Answers and sends BYE as soon as the answer was acknowledged."""
    return SeatBehaviour(talk_s=0.0)
