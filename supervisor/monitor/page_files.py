"""The files of the page, as `make` has built them: read once, told compressed."""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import NamedTuple

from aiohttp import web

from telephony.control import ControlError

INDEX = "index.html"
FOREVER = "public, max-age=31536000, immutable"
"""A file below assets/ has its content's hash in its name."""
_COMPRESSED = (("br", ".br"), ("gzip", ".gz"))
_NEVER = re.compile(r"q\s*=\s*0(\.0*)?")


class PageError(ControlError):
    """The page cannot be shown; the message says what to do."""


class _File(NamedTuple):
    kind: str
    plain: bytes
    compressed: dict[str, bytes]


class PageFiles:
    """The files below a folder. Raises PageError where there is no page."""

    def __init__(self, folder: Path) -> None:
        if not (folder / INDEX).is_file():
            raise PageError(f"the monitor's page is not in {folder}: `make setup` builds it")
        suffixes = {suffix for _, suffix in _COMPRESSED}
        paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in suffixes)
        self._files = {path.relative_to(folder).as_posix(): _read(path) for path in paths}

    def add_to(self, app: web.Application) -> None:
        """The page itself, and what it needs."""
        app.router.add_get("/", self._page)
        app.router.add_get("/assets/{name:.+}", self._asset)
        app.router.add_get("/favicon.ico", self._icon)

    async def _page(self, request: web.Request) -> web.Response:
        return self._told(request, INDEX, "no-cache")

    async def _asset(self, request: web.Request) -> web.Response:
        return self._told(request, f"assets/{request.match_info['name']}", FOREVER)

    async def _icon(self, request: web.Request) -> web.Response:
        return self._told(request, "favicon.svg", "max-age=86400")

    def _told(self, request: web.Request, name: str, keep: str) -> web.Response:
        file = self._files.get(name)
        if file is None:
            raise web.HTTPNotFound
        headers = {"Cache-Control": keep, "Content-Type": file.kind, "Vary": "Accept-Encoding"}
        taken = _taken(request.headers.get("Accept-Encoding", ""))
        for coding, body in file.compressed.items():
            if coding in taken:
                return web.Response(body=body, headers={**headers, "Content-Encoding": coding})
        return web.Response(body=file.plain, headers=headers)


def _taken(header: str) -> set[str]:
    """The codings that a browser takes."""
    words = (word.strip().lower().partition(";") for word in header.split(","))
    return {coding.strip() for coding, _, weight in words if not _NEVER.fullmatch(weight.strip())}


def _read(path: Path) -> _File:
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    if kind.startswith("text/") or kind.endswith("javascript"):
        kind += "; charset=utf-8"
    found = {
        coding: beside.read_bytes()
        for coding, suffix in _COMPRESSED
        if (beside := path.with_name(path.name + suffix)).is_file()
    }
    return _File(kind, path.read_bytes(), found)
