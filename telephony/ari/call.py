"""One request as a value, and how the resources build theirs."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import quote

import msgspec

from telephony.ari.errors import AriError

if TYPE_CHECKING:
    from telephony.ari.client import AriClient
    from telephony.ari.connection import OnDone, Query

T = TypeVar("T")
_NOTHING = type(None)


@dataclass(frozen=True)
class Call(Generic[T]):
    """One request, not yet made."""

    client: AriClient
    method: str
    uri: str = field(repr=False)
    returns: type[T]
    query: Query = field(default_factory=dict, repr=False)  # may hold a telephone number
    body: object = field(default=None, repr=False)

    def send(self, on_done: OnDone | None = None) -> str:
        """Write it now, do not wait; see AriClient.send."""
        return self.client.send(self.method, self.uri, query=self.query, body=self.body, on_done=on_done)

    def __await__(self) -> Generator[Any, None, T]:
        return self._result().__await__()

    async def _result(self) -> T:
        response = await self.client.request(self.method, self.uri, query=self.query, body=self.body)
        try:
            return msgspec.json.decode(response.body or b"null", type=self.returns)
        except msgspec.ValidationError as error:
            what = describe(self.method, self.uri)
            raise AriError(response.status, f"with a body that is not as documented: {error}", what) from None


def path(*parts: str) -> str:
    """Resource path; ids are quoted, so that a strange one cannot reach another resource."""
    return "/".join(quote(part, safe="@:+;,=") for part in parts)


def describe(method: str, uri: str) -> str:
    """A request for error messages: without ids, as an endpoint's id may be a telephone number."""
    first, *rest = uri.split("/")
    return f"{method} {first}" + (f"/.../{rest[-1]}" if len(rest) > 1 and rest[-1].isalpha() else "")


@dataclass(frozen=True)
class Resource:
    client: AriClient

    def _call(
        self,
        returns: type[T],
        method: str,
        *parts: str,
        body: object = None,
        **query: str | int | bool | None,
    ) -> Call[T]:
        return Call(self.client, method, path(*parts), returns, query, body)

    def _do(self, method: str, *parts: str, **query: str | int | bool | None) -> Call[None]:
        return Call(self.client, method, path(*parts), _NOTHING, query)
