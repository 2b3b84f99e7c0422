"""What SIPp's robots cannot show: a supervisor whispers to an operator, who then hands her caller to the 35th phone.

One call, with a voice of its own for each of the four telephones: who is heard where is measured.
"""

from __future__ import annotations

from contextlib import AsyncExitStack, suppress
from typing import Any

from calls.requests import CompleteAsked, ConsultAsked, EarAsked, EarClosed
from sim.live.hearing import Received, heard, shares
from sim.live.telephone import Talk, Telephone
from telephony.service import Service

SEAT, SUPERVISOR, EXTENSION, EXTENSION_PHONE = "seat01", "supervisor01", "35", "ext35"
CALLER = "0900000999"
CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ, EXTENSION_HZ = 510, 1090, 1560, 1810
VOICES = (CALLER_HZ, OPERATOR_HZ, SUPERVISOR_HZ, EXTENSION_HZ)
BY = "demo"

Figures = dict[str, Any]


class Scenes:
    """The seats, and the 35th phone, must be known to the service; SIPp's robots must not be at them any more."""

    def __init__(self, service: Service, number: str) -> None:
        self._service = service
        self._number = number
        self._phones = AsyncExitStack()
        self._figures: Figures = {
            "transfer_to_35th": {"two_way": False},
            "whisper": {"operator_alone": False},
        }

    async def play(self) -> Figures:
        """Call the number and play both: `transfer_to_35th` and `whisper`, each with what was measured.

        Figures of who hears whom are shares of the energy heard; the last one says whether all is as it has to be. A
        telephone that was not rung in time leaves its scene undone.
        """
        async with self._phones:
            with suppress(TimeoutError):
                await self._scenes()
        return self._figures

    async def _scenes(self) -> None:
        caller = Telephone(self._service.stack.plan.ports.sip, CALLER, tone_hz=CALLER_HZ)
        await self._phones.enter_async_context(caller)
        his = await caller.dial(self._number)  # the notice lasts longer than the others need to get ready
        operator = await self._phone(SEAT, OPERATOR_HZ)
        supervisor = await self._phone(SUPERVISOR, SUPERVISOR_HZ)
        extension = await self._phone(EXTENSION_PHONE, EXTENSION_HZ)
        hers = await operator.rung()
        self._figures["whisper"] = await self._whisper(his, hers, supervisor)
        self._figures["transfer_to_35th"] = await self._transfer(his, hers, extension)

    async def _phone(self, name: str, hz: int) -> Telephone:
        stack = self._service.stack
        phone = Telephone(stack.plan.ports.sip, name, stack.secrets.phones[name], hz)
        return await self._phones.enter_async_context(phone)

    async def _whisper(self, his: Talk, hers: Talk, supervisor: Telephone) -> Figures:
        await shares(his, VOICES, {OPERATOR_HZ})
        async with Received(his, OPERATOR_HZ) as received:
            self._service.feed(EarAsked(SUPERVISOR, "whisper", SEAT, by=BY))
            ear = await supervisor.rung()
            she = await shares(hers, VOICES, {CALLER_HZ, SUPERVISOR_HZ})
            he = await shares(ear, VOICES, {CALLER_HZ, OPERATOR_HZ})
        caller = await shares(his, VOICES, {OPERATOR_HZ})
        self._service.feed(EarClosed(SUPERVISOR, by=BY))
        await ear.end()
        alone = (
            not received.changed
            and heard(she) == {CALLER_HZ, SUPERVISOR_HZ}
            and heard(he) == {CALLER_HZ, OPERATOR_HZ}
            and heard(caller) == {OPERATOR_HZ}
        )
        return {
            "operator_hears_supervisor": she[SUPERVISOR_HZ],
            "operator_hears_caller": she[CALLER_HZ],
            "supervisor_hears_operator": he[OPERATOR_HZ],
            "supervisor_hears_caller": he[CALLER_HZ],
            "caller_hears_operator": caller[OPERATOR_HZ],
            "caller_hears_supervisor": caller[SUPERVISOR_HZ],
            "packets_to_caller": received.count,
            "packets_to_caller_missing": received.gaps,
            "packets_to_caller_changed": received.changed,
            "operator_alone": alone,
        }

    async def _transfer(self, his: Talk, hers: Talk, extension: Telephone) -> Figures:
        """Attended: she asks first, while the caller hears music."""
        self._service.feed(ConsultAsked(SEAT, "extension", EXTENSION, by=BY))
        theirs = await extension.rung()
        asked = await shares(theirs, VOICES, {OPERATOR_HZ})
        self._service.feed(CompleteAsked(SEAT, by=BY))
        await hers.end()
        caller = await shares(his, VOICES, {EXTENSION_HZ})
        phone35 = await shares(theirs, VOICES, {CALLER_HZ})
        two_way = (heard(asked), heard(caller), heard(phone35)) == (
            {OPERATOR_HZ},
            {EXTENSION_HZ},
            {CALLER_HZ},
        )
        return {
            "phone35_hears_operator_first": asked[OPERATOR_HZ],
            "phone35_hears_caller": phone35[CALLER_HZ],
            "phone35_hears_operator_then": phone35[OPERATOR_HZ],
            "caller_hears_phone35": caller[EXTENSION_HZ],
            "caller_hears_operator_then": caller[OPERATOR_HZ],
            "two_way": two_way,
        }


def as_promised(figures: Figures) -> bool:
    """Whether both scenes, as they stand in the figures of the demo, went as they have to."""
    return bool(figures["transfer_to_35th"]["two_way"] and figures["whisper"]["operator_alone"])
