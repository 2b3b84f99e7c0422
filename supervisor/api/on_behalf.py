"""For whom the administrator's token acts: a service of ours that knows its own users says whose request it is.

The header `Denwaban-For` is percent-encoded JSON, because a header has no place for names in Japanese. The request is
made with the rights that it lends and stands under its id everywhere; `why` goes into the audit log.
"""

from __future__ import annotations

import urllib.parse
from typing import Annotated, NamedTuple

import msgspec
from multidict import CIMultiDictProxy

from supervisor.api.errors import RefusedError
from supervisor.api.rights import ADMIN, Who

HEADER = "Denwaban-For"
EXAMPLE = (
    '{"id": "supervisor191", "name": "岡", "projects": ["tax"], "supervises": ["tax"], "why": "苦情の対応"}'
)
_END = r"(?![\s\S])"
"""The end of a text, in Python as in JavaScript: `$` lets a line feed pass in one, and the other has no `\\Z`."""
_ID = rf"^[A-Za-z0-9][A-Za-z0-9._-]{{0,79}}{_END}"
_ONE_LINE = rf"^[^\x00-\x1f\x7f]*{_END}"

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]


class For(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who asks, the projects that are his business and those that he supervises, and his reason.

    An id with a colon would pass for the number of a telephone, or for a seat's.
    """

    id: Annotated[str, msgspec.Meta(pattern=_ID)]
    name: Annotated[str, msgspec.Meta(max_length=80, pattern=_ONE_LINE)] = ""
    projects: tuple[Name, ...] = ()
    supervises: tuple[Name, ...] = ()
    why: Annotated[str, msgspec.Meta(max_length=200, pattern=_ONE_LINE)] = ""


class Acting(NamedTuple):
    """Who asks, and why; empty where nobody has said."""

    who: Who
    why: str = ""


def acting(who: Who, headers: CIMultiDictProxy[str]) -> Acting:
    """Who asks, where `who` has the token.

    Raises RefusedError: 403 for the header beside any token but the administrator's, 400 for one that cannot be read.
    """
    told = headers.getall(HEADER, [])
    if not told:
        return Acting(who)
    if not who.admin:
        raise RefusedError(403, f"{HEADER} is for the administrator's token alone: leave it out")
    if len(told) > 1:
        raise RefusedError(400, f"{HEADER} stands here {len(told)} times: send it once")
    return _lent(_decoded(told[0]))


def _decoded(text: str) -> For:
    try:
        found = msgspec.json.decode(urllib.parse.unquote_to_bytes(text), type=For)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise RefusedError(400, f"{HEADER}: {error}; percent-encode JSON like {EXAMPLE}") from None
    if found.id == ADMIN:
        raise RefusedError(
            400, f"{HEADER}: '{ADMIN}' is nobody's id; without the header, it is the administrator's"
        )
    return found


def _lent(told: For) -> Acting:
    role = "supervisor" if told.supervises else "operator"
    rights = frozenset(told.projects), frozenset(told.supervises)
    return Acting(Who(told.id, told.name, role, *rights, lent=True), told.why)
