"""A call, and the telephones in it besides the caller's."""

from __future__ import annotations

import msgspec

from acd.seat import Seat
from calls.command import TargetKind
from calls.lifecycle import STATE, Outcome, State
from calls.notes import Direction, TalkRole
from calls.queue_settings import QueueSettings
from engine.hours_clock import HoursClock
from engine.timers import Timer
from ivr.nodes.enqueue import Enqueue
from ivr.project import Project
from ivr.steps import Position

NO_QUEUE = QueueSettings(wrapup_s=0)
"""Of calls that came to a seat without a queue."""


class Message(msgspec.Struct, eq=False):
    """A message that a caller is leaving. `seconds`: how much was said, None as long as it is not over."""

    id: str
    begun_at: float
    seconds: float | None = None


class Callback(msgspec.Struct, eq=False):
    """Somebody who is to be called back at `number` for a `queue` (its id).

    `asker`: the id of the call in which he wished it, as long as it goes on. `call`: the one that serves it now, in
    the line or on the telephone. `tries`: how often he was dialled. `timer`: until the next try.
    """

    id: str
    project: str
    queue: str
    number: str
    priority: int
    asker: str = ""
    call: Call | None = None
    tries: int = 0
    timer: Timer | None = None

    @property
    def waits_at_home(self) -> bool:
        """Whether nothing but the opening hours keeps it out of the line."""
        return self.call is None and self.timer is None and not self.asker


class Call(msgspec.Struct, eq=False):
    """One call from its arrival until it is closed. Only the engine changes it.

    `project`, its `hours`, its published `version` (0: never published) and the `settings` of its queue are those
    with which the call began, whatever is published meanwhile. `leg` is the caller's; of a call of ours, that of
    the party that is called, empty until it is dialled.

    `seat` is the operator in charge (or the one who has picked up and is being connected). `rings` are the seats
    whose telephones ring for the queue, `late` those of them that were picked up while another was being connected.
    `transfer` is whom the call was transferred to and who has no seat, or who is still rung for it; `sender` the
    seat that did it, which gets the caller back if nobody is reached. `parties`: everybody else in the conversation.
    `keys`: those that may be pressed in the line; `many`: its queue rings more than one telephone at once.
    `stands_since`: when he first found no free seat. `told`: where he stands, at least once; `unsaid` are the texts of
    a notice that is being said. `too_late`: closing time has come while a telephone rang for him. `callback`: the id of
    the one that this call serves; `asked`: somebody wished in it to be called back.
    """

    id: str
    leg: str
    project: Project
    number: str
    caller: str
    hours: HoursClock
    version: int = 0
    direction: Direction = "in"
    state: State = STATE.ARRIVED
    position: Position = Position("")
    outcome: Outcome | None = None
    answered: bool = False
    early: bool = False
    plays: int = 0
    playback: str = ""
    queue: str = ""
    settings: QueueSettings = NO_QUEUE
    priority: int = 0
    keys: tuple[str, ...] = ()
    many: bool = False
    offers: int = 0
    connects: int = 0
    seat: Seat | None = None
    rings: list[Seat] = []
    late: list[Seat] = []
    bridge: str = ""
    ring_until: float = 0.0
    wait_until: float | None = None
    music: bool = False
    recorded: bool = False
    timer: Timer | None = None
    wait_timer: Timer | None = None
    notice_timer: Timer | None = None
    closing_timer: Timer | None = None
    widen_timer: Timer | None = None
    stands_since: float | None = None
    told: bool = False
    unsaid: tuple[str, ...] = ()
    too_late: bool = False
    asks: int = 0
    transfer: Party | None = None
    sender: Seat | None = None
    parties: list[Party] = []
    messages: int = 0
    message: Message | None = None
    inquiry_class: str = ""
    callback: str = ""
    asked: bool = False

    @property
    def awaited(self) -> bool:
        """Whether the flow goes on with a caller who leaves the line: not where somebody else has brought him there."""
        return isinstance(self.project.flow.table.nodes.get(self.position.node), Enqueue)

    def rings_at(self, leg: str) -> bool:
        """Whether this call is being transferred to a leg and nobody has talked there yet."""
        return self.state is STATE.TRANSFERRED and self.transfer is not None and self.transfer.id == leg


class Party(msgspec.Struct, eq=False):
    """A telephone that is rung for a call, or talks in it, without being that of the operator in charge.

    `phone`: its id, empty where it is no telephone of ours; `seat`: where it is a seat's. `timer`: how long it
    is rung. `talking`: it was picked up; `held`: and hears music meanwhile.
    """

    call: Call
    kind: TargetKind
    target: str
    phone: str = ""
    seat: Seat | None = None
    id: str = ""
    role: TalkRole = "transferred"
    talking: bool = False
    held: bool = False
    timer: Timer | None = None

    @property
    def who(self) -> str:
        """As records name it."""
        return f"{self.kind}:{self.target}"

    @property
    def seat_id(self) -> str:
        """The seat's id, or empty."""
        return self.seat.id if self.seat is not None else ""
