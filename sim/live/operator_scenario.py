"""The SIPp scenario of robot operators: one process that is the telephone of every seat.

The user part of the request URI names the seat. SIPp looks it up in the injection file, whose line says
by step index which tone the seat speaks and how it behaves. Steps are dear (SIPp takes one per
millisecond), so the INVITE's own step does the looking up, and one behaviour for all needs no jump.
"""

from collections.abc import Iterable

from sim.live import messages
from sim.live.behaviour import Pickup, SeatBehaviour
from sim.live.load_words import PICK_UP
from sim.live.scenario import Action, Scenario, action, execute, jump_by, number_from, remember
from sim.live.tones import tone_file_name

_RETRANS_MS = 500
_LIMIT_MS = 10_000


def _keep(regexp: str, header: str | None, variable: str) -> Action:
    where = {"search_in": "hdr", "header": header} if header else {"search_in": "msg"}
    return action("ereg", regexp=regexp, **where, assign_to=f"_,{variable}")


def _ms(seconds: float) -> int:
    # SIPp takes a time-out of 0 for "none"
    return max(1, round(seconds * 1000))


class OperatorScenario:
    """The steps for these tones and behaviours, and the indexes of them for the injection file."""

    def __init__(
        self, behaviours: Iterable[SeatBehaviour], tones_hz: Iterable[int | None], seats_file: str
    ) -> None:
        self._steps = Scenario("robot operators")
        self._seats_file = seats_file
        self._behaviours = tuple(dict.fromkeys(behaviours))
        self._find_seat()
        for number, behaviour in enumerate(self._behaviours):
            self._behave(f"seat-{number}", behaviour)
        self._add_tones(sorted({hz for hz in tones_hz if hz is not None}))
        self._ends()

    @property
    def xml(self) -> str:
        return self._steps.xml()

    def tone_step(self, tone_hz: int | None) -> int:
        return self._steps.index("silent" if tone_hz is None else f"tone-{tone_hz}")

    def behaviour_step(self, behaviour: SeatBehaviour) -> int:
        return self._steps.index(f"seat-{self._behaviours.index(behaviour)}")

    def _find_seat(self) -> None:
        steps = self._steps
        steps.receive(request="OPTIONS", optional=True, then="options")
        kept = [
            _keep("sips?:([^@;> ]+)@", None, "seat"),
            _keep(" *(.*)", "From:", "caller"),
            _keep(" *(.*)", "To:", "called"),
        ]
        if any(one.pickup is Pickup.WHEN_TOLD for one in self._behaviours):
            kept += [_keep(" *(.*)", "Via:", "via"), _keep(" *(.*)", "CSeq:", "number")]
        look_up = (
            action("lookup", assign_to="line", file=self._seats_file, key="[$seat]"),
            action("test", assign_to="unknown", variable="line", compare="less_than", value=0),
            *number_from('[field1 line="[$line]"]', "tone"),
            *number_from('[field2 line="[$line]"]', "behaviour"),
        )
        steps.receive(
            request="INVITE", route_set=True, actions=[*kept, *look_up], then="unknown-seat", test="unknown"
        )
        steps.reference("behaviour", "tone", "after_tone")
        if len(self._behaviours) > 1:
            steps.nop(jump_by("behaviour"))

    def _add_tones(self, tones: list[int]) -> None:
        steps = self._steps
        for hz in tones:
            steps.target(f"tone-{hz}")
            steps.nop(execute(rtp_stream=f"{tone_file_name(hz)},-1,0"), jump_by("after_tone"))
        steps.target("silent")
        steps.nop(jump_by("after_tone"))

    def _behave(self, label: str, behaviour: SeatBehaviour) -> None:
        if len(self._behaviours) > 1:
            self._steps.target(label)
        else:
            self._steps.label(label)
        if behaviour.pickup is Pickup.REJECT:
            self._refuse(behaviour.reject_status)
            return
        self._steps.send(messages.reply("180 Ringing", tag=messages.OPERATOR_TAG))
        if behaviour.ring_s > 0:
            self._ring(label, behaviour)
        self._answer(label, told=behaviour.pickup is Pickup.WHEN_TOLD)
        self._talk(label, behaviour.talk_s)

    def _refuse(self, status: str) -> None:
        self._steps.send(messages.reply(status, tag=messages.OPERATOR_TAG), retrans_ms=_RETRANS_MS)
        self._await_last_ack()

    def _await_last_ack(self) -> None:
        self._steps.receive(request="ACK", then="end", timeout_ms=_LIMIT_MS, on_timeout="abandoned")

    def _ring(self, label: str, behaviour: SeatBehaviour) -> None:
        answers = behaviour.pickup is Pickup.ANSWER
        self._steps.label(f"{label}-ring")
        self._steps.receive(
            request=messages.LEAVE,
            optional=True,
            then=f"{label}-ring",
            timeout_ms=_ms(behaviour.ring_s),
            on_timeout=f"{label}-answer" if answers else "abandoned",
        )
        if behaviour.pickup is Pickup.WHEN_TOLD:
            self._steps.receive(request=PICK_UP, optional=True, then=f"{label}-answer")
        self._steps.receive(request="CANCEL", then="cancelled")

    def _answer(self, label: str, *, told: bool) -> None:
        """200 and its ACK. A CANCEL that crosses with the 200 gets its own 200 and changes nothing."""
        steps = self._steps
        steps.label(f"{label}-answer")
        at_once = messages.reply("200 OK", tag=messages.OPERATOR_TAG, body=messages.SDP)
        steps.send(messages.late_answer() if told else at_once, retrans_ms=_RETRANS_MS)
        steps.label(f"{label}-await-ack")
        steps.receive(
            request="CANCEL",
            optional=True,
            then=f"{label}-late-cancel",
            timeout_ms=_LIMIT_MS,
            on_timeout="abandoned",
        )
        steps.receive(request="ACK", then=f"{label}-talk")
        steps.label(f"{label}-late-cancel")
        steps.send(messages.reply("200 OK"), then=f"{label}-await-ack")

    def _talk(self, label: str, seconds: float) -> None:
        steps = self._steps
        steps.label(f"{label}-talk")
        if seconds <= 0:
            steps.nop(then="hang-up")
            return
        steps.nop(remember(f"{label}-listen", "after_tone"), jump_by("tone"))
        steps.target(f"{label}-listen")
        steps.receive(
            request="INVITE",
            optional=True,
            then=f"{label}-reinvite",
            timeout_ms=_ms(seconds),
            on_timeout="hang-up",
        )
        steps.receive(request=messages.LEAVE, optional=True, then="hang-up")
        steps.receive(request="BYE", then="far-end-hung-up")
        steps.label(f"{label}-reinvite")
        steps.send(messages.reply("200 OK", body=messages.SDP), retrans_ms=_RETRANS_MS)
        steps.receive(request="ACK", then=f"{label}-listen")

    def _ends(self) -> None:
        steps = self._steps
        self._hang_up()
        steps.label("far-end-hung-up")
        steps.send(messages.reply("200 OK"), then="end")
        steps.label("cancelled")
        steps.send(messages.reply("200 OK"))
        steps.send(messages.reply_to_cancelled_invite(), retrans_ms=_RETRANS_MS)
        self._await_last_ack()
        steps.label("unknown-seat")
        self._refuse("404 Not Found")
        steps.label("options")
        steps.send(messages.reply("200 OK", tag=messages.OPERATOR_TAG), then="end")
        steps.label("abandoned")
        steps.nop()
        steps.label("end")
        steps.nop()

    def _hang_up(self) -> None:
        steps = self._steps
        steps.label("hang-up")
        steps.send(messages.operator_bye(), retrans_ms=_RETRANS_MS)
        steps.label("hang-up-wait")
        steps.receive(
            request="BYE",
            optional=True,
            then="hang-up-crossed",
            timeout_ms=_LIMIT_MS,
            on_timeout="abandoned",
        )
        steps.receive(response=481, optional=True, then="end")
        steps.receive(response=200, then="end")
        steps.label("hang-up-crossed")
        steps.send(messages.reply("200 OK"), then="hang-up-wait")


def register_scenario(contact: str) -> str:
    """REGISTER with digest authentication for each line `seat;credentials;expires` of the injection file."""
    steps = Scenario("registration")
    steps.send(messages.register(contact, attempt=1, authenticated=False), retrans_ms=_RETRANS_MS)
    steps.receive(response=100, optional=True, timeout_ms=_LIMIT_MS)
    steps.receive(response=200, optional=True, then="end")
    steps.receive(response=401, auth=True)
    steps.send(messages.register(contact, attempt=2, authenticated=True), retrans_ms=_RETRANS_MS)
    steps.receive(response=100, optional=True, timeout_ms=_LIMIT_MS)
    steps.receive(response=200)
    steps.label("end")
    steps.nop()
    return steps.xml()
