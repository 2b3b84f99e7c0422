"""Which phones can be reached, folded from AMI's contact list and its ContactStatus events."""

from __future__ import annotations

from collections.abc import Callable, Iterable

OnContact = Callable[[str, bool], None]

# What Asterisk 22 says of a contact that cannot be rung. Without `qualify` a registered one is NonQualified.
_GONE = frozenset({"Removed", "Unreachable"})
_SOMEWHERE = ""
"""The address of a telephone of which nothing is known but that it could be reached."""


class Contacts:
    """Endpoint -> addresses that can be reached; reports an endpoint's first and the loss of its last."""

    def __init__(self, report: OnContact) -> None:
        self._report = report
        self._reachable: dict[str, set[str]] = {}
        self._news: dict[tuple[str, str], bool] = {}

    def believe(self, endpoints: Iterable[str]) -> None:
        """Those alone can be reached, as was told before: whoever is not in the next list has gone since."""
        self._reachable = {endpoint: {_SOMEWHERE} for endpoint in endpoints}

    def take(self, endpoint: str, uri: str, status: str) -> None:
        """One ContactStatus event."""
        self._news[endpoint, uri] = status not in _GONE
        addresses = set(self._reachable.get(endpoint, ()))
        (addresses.discard if status in _GONE else addresses.add)(uri)
        self._put(endpoint, addresses)

    def expect_list(self) -> None:
        """A list has been asked for: an event from now on is newer than what the list says."""
        self._news.clear()

    def replace(self, listed: list[tuple[str, str, str]]) -> None:
        """The whole list, as (endpoint, uri, status); an endpoint that is not in it has no contact."""
        states = {(endpoint, uri): status not in _GONE for endpoint, uri, status in listed} | self._news
        found: dict[str, set[str]] = {endpoint: set() for endpoint in self._reachable}
        for (endpoint, uri), reachable in states.items():
            addresses = found.setdefault(endpoint, set())
            if reachable:
                addresses.add(uri)
        for endpoint, addresses in found.items():
            self._put(endpoint, addresses)

    def _put(self, endpoint: str, addresses: set[str]) -> None:
        before = bool(self._reachable.get(endpoint))
        self._reachable[endpoint] = addresses
        if bool(addresses) != before:
            self._report(endpoint, bool(addresses))
