"""Does ARI answer? One short request of its own, apart from the connection that the calls use."""

from __future__ import annotations

from http import HTTPStatus

import aiohttp

from telephony.asterisk_check import AsteriskAddress, ari_headers
from telephony.secrets import Secrets
from telephony.vitals import Answer

REFUSED_LOGIN = HTTPStatus.UNAUTHORIZED


async def ari_status(address: AsteriskAddress, secrets: Secrets, timeout_s: float) -> HTTPStatus | Answer:
    """The status of the answer to `GET /asterisk/ping`, or how there was none.

    503: it is still booting. 401: our password is not its own.
    """
    timeout = aiohttp.ClientTimeout(total=timeout_s)
    try:
        async with (
            aiohttp.ClientSession(headers=ari_headers(address, secrets), timeout=timeout) as session,
            session.get(f"{address.ari_url}/asterisk/ping") as answer,
        ):
            return HTTPStatus(answer.status)
    except aiohttp.ClientConnectorError:
        return Answer.REFUSED
    except (aiohttp.ClientError, TimeoutError):
        return Answer.SILENT


async def ari_answer(address: AsteriskAddress, secrets: Secrets, timeout_s: float) -> Answer:
    """Whether somebody is there who understands: any status but 503 (it boots, or goes down)."""
    status = await ari_status(address, secrets, timeout_s)
    if isinstance(status, Answer):
        return status
    return Answer.SILENT if status is HTTPStatus.SERVICE_UNAVAILABLE else Answer.ANSWERED
