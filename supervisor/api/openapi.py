"""The OpenAPI 3.1 description, made of the table of routes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import msgspec

from supervisor.api.bodies import Nothing
from supervisor.api.frames import Changes, Snapshot, Tick
from supervisor.api.on_behalf import EXAMPLE, HEADER, For
from supervisor.api.rights import RULES
from supervisor.api.routes import HEALTHZ, METRICS, OPENAPI, READYZ, ROUTES, STREAM, TICKS, WATCHING
from supervisor.api.shapes import Refusal
from supervisor.api.work import Route
from telephony.health import Alive, Ready

VERSION = "1.0.0"
ABOUT = (
    "Commands and a live stream for whoever works in the centre. Loopback only. Times are seconds since 1970 UTC, "
    "durations are seconds. Every refusal is `{error, state?}`, and `error` says what to do."
)
REFUSALS = {
    400: f"The body, or the header {HEADER}, is not what this takes",
    401: "No token, or nobody's",
    403: f"This person may see it, but not do this; or {HEADER} came without the administrator's token",
    404: "What was named is not there, or is no business of this person",
    409: "A seat or call is in a state in which it cannot be done: `state`",
    503: "The audit log cannot be written, so it is not done",
    504: "The engine has not answered in time: it may still be done",
}
"""What a status means."""

_REF = "#/components/schemas/{name}"
_IN_PATH = re.compile(r"\{(\w+)\}")
_FOR = "#/components/parameters/For"
_LISTEN = (
    "A WebSocket: first a frame `snapshot`, then frames `changes`, each with one or more changes in order, and where "
    "they are asked for a frame `tick` every second. It is sent what the person may see. A browser names the protocols "
    "`denwaban.v1` and `token.TOKEN` instead of the header. After a lost connection connect again: the snapshot has "
    "everything."
)


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    paths[OPENAPI] = {"get": _itself()}
    paths |= {path: {"get": _watching(path)} for path in (HEALTHZ, READYZ, METRICS)}
    paths[STREAM] = {"get": _stream()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Denwaban", "version": VERSION, "description": ABOUT},
        "servers": [{"url": "http://127.0.0.1:8090"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "parameters": {"For": _for()},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def refusals(route: Route) -> list[int]:
    """The statuses other than 200 that a route answers with."""
    return sorted({400, 401, 403, *route.refusals})


def _operation(route: Route) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "description": f"Who may: {RULES[route.right]}.",
        "responses": {
            "200": _content(route.answer.__name__, "Done" if route.method != "GET" else "As it is now")
        },
    }
    for status in refusals(route):
        told["responses"][str(status)] = _content(Refusal.__name__, REFUSALS[status])
    told["parameters"] = [*_parameters(route)]
    if route.body is not Nothing:
        media = {"schema": {"$ref": _REF.format(name=route.body.__name__)}, "example": route.example}
        told["requestBody"] = {"required": True, "content": {"application/json": media}}
    return told


def _parameters(route: Route) -> Iterator[dict[str, Any]]:
    for name in _IN_PATH.findall(route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
    for name in route.query:
        yield {"name": name, "in": "query", "schema": {"type": "string"}}
    yield {"$ref": _FOR}


def _for() -> dict[str, Any]:
    text = (
        "With the administrator's token alone: who asks, with which rights, and why (for the audit log). "
        f"Percent-encoded JSON like {EXAMPLE}."
    )
    content = {"application/json": {"schema": {"$ref": _REF.format(name=For.__name__)}}}
    return {"name": HEADER, "in": "header", "description": text, "content": content}


def _itself() -> dict[str, Any]:
    content = {"application/json": {"schema": {"type": "object"}}}
    return {
        "operationId": "getOpenapi",
        "summary": "This description",
        "security": [],
        "responses": {"200": {"description": "An OpenAPI 3.1 document", "content": content}},
    }


def _watching(path: str) -> dict[str, Any]:
    """What needs no token, for whoever watches the service."""
    name, text = path.removeprefix("/"), {"text/plain": {"schema": {"type": "string"}}}
    told = {
        HEALTHZ: {"200": _content(Alive.__name__, "The process lives and its loop turns")},
        READYZ: {
            "200": _content(Ready.__name__, "Calls are taken"),
            "503": _content(Ready.__name__, "They are not: `reasons`"),
        },
        METRICS: {"200": {"description": "Metrics for Prometheus", "content": text}},
    }
    return {
        "operationId": f"get{name.title()}",
        "summary": WATCHING[path],
        "security": [],
        "responses": told[path],
    }


def _stream() -> dict[str, Any]:
    frames = {"oneOf": [{"$ref": _REF.format(name=frame.__name__)} for frame in (Snapshot, Changes, Tick)]}
    ticks = {
        "name": TICKS,
        "in": "query",
        "schema": {"enum": ["0", "1"]},
        "description": "1: a frame `tick` every second",
    }
    return {
        "operationId": "getStream",
        "summary": "The live stream",
        "description": _LISTEN,
        "parameters": [ticks, {"$ref": _FOR}],
        "responses": {
            "101": {
                "description": "From here on frames of JSON",
                "content": {"application/json": {"schema": frames}},
            },
            **{str(status): _content(Refusal.__name__, REFUSALS[status]) for status in (400, 401, 403)},
            "503": _content(Refusal.__name__, "Too many listen already"),
        },
    }


def _content(schema: str, text: str) -> dict[str, Any]:
    return {
        "description": text,
        "content": {"application/json": {"schema": {"$ref": _REF.format(name=schema)}}},
    }


def _schemas() -> dict[str, Any]:
    shapes = {route.answer for route in ROUTES} | {route.body for route in ROUTES} - {Nothing}
    kinds = sorted(
        shapes | {Refusal, Snapshot, Changes, Tick, For, Alive, Ready}, key=lambda kind: kind.__name__
    )
    _, components = msgspec.json.schema_components(kinds, ref_template=_REF)
    return dict(sorted(components.items()))
