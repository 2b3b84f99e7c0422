"""The Asterisk of a service: started or taken over, watched, and told of to the engine when it is gone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import AsyncExitStack

from store.durable import write_atomically
from telephony.accounts import AccountKeeper
from telephony.alarms import AlarmName, Alarms
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_check import ari_info, check_asterisk
from telephony.sip_probe import STRANGER
from telephony.stack import Stack
from telephony.supervision import Supervision
from telephony.tree import AsteriskError
from telephony.vitals import Verdict
from telephony.watchdog import Watchdog, embedded_doors, external_doors

log = logging.getLogger(__name__)

CRASHED, RESTARTED, STOPPED = "crashed", "restarted", "stopped"

MET = "asterisk-met"
"""Below var/: when the Asterisk that runs elsewhere was started, as it said the last time."""

Ended = Callable[[str], None]
"""Asterisk and all its calls are gone, for this reason."""


class AsteriskCare:
    """`embedded` is ours, None for one that runs elsewhere; `same`: it is the one that an earlier engine had.

    `ended` is told whenever it turns out that its calls are gone.
    """

    def __init__(self, stack: Stack, alarms: Alarms, ended: Ended, say: Callable[[str], None]) -> None:
        self._stack = stack
        self._alarms = alarms
        self._ended = ended
        self.embedded = EmbeddedAsterisk(stack.plan, stack.secrets, say) if stack.embedded else None
        self.same = False
        self.restarts = 0

    async def up(self, undo: AsyncExitStack) -> None:
        """Have it up and checked. Raises AsteriskError."""
        if self.embedded is None:
            await check_asterisk(self._stack.address, self._stack.secrets)
            self.same = await self._is_same()
            return
        await undo.enter_async_context(self.embedded)
        self.same = self.embedded.adopted
        keep_days = self._stack.site.account.keep_days
        await undo.enter_async_context(AccountKeeper(self._stack.plan.events_file, keep_days=keep_days))
        await self._renew_configuration(self.embedded)

    async def watch(self, undo: AsyncExitStack) -> None:
        """From now on: notice when it dies or hangs, and start ours again."""
        stack, asterisk = self._stack, self.embedded
        if asterisk is None:
            user = stack.plan.phones[0].id if stack.plan.phones else STRANGER
            doors = external_doors(stack.address, stack.secrets, stack.plan.ports.sip, user)
            dog = Watchdog(doors, self._alarms, notice=self._verdict)
        else:
            await undo.enter_async_context(Supervision(asterisk, self._alarms, self._ended, self._back))
            dog = Watchdog(embedded_doors(asterisk), self._alarms, lambda: asterisk.up, asterisk.abort)
        await undo.enter_async_context(dog)

    async def connected_again(self) -> None:
        """ARI is back: one that runs elsewhere may have been started anew, and nobody saw its end."""
        if self.embedded is not None:
            return
        try:
            same = await self._is_same()
        except AsteriskError as error:  # away again: the next connect asks once more
            log.warning("%s", error)
            return
        if not same:
            self._ended(RESTARTED)

    def leave_running(self) -> None:
        """At the end of the service its calls go on, for the next engine."""
        if self.embedded is not None:
            self.embedded.left_running = True

    def give_back(self) -> None:
        """A start has failed: what was taken over is left as it was."""
        if self.embedded is not None and self.embedded.adopted:
            self.embedded.left_running = True

    def _back(self) -> None:
        self.restarts += 1
        self._alarms.clear(AlarmName.ASTERISK_OUTDATED)

    def _verdict(self, verdict: Verdict, why: str) -> None:
        if verdict is Verdict.DEAD:
            self._ended(CRASHED)

    async def _renew_configuration(self, asterisk: EmbeddedAsterisk) -> None:
        try:
            left = await asterisk.refresh()
        except AsteriskError as error:
            log.error("%s", error)
            left = asterisk.outdated
        if left:
            self._alarms.sound(
                AlarmName.ASTERISK_OUTDATED,
                f"it runs with older {', '.join(left)}: restart Denwaban when nobody talks",
            )

    async def _is_same(self) -> bool:
        """Whether the one that runs elsewhere is the one that was met last, be it by an earlier engine."""
        file = self._stack.site.var_directory / MET
        info = await ari_info(self._stack.address, self._stack.secrets)
        born = str(info.get("status", {}).get("startup_time", ""))
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        if born != before:
            write_atomically(file, born.encode())
        return born == before
