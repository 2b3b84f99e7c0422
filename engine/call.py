"""A call, and the telephones in it besides the caller's."""

from __future__ import annotations

from mypy_extensions import mypyc_attr

from acd.seat import Seat
from calls.command import TargetKind
from calls.lifecycle import STATE, Outcome, State
from calls.notes import Direction, TalkRole
from calls.queue_settings import QueueSettings
from engine.hours_clock import HoursClock
from engine.timers import Timer
from ivr.project import Project
from ivr.steps import Position

NO_QUEUE = QueueSettings(wrapup_s=0).terms
"""Of calls that came to a seat without a queue."""

NOWHERE = Position("")
"""Of calls that are in no flow."""


class Message:
    """A message that a caller is leaving. `seconds`: how much was said, None as long as it is not over."""

    def __init__(
        self,
        name: str,
        begun_at: float,
    ) -> None:
        self.id = name
        self.begun_at = begun_at
        self.seconds: float | None = None


class Callback:
    """Somebody who is to be called back at `number` for a `queue` (its id).

    `asker`: the id of the call in which he wished it, as long as it goes on. `call`: the one that serves it now, in
    the line or on the telephone. `tries`: how often he was dialled. `timer`: until the next try.
    """

    def __init__(
        self,
        name: str,
        project: str,
        queue: str,
        number: str,
        priority: int,
    ) -> None:
        self.id = name
        self.project = project
        self.queue = queue
        self.number = number
        self.priority = priority
        self.asker = ""
        self.call: Call | None = None
        self.tries = 0
        self.timer: Timer | None = None

    @property
    def waits_at_home(self) -> bool:
        """Whether nothing but the opening hours keeps it out of the line."""
        return self.call is None and self.timer is None and not self.asker


@mypyc_attr(free_list_len=1)
class Call:
    """One call from its arrival until it is closed. Only the engine changes it.

    `project` (and the `facts` of it), its `hours`, its published `version` (0: never published) and the `settings` of
    its queue are those with which the call began, whatever is published meanwhile. `leg` is the caller's; of a call of
    ours, that of the party that is called, empty until it is dialled.

    `seat` is the operator in charge (or the one who has picked up and is being connected). `rings` are the seats
    whose telephones ring for the queue, `late` those of them that were picked up while another was being connected.
    `transfer` is whom the call was transferred to and who has no seat, or who is still rung for it; `sender` the
    seat that did it, which gets the caller back if nobody is reached. `parties`: everybody else in the conversation.
    `keys`: those that may be pressed in the line; `many`: its queue rings more than one telephone at once.
    `stands_since`: when he first found no free seat. `told`: where he stands, at least once; `unsaid` are the texts of
    a notice that is being said. `too_late`: closing time has come while a telephone rang for him. `callback`: the id of
    the one that this call serves; `asked`: somebody wished in it to be called back.
    """

    def __init__(
        self,
        name: str,
        leg: str,
        project: Project,
        number: str,
        caller: str,
        hours: HoursClock,
        version: int = 0,
        direction: Direction = "in",
    ) -> None:
        self.id = name
        self.leg = leg
        self.project = project
        self.facts = project.facts
        self.number = number
        self.caller = caller
        self.hours = hours
        self.version = version
        self.direction = direction
        self.state: State = STATE.ARRIVED
        self.position = NOWHERE
        self.outcome: Outcome | None = None
        self.answered = False
        self.early = False
        self.plays = 0
        self.playback = ""
        self.queue = ""
        self.settings = NO_QUEUE
        self.priority = 0
        self.keys: tuple[str, ...] = ()
        self.many = False
        self.offers = 0
        self.connects = 0
        self.seat: Seat | None = None
        self.rings: list[Seat] = []
        self.late: list[Seat] = []
        self.bridge = ""
        self.ring_until = 0.0
        self.wait_until: float | None = None
        self.music = False
        self.recorded = False
        self.timer: Timer | None = None
        self.wait_timer: Timer | None = None
        self.notice_timer: Timer | None = None
        self.closing_timer: Timer | None = None
        self.widen_timer: Timer | None = None
        self.stands_since: float | None = None
        self.told = False
        self.unsaid: tuple[str, ...] = ()
        self.too_late = False
        self.asks = 0
        self.transfer: Party | None = None
        self.sender: Seat | None = None
        self.parties: list[Party] = []
        self.messages = 0
        self.message: Message | None = None
        self.inquiry_class = ""
        self.callback = ""
        self.asked = False

    @property
    def awaited(self) -> bool:
        """Whether the flow goes on with a caller who leaves the line: not where somebody else has brought him there."""
        return self.position.node in self.facts.line_nodes

    def rings_at(self, leg: str) -> bool:
        """Whether this call is being transferred to a leg and nobody has talked there yet."""
        return self.state is STATE.TRANSFERRED and self.transfer is not None and self.transfer.id == leg


class Party:
    """A telephone that is rung for a call, or talks in it, without being that of the operator in charge.

    `phone`: its id, empty where it is no telephone of ours; `seat`: where it is a seat's. `timer`: how long it
    is rung. `talking`: it was picked up; `held`: and hears music meanwhile.
    """

    def __init__(
        self,
        call: Call,
        kind: TargetKind,
        target: str,
        phone: str = "",
        seat: Seat | None = None,
        leg: str = "",
    ) -> None:
        self.call = call
        self.kind = kind
        self.target = target
        self.phone = phone
        self.seat = seat
        self.id = leg
        self.role: TalkRole = "transferred"
        self.talking = False
        self.held = False
        self.timer: Timer | None = None

    @property
    def who(self) -> str:
        """As records name it."""
        return f"{self.kind}:{self.target}"

    @property
    def seat_id(self) -> str:
        """The seat's id, or empty."""
        return self.seat.id if self.seat is not None else ""
