"""The SIPp scenario of robot callers: one process, every caller its own tone and its own behaviour.

A call walks: its INVITE, its tone, its programme. Which of each, its line of the injection file says by
step index; `CallerScenario` hands out those indexes. Steps are dear: SIPp takes one per millisecond.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from sim.live import messages
from sim.live.behaviour import CallerBehaviour, KeyPress, KeyWay
from sim.live.keys import KEY_MS, KEYS, PAYLOAD_TYPE, key_file_name
from sim.live.load_words import DIAL, key_word
from sim.live.scenario import Action, Scenario, execute, jump_by, number_from, remember
from sim.live.tones import tone_file_name

_RETRANS_MS = 500
_BYE_LIMIT_MS = 10_000
_REFUSALS = (400, 401, 403, 404, 406, 408, 410, 415, 420, 480, 481, 484, 486, 487, 488, 491, 493)
_FAILURES = (500, 501, 502, 503, 504, 513, 580, 600, 603, 604, 606)


@dataclass(frozen=True)
class Dialling:
    """The part of a call until it is answered; callers that dial alike share its steps."""

    withheld: bool
    offers_sdp: bool
    give_up_after_s: float
    offers_events: bool = True

    @property
    def label(self) -> str:
        who = "withheld" if self.withheld else "identified"
        offer = "offer" if self.offers_sdp else "no-offer"
        keys = "" if self.offers_events else "-no-events"
        return f"dial-{who}-{offer}{keys}-{_ms(self.give_up_after_s)}"


@dataclass(frozen=True)
class Programme:
    """The part of a call from its answer on."""

    behaviour: CallerBehaviour
    withheld: bool
    tone_hz: int | None

    @property
    def label(self) -> str:
        presses = self.behaviour.presses
        keys = "-".join(f"{key_file_name(one.key)}-{one.way.value}-{_ms(one.after_s)}" for one in presses)
        who = "withheld" if self.withheld else "identified"
        # Every step repeats it, and SIPp reads short scenarios only: many keys must not make it long.
        said = f"{who}-{_ms(self.behaviour.hang_up_after_s)}-{keys}"
        return f"programme-{sha256(said.encode()).hexdigest()[:8]}"


def _ms(seconds: float) -> int:
    # SIPp takes a time-out of 0 for "none"
    return max(1, round(seconds * 1000))


class CallerScenario:
    """The steps for these ways of dialling, programmes and tones. `delayed`: field 5 holds a delay in ms.

    `told`: every caller waits before his INVITE for the word DIAL, and presses a key whenever he is told so
    (`sim.live.load_words`).
    """

    def __init__(
        self,
        diallings: Iterable[Dialling],
        programmes: Iterable[Programme],
        *,
        delayed: bool = False,
        told: bool = False,
    ) -> None:
        self._steps = Scenario("robot callers")
        self._told = told
        every = tuple(programmes)
        self._begin(delayed)
        self._add_tones(sorted({one.tone_hz for one in every if one.tone_hz is not None}))
        for dialling in dict.fromkeys(diallings):
            self._dial(dialling)
        for programme in {one.label: one for one in every}.values():
            self._run(programme)
        self._ends()

    @property
    def xml(self) -> str:
        return self._steps.xml()

    def tone_step(self, tone_hz: int | None) -> int:
        return self._steps.index("silent" if tone_hz is None else f"tone-{tone_hz}")

    def dial_step(self, dialling: Dialling) -> int:
        return self._steps.index(dialling.label)

    def programme_step(self, programme: Programme) -> int:
        return self._steps.index(programme.label)

    def _begin(self, delayed: bool) -> None:
        steps = self._steps
        fields = {"tone": 2, "dial": 3, "after_tone": 4, "delay": 5}
        read = [one for name, field in fields.items() for one in number_from(f"[field{field}]", name)]
        steps.reference("delay", "late")
        if self._told:
            self._await_dial(read)
        elif delayed:
            steps.nop(*read)
            steps.pause_by("delay")
            steps.nop(jump_by("dial"))
        else:
            steps.nop(*read, jump_by("dial"))

    def _await_dial(self, read: list[Action]) -> None:
        steps = self._steps
        steps.nop(*read, then="idle")
        # Never sent: SIPp takes whoever awaits something before he sends anything for the called side.
        steps.send(messages.bye(withheld=False))
        steps.label("idle")
        steps.receive(request=messages.LEAVE, optional=True, then="end")
        steps.receive(request=DIAL)
        steps.nop(jump_by("dial"))

    def _add_tones(self, tones: list[int]) -> None:
        """Each call starts its tone here, and comes here again after a key, which ended the tone."""
        steps = self._steps
        for hz in tones:
            steps.target(f"tone-{hz}")
            steps.nop(execute(rtp_stream=f"{tone_file_name(hz)},-1,0"), jump_by("after_tone"))
        steps.target("silent")
        steps.nop(jump_by("after_tone"))

    def _dial(self, dialling: Dialling) -> None:
        steps, label, withheld = self._steps, dialling.label, dialling.withheld
        steps.target(label)
        invite = messages.invite(
            withheld=withheld, with_sdp=dialling.offers_sdp, with_events=dialling.offers_events
        )
        steps.send(invite, retrans_ms=_RETRANS_MS)
        self._receive_progress(label, _ms(dialling.give_up_after_s))
        steps.receive(response=200, route_set=True)
        acknowledge = messages.acknowledge(
            withheld=withheld, with_sdp=not dialling.offers_sdp, with_events=dialling.offers_events
        )
        steps.send(acknowledge)
        steps.nop(jump_by("tone"))
        self._cancel(dialling)
        steps.label(f"{label}-refused")
        steps.send(messages.acknowledge_refusal(withheld=withheld), then="end")

    def _receive_progress(self, label: str, give_up_ms: int) -> None:
        """Every provisional answer arms the time-out anew: SIPp forgets one that it had not armed yet."""
        steps, waiting = self._steps, f"{label}-waiting"
        steps.label(waiting)
        steps.receive(
            response=100, optional=True, then=waiting, timeout_ms=give_up_ms, on_timeout=f"{label}-cancel"
        )
        steps.receive(request=messages.LEAVE, optional=True, then=f"{label}-cancel")
        for code in (180, 181, 182, 183):
            steps.receive(response=code, optional=True, then=waiting)
        for code in (*_REFUSALS, *_FAILURES):
            steps.receive(response=code, optional=True, then=f"{label}-refused")

    def _cancel(self, dialling: Dialling) -> None:
        """CANCEL, its 200 and the 487; or the answer that crossed with it, which is hung up."""
        steps, label, withheld = self._steps, dialling.label, dialling.withheld
        steps.label(f"{label}-cancel")
        steps.send(messages.cancel(withheld=withheld), retrans_ms=_RETRANS_MS)
        steps.label(f"{label}-cancelled")
        steps.receive(
            response=487,
            optional=True,
            then=f"{label}-refused",
            timeout_ms=_BYE_LIMIT_MS,
            on_timeout="abandoned",
        )
        for_invite = Action(
            '<ereg regexp="INVITE" search_in="hdr" header="CSeq:" check_it="false" assign_to="late"/>'
        )
        steps.receive(
            response=200, route_set=True, actions=[for_invite], then=f"{label}-crossed", test="late"
        )
        steps.nop(then=f"{label}-cancelled")
        steps.label(f"{label}-crossed")
        steps.send(messages.acknowledge(withheld=withheld, with_sdp=not dialling.offers_sdp))
        steps.nop(then=_hang_up(withheld))

    def _run(self, programme: Programme) -> None:
        self._steps.target(programme.label)
        for number, one in enumerate(programme.behaviour.presses):
            here = f"{programme.label}-key{number}"
            self._listen(here, one.after_s, f"{here}-press", programme)
            self._press(here, number, one, programme)
        hang_up, listening = _hang_up(programme.withheld), f"{programme.label}-listen"
        keys = KEYS if self._told else ""
        self._listen(listening, programme.behaviour.hang_up_after_s, hang_up, programme, keys)
        for key in keys:
            here = f"{programme.label}-{key_word(key)}"
            self._press(here, 0, KeyPress(key, 0.0), programme)
            self._steps.nop(then=listening)

    def _listen(
        self, label: str, seconds: float, on_timeout: str, programme: Programme, keys: str = ""
    ) -> None:
        """Stays in the call until the far end hangs up or the time is over; a re-INVITE is accepted.

        `keys`: those that he presses when he is told.
        """
        steps = self._steps
        steps.label(label)
        steps.receive(
            request="INVITE",
            optional=True,
            then=f"{label}-reinvite",
            timeout_ms=_ms(seconds),
            on_timeout=on_timeout,
        )
        steps.receive(request=messages.LEAVE, optional=True, then=_hang_up(programme.withheld))
        for key in keys:
            there = f"{programme.label}-{key_word(key)}-press"
            steps.receive(request=key_word(key), optional=True, then=there)
        steps.receive(request="BYE", then="far-end-hung-up")
        steps.label(f"{label}-reinvite")
        steps.send(messages.reply("200 OK", body=messages.SDP), retrans_ms=_RETRANS_MS)
        steps.receive(request="ACK", then=label)

    def _press(self, label: str, number: int, one: KeyPress, programme: Programme) -> None:
        self._steps.label(f"{label}-press")
        if one.way is KeyWay.INFO:
            self._inform(number, one.key, programme)
        else:
            self._stream(label, one, programme)

    def _inform(self, number: int, key: str, programme: Programme) -> None:
        """The tone goes on meanwhile."""
        steps, withheld = self._steps, programme.withheld
        info = messages.key_info(key, number=number, withheld=withheld)
        steps.send(info, retrans_ms=_RETRANS_MS)
        steps.receive(request="BYE", optional=True, then="far-end-hung-up")
        steps.receive(response=200)

    def _stream(self, label: str, one: KeyPress, programme: Programme) -> None:
        steps, as_tones = self._steps, one.way is KeyWay.INBAND
        file = key_file_name(one.key, as_tones=as_tones)
        steps.nop(execute(rtp_stream=f"{file},1,{0 if as_tones else PAYLOAD_TYPE}"))
        self._listen(f"{label}-pressing", (KEY_MS + 60) / 1000, f"{label}-pressed", programme)
        steps.label(f"{label}-pressed")
        steps.nop(remember(f"{label}-again", "after_tone"), jump_by("tone"))
        steps.target(f"{label}-again")

    def _ends(self) -> None:
        steps = self._steps
        for withheld in (False, True):
            self._hang_up(withheld)
        steps.label("far-end-hung-up")
        steps.send(messages.reply("200 OK"), then="end")
        steps.label("abandoned")
        steps.nop()
        steps.label("end")
        steps.nop()

    def _hang_up(self, withheld: bool) -> None:
        steps, label = self._steps, _hang_up(withheld)
        steps.label(label)
        steps.send(messages.bye(withheld=withheld), retrans_ms=_RETRANS_MS)
        steps.label(f"{label}-wait")
        steps.receive(
            request="BYE",
            optional=True,
            then=f"{label}-crossed",
            timeout_ms=_BYE_LIMIT_MS,
            on_timeout="abandoned",
        )
        steps.receive(response=481, optional=True, then="end")
        steps.receive(response=200, then="end")
        steps.label(f"{label}-crossed")
        steps.send(messages.reply("200 OK"), then=f"{label}-wait")


def _hang_up(withheld: bool) -> str:
    return "hang-up-withheld" if withheld else "hang-up-identified"
