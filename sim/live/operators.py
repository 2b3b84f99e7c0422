"""Robot operators: telephones that register with digest authentication, answer, and speak a tone.

seats = [SeatRobot("seat01", secret, tone_hz=operator_tone_hz(0)), ...]
async with Operators(seats, registrar=("127.0.0.1", 5060), work_dir=directory) as operators:
    ...
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from sim.live.behaviour import SeatBehaviour, answer
from sim.live.load_trace import Tail
from sim.live.load_words import PICK_UP, Speaker
from sim.live.messages import credentials
from sim.live.operator_scenario import OperatorScenario, register_scenario
from sim.live.sipp import Sipp, SippError, SippRun
from sim.live.tones import write_tone
from sim.live.trace import CallTrace, user_of
from sim.live.udp_ports import LOOPBACK, free_port

_SEATS_FILE = "operators.csv"
_REGISTRATIONS_PER_S = 200
_REGISTER_LIMIT_S = 15.0
_LONGEST_RUN_S = 3600.0
_SAFE = re.compile(r"[A-Za-z0-9_.+-]+")


class RegistrationError(SippError):
    """The registrar refused seats, or did not answer."""


@dataclass(frozen=True)
class SeatRobot:
    """One telephone. `secret` is its digest password, `tone_hz` what it speaks (None: silence)."""

    seat: str
    secret: str = field(repr=False)
    tone_hz: int | None
    behaviour: SeatBehaviour = field(default_factory=answer)


class Operators:
    """All seats, played by one SIPp process; registered inside the context, unregistered after it.

    `registrar` is (address, port). `media=False` sends no RTP (for load tests of signalling alone).
    `limit_s` ends the robots whatever happens; they register for as long, once, and nothing renews that: the
    registrar has to grant it (`registration_max_s` of the site). Entering raises SippMissingError, PortTakenError or
    RegistrationError. After the context, `run` holds SIPp's own figures and `calls` what each phone saw.
    """

    def __init__(
        self,
        seats: Sequence[SeatRobot],
        *,
        registrar: tuple[str, int],
        work_dir: Path,
        port: int | None = None,
        media: bool = True,
        trace: bool = True,
        limit_s: float = _LONGEST_RUN_S,
    ) -> None:
        if not seats:
            raise ValueError("no seats to play: name at least one SeatRobot")
        for seat in seats:
            _check_fields(seat)
        self.port = port or free_port()
        self.run: SippRun | None = None
        self._seats = tuple(seats)
        self._registrar = registrar
        self._work_dir = work_dir
        self._media = media
        self._trace = trace
        self._limit_s = limit_s
        self._phones: Sipp | None = None
        self._tail = Tail(work_dir / "operators.messages")
        self._ringing: dict[str, str] = {}

    @property
    def pid(self) -> int:
        """Process id of the SIPp that plays the phones, for measuring it."""
        assert self._phones is not None, "the operators are not there yet: enter their context first"
        return self._phones.pid

    @property
    def calls(self) -> tuple[CallTrace, ...]:
        """What the phones saw until now, in order; `called_user` is the seat. Empty with `trace=False`."""
        return tuple(self._phones.traces().values()) if self._phones else ()

    def pick_up(self, seat: str) -> None:
        """Have a telephone that waits for it (`when_told`, with `trace`) answer; nothing where it does not ring."""
        assert self._phones is not None, "the operators are not there yet: enter their context first"
        for message in self._tail.new():
            if message.received and message.method == "INVITE" and message.status is None:
                self._ringing[user_of(message)] = message.call_id
        call_id = self._ringing.pop(seat, None)
        if call_id is not None:
            with Speaker(self._phones.sip_port) as speaker:
                speaker.tell(call_id, PICK_UP)

    async def __aenter__(self) -> Self:
        # The phones register from the port they will answer on: Asterisk's rewrite_contact then changes
        # nothing. SIPp cannot do both at a time, so they register first and pick up the port right after.
        self._work_dir.mkdir(parents=True, exist_ok=True)
        await self._register(expires_s=round(self._limit_s))
        try:
            self._phones = await self._pick_up().__aenter__()
            await self._phones.await_ready()
        except BaseException:
            await self._leave()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._leave()

    async def _leave(self) -> None:
        if self._phones is not None:
            self.run = await self._phones.stop()
        await self._register(expires_s=0)

    async def _register(self, expires_s: int) -> None:
        name = "registration" if expires_s else "unregistration"
        lines = [f"{one.seat};{credentials(one.seat, one.secret)};{expires_s}" for one in self._seats]
        self._write_csv(f"{name}.csv", lines)
        process = Sipp(
            name,
            register_scenario(f"<sip:[field0]@{LOOPBACK}:{self.port}>"),
            self._client_arguments(f"{name}.csv"),
            work_dir=self._work_dir,
            limit_s=_REGISTER_LIMIT_S,
            sip_port=self.port,
        )
        async with process:
            run = await process.wait()
        if run.successful != len(self._seats):
            raise RegistrationError(self._complaint(name, run))

    def _complaint(self, name: str, run: SippRun) -> str:
        address = ":".join(str(part) for part in self._registrar)
        return (
            f"{name}: {run.successful} of {len(self._seats)} seats got a 200 from {address}: "
            "check that Asterisk runs there and knows these seats and their secrets"
        )

    def _client_arguments(self, injection_file: str) -> list[str]:
        count = str(len(self._seats))
        limits = ["-m", count, "-l", count, "-r", str(_REGISTRATIONS_PER_S), "-recv_timeout", "5000"]
        return [":".join(str(part) for part in self._registrar), "-inf", injection_file, *limits]

    def _pick_up(self) -> Sipp:
        scenario = OperatorScenario((one.behaviour for one in self._seats), self._tones.values(), _SEATS_FILE)
        self._write_csv(_SEATS_FILE, [self._seat_line(one, scenario) for one in self._seats])
        for hz in self._tones.values():
            if hz is not None:
                write_tone(self._work_dir, hz)
        return Sipp(
            "operators",
            scenario.xml,
            ["-inf", _SEATS_FILE, "-infindex", _SEATS_FILE, "0"],
            work_dir=self._work_dir,
            limit_s=self._limit_s,
            sip_port=self.port,
            trace=self._trace,
        )

    @property
    def _tones(self) -> Mapping[str, int | None]:
        return {one.seat: one.tone_hz if self._media else None for one in self._seats}

    def _seat_line(self, one: SeatRobot, scenario: OperatorScenario) -> str:
        tone_step = scenario.tone_step(self._tones[one.seat])
        return f"{one.seat};{tone_step};{scenario.behaviour_step(one.behaviour)}"

    def _write_csv(self, name: str, lines: Sequence[str]) -> None:
        path = self._work_dir / name
        path.touch(mode=0o600)
        path.write_text("\n".join(["SEQUENTIAL", *lines, ""]), encoding="ascii")


def _check_fields(one: SeatRobot) -> None:
    if not _SAFE.fullmatch(one.seat):
        raise ValueError(f"seat name {one.seat!r}: use letters, digits and _ . + - only")
    if not one.secret or not one.secret.isascii() or set(one.secret) & set(';[]"\n\r'):
        raise ValueError(f'secret of {one.seat}: must be ASCII without ; [ ] " and line ends')
