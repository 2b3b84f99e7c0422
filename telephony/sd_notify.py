"""What systemd is told of the service: that it takes calls, that it lives, that it ends. Without systemd, nothing."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Mapping

log = logging.getLogger(__name__)


class Systemd:
    """Speaks the protocol of sd_notify(3) to the socket that `environment` names.

    systemd makes these variables for a unit with `Type=notify` and `WatchdogSec=`; they are read once.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        self.watchdog_s = _watchdog(environment)

    def ready(self) -> None:
        """From now on calls are taken: `systemctl start` returns, and the watchdog begins to watch."""
        self._send("READY=1")

    def alive(self) -> None:
        """The loop turns. If this is not said for `watchdog_s` seconds, systemd kills the engine and starts it anew."""
        if self.watchdog_s:
            self._send("WATCHDOG=1")

    def stopping(self) -> None:
        """The end has begun, on purpose."""
        self._send("STOPPING=1")

    def status(self, text: str) -> None:
        """One line that `systemctl status` shows; no personal data in it."""
        self._send(f"STATUS={text}")

    def _send(self, text: str) -> None:
        if not self._address:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as out:
                out.sendto(text.encode(), address)
        except OSError as error:  # no reason to lose a call; a ping that is lost is followed by the next
            log.warning("systemd could not be told %s (%s)", text.partition("=")[0], error.strerror)


def _watchdog(environment: Mapping[str, str]) -> float:
    """The unit's WatchdogSec in seconds, 0 where nobody watches this process."""
    meant_for = environment.get("WATCHDOG_PID", "")
    if meant_for and meant_for != str(os.getpid()):
        return 0.0
    microseconds = environment.get("WATCHDOG_USEC", "")
    return int(microseconds) / 1e6 if microseconds.isdecimal() else 0.0
