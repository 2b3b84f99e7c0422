"""The engine's live stream, heard for as long as this process lives: an engine that goes is waited for."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import aiohttp
import msgspec

from supervisor.api.frames import Changes, Snapshot, Tick
from supervisor.monitor.mirror import Frame

log = logging.getLogger(__name__)

PATH = "/v1/stream?ticks=1"
AGAIN_S = 0.1
SLOWEST_S = 1.0
"""After a lost connection it is tried again after AGAIN_S, then twice that, at the most SLOWEST_S."""
SILENT_S = 10.0
"""An engine that says nothing for so long, where it says something every second, is asked anew."""
_decode = msgspec.json.Decoder(Snapshot | Changes | Tick).decode


def admin_token(secrets: Path) -> str:
    """The token by which the engine's API knows us. Raises OSError while no engine has ever made it."""
    return (secrets / "api" / "admin").read_text(encoding="utf-8").strip()


class Upstream:
    """`hear` is given every frame; `lost` is told why nothing is heard. `run` goes on until it is cancelled."""

    def __init__(
        self,
        client: aiohttp.ClientSession,
        token: Callable[[], str],
        hear: Callable[[Frame], None],
        lost: Callable[[str], None],
    ) -> None:
        self._client = client
        self._token = token
        self._hear = hear
        self._lost = lost
        self._again = AGAIN_S

    async def run(self) -> None:
        """Hear, and connect again, for ever."""
        while True:
            try:
                await self._listen()
                why = "the engine has closed its stream"
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                why = f"the engine is not there ({type(error).__name__})"
            except msgspec.MsgspecError:
                log.exception("the engine's stream cannot be read: it is of another version")
                why = "the engine's stream cannot be read: start engine and monitor of the same version"
            except Exception:  # a fault of ours must not leave the screens dark for ever
                log.exception("a frame of the engine's stream was not taken in")
                why = "the monitor has failed to take in what the engine told: its log says more"
            self._lost(why)
            await asyncio.sleep(self._again)
            self._again = min(2 * self._again, SLOWEST_S)

    async def _listen(self) -> None:
        head = {"Authorization": f"Bearer {self._token()}"}
        asked = self._client.ws_connect(PATH, headers=head, max_msg_size=0, heartbeat=None)
        # An engine that is stopped still takes the connection, and says no more.
        async with asyncio.timeout(SILENT_S) as patience, asked as socket:
            patience.reschedule(None)
            log.info("the engine's stream is there")
            while True:
                message = await socket.receive(timeout=SILENT_S)
                if message.type is not aiohttp.WSMsgType.TEXT:
                    return
                self._hear(_decode(message.data))
                self._again = AGAIN_S
