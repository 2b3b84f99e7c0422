"""The tokens by which the API knows people: one file each below the site's secrets, `admin` besides."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from pathlib import Path

from supervisor.api.errors import ApiError
from supervisor.api.rights import ADMIN
from telephony.secrets import _one as secret_in
from telephony.tree import AsteriskError

READABLE_BY_OTHERS = 0o077


class Tokens:
    """Makes the tokens that are missing, and tells whose one is.

    Raises ApiError for a person whose id is the administrator's, and for a file that holds no token or that others
    may read.
    """

    def __init__(self, secrets: Path, people: Iterable[str]) -> None:
        ids = list(people)
        if ADMIN in ids:
            raise ApiError(
                f"a person has the id '{ADMIN}', which is the administrator's: rename it in people.yaml"
            )
        self._digests = {id_: _digest(_token(secrets / "api" / id_)) for id_ in (*ids, ADMIN)}

    def owner(self, token: str) -> str | None:
        """The id of the person who has this token; it takes the same time whoever that is."""
        given, found = _digest(token), None
        for id_, digest in self._digests.items():
            if hmac.compare_digest(given, digest):
                found = id_
        return found


def _token(path: Path) -> str:
    try:
        token = secret_in(path)
    except AsteriskError as error:
        raise ApiError(str(error)) from None
    if path.stat().st_mode & READABLE_BY_OTHERS:
        raise ApiError(f"{path} can be read by others: `chmod 600 {path}`, or remove it for a new token")
    return token


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
