"""What somebody does, done by the engine's own API on his behalf."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from urllib.parse import quote

import aiohttp

from supervisor.monitor.problems import Code, ProblemError

ON_BEHALF = "Denwaban-For"
ANSWER_S = 10.0
"""The engine says within five seconds what became of a request."""
_CODES: Mapping[int, Code] = {
    400: "bad_request",
    403: "not_allowed",
    404: "not_found",
    409: "conflict",
    503: "audit_unwritable",
    504: "engine_silent",
}


def on_behalf(user: str, name: str, sees: Iterable[str], acts: Iterable[str], why: str) -> str:
    """The header that says for whom something is asked: he sees these projects and acts as the supervisor of those."""
    told = {"id": user, "name": name, "projects": sorted(sees), "supervises": sorted(acts), "why": why}
    return quote(json.dumps(told, ensure_ascii=False, separators=(",", ":")))


class EngineApi:
    """One engine's API. `token` gives the one by which it knows us."""

    def __init__(self, client: aiohttp.ClientSession, token: Callable[[], str]) -> None:
        self._client = client
        self._token = token

    async def ask(self, method: str, path: str, behalf: str, body: Any = None) -> dict[str, Any]:
        """What the engine answers. Raises ProblemError with what it says where it does not do it."""
        try:
            head = {"Authorization": f"Bearer {self._token()}", ON_BEHALF: behalf}
            asked = self._client.request(
                method, path, json=body, headers=head, timeout=aiohttp.ClientTimeout(total=ANSWER_S)
            )
            async with asked as reply:
                told = await reply.json()
                status = reply.status
        except TimeoutError:
            raise ProblemError(
                "engine_silent", "the engine has not answered: look at what has become of it"
            ) from None
        except (aiohttp.ClientError, OSError, ValueError):
            raise ProblemError(
                "engine_away", "the engine is not there, so this is not done: try again when it is"
            ) from None
        if status == 200:
            return dict(told)
        raise _problem(status, told)


def _problem(status: int, told: Any) -> ProblemError:
    told = told if isinstance(told, dict) else {}
    error = str(told.get("error") or f"the engine answered {status}: its log says more")
    return ProblemError(_CODES.get(status, "failed"), error, str(told.get("state", "")))
