"""What anybody on this machine may ask without a token: does it live, does it take calls, its figures."""

from __future__ import annotations

import msgspec
from aiohttp import web

from supervisor.api.office import Office
from supervisor.api.routes import HEALTHZ, METRICS, READYZ
from telephony.metrics import CONTENT_TYPE

_NOW = {"Cache-Control": "no-store"}


def add_open_doors(app: web.Application, office: Office) -> None:
    """Add the three. Each answers from memory: asking every second costs nothing."""

    async def healthz(_: web.Request) -> web.Response:
        return _json(office.health.alive())

    async def readyz(_: web.Request) -> web.Response:
        ready = office.health.ready()
        return _json(ready, 200 if ready.ready else 503)

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=office.metrics(), headers={**_NOW, "Content-Type": CONTENT_TYPE})

    for path, answer in ((HEALTHZ, healthz), (READYZ, readyz), (METRICS, metrics)):
        app.router.add_get(path, answer)


def _json(answer: msgspec.Struct, status: int = 200) -> web.Response:
    body = msgspec.json.encode(answer)
    return web.Response(body=body, status=status, headers=_NOW, content_type="application/json")
