"""Does a call still get through Asterisk? One that nobody hears: made by ARI, refused by the dialplan, gone again.

ARI's ping and a SIP OPTIONS are answered by threads of their own, while what makes, connects and ends channels may
stand still. This call takes all of that: two Local channels, the dialplan, the list of channels. It enters no
application and comes to nobody's telephone, and it is over within some milliseconds.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus

import aiohttp

from telephony.asterisk_check import AsteriskAddress, ari_headers
from telephony.secrets import Secrets
from telephony.vitals import Answer

PROBE_PREFIX = "watchdog-"
"""The ids of its channels begin so: whoever counts channels leaves them out."""

_CONTEXT = "refused"  # of our own dialplan: it hangs up at once
_FIRST, _SECOND = f"{PROBE_PREFIX}1", f"{PROBE_PREFIX}2"
_POLL_S = 0.02


async def call_answer(address: AsteriskAddress, secrets: Secrets, timeout_s: float) -> Answer:
    """ANSWERED once the call has come and gone.

    Always the same ids: where one got stuck, Asterisk refuses the next, and never has more than one of them.
    """
    try:
        async with (
            asyncio.timeout(timeout_s),
            aiohttp.ClientSession(headers=ari_headers(address, secrets)) as session,
        ):
            if not await _made(session, address):
                return Answer.SILENT
            while await _is_there(session, address):  # noqa: ASYNC110 - another process ends it, not a task
                await asyncio.sleep(_POLL_S)
            return Answer.ANSWERED
    except aiohttp.ClientConnectorError:
        return Answer.REFUSED
    except (aiohttp.ClientError, TimeoutError):
        return Answer.SILENT


async def _made(session: aiohttp.ClientSession, address: AsteriskAddress) -> bool:
    call = {
        "endpoint": f"Local/s@{_CONTEXT}",
        "context": _CONTEXT,
        "extension": "s",
        "priority": "1",
        "channelId": _FIRST,
        "otherChannelId": _SECOND,
    }
    async with session.post(f"{address.ari_url}/channels", params=call) as answer:
        return answer.status == HTTPStatus.OK


async def _is_there(session: aiohttp.ClientSession, address: AsteriskAddress) -> bool:
    async with session.get(f"{address.ari_url}/channels/{_FIRST}") as answer:
        return answer.status != HTTPStatus.NOT_FOUND
