"""The OpenAPI 3.1 description of the monitor, made of the table of routes."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

import msgspec
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from supervisor.monitor import rows
from supervisor.monitor.guests import COOKIE, CSRF
from supervisor.monitor.models import Problem
from supervisor.monitor.problems import STATUS, Code
from supervisor.monitor.routes import DESCRIPTION, JSON, LIVE, LIVE_PROBLEMS, LOG_IN, ROUTES, Route

VERSION = "1.0.0"
ABOUT = (
    "What the page of the live monitor asks. Times are seconds since 1970 UTC. Every refusal is "
    f"`{{error, code, state}}`; `error` says what to do. What changes something needs the "
    f"header {CSRF} with the `csrf` of the session."
)
_LISTEN = (
    "A WebSocket, with the cookie. First a frame `snapshot` with all tables, then frames `changes`, each with `n` one "
    'more than the last: who has missed one sends `{"type": "snapshot"}` and is sent everything anew. A frame `tick` '
    "every second says that time goes on. `data_at` is the moment until which all of it is known. Close code 4401: the "
    "session is over; 1001: the service ends. Who does not read is cut off."
)
_REF = "#/components/schemas/{model}"
_ROWS = (
    rows.CallRow, rows.SeatRow, rows.QueueRow, rows.ProjectRow, rows.FiguresRow, rows.HalfRow, rows.EarRow,
    rows.AlarmRow,
)  # fmt: skip


@cache
def description() -> dict[str, Any]:
    """The whole document."""
    paths: dict[str, dict[str, Any]] = {}
    for route in ROUTES:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    paths[LIVE] = {"get": _live()}
    paths[DESCRIPTION] = {"get": _itself()}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Denwaban monitor", "version": VERSION, "description": ABOUT},
        "security": [{"session": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(),
            "securitySchemes": {"session": {"type": "apiKey", "in": "cookie", "name": COOKIE}},
        },
    }


def _operation(route: Route) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.summary,
        "parameters": list(_parameters(route)),
        "responses": {**_answer(route), **_problems(route.problems)},
    }
    if route.body is not None:
        told["requestBody"] = {"required": True, "content": {JSON: {"schema": _ref(route.body)}}}
    if route.name == LOG_IN:
        told["security"] = []
    return told


def _parameters(route: Route) -> Iterable[dict[str, Any]]:
    for name in re.findall(r"\{(\w+)\}", route.path):
        yield {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
    for name, schema in route.query.items():
        yield {"name": name, "in": "query", "required": False, "schema": schema}
    if "csrf" in route.problems and route.name != LOG_IN:
        yield {"name": CSRF, "in": "header", "required": True, "schema": {"type": "string"}}


def _answer(route: Route) -> dict[str, Any]:
    if route.answer is None:
        return {"204": {"description": "It was done"}}
    return {"200": {"description": "It was done", "content": {JSON: {"schema": _ref(route.answer)}}}}


def _problems(codes: Iterable[Code]) -> dict[str, Any]:
    by_status: dict[str, list[str]] = {}
    for code in codes:
        by_status.setdefault(str(STATUS[code]), []).append(code)
    content = {JSON: {"schema": _ref(Problem)}}
    return {
        status: {"description": ", ".join(told), "content": content}
        for status, told in sorted(by_status.items())
    }


def _live() -> dict[str, Any]:
    told = {"101": {"description": "The stream begins"}}
    return {
        "operationId": "live",
        "summary": "The live stream",
        "description": _LISTEN,
        "responses": {**told, **_problems(LIVE_PROBLEMS)},
    }


def _itself() -> dict[str, Any]:
    content = {JSON: {"schema": {"type": "object"}}}
    return {
        "operationId": "description",
        "summary": "This description",
        "security": [],
        "responses": {"200": {"description": "An OpenAPI 3.1 document", "content": content}},
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _schemas() -> dict[str, Any]:
    models = {route.body for route in ROUTES} | {route.answer for route in ROUTES} | {Problem}
    named = sorted((model for model in models if model is not None), key=lambda model: model.__name__)
    _, told = models_json_schema([(model, "validation") for model in named], ref_template=_REF)
    _, row_schemas = msgspec.json.schema_components(_ROWS, ref_template="#/components/schemas/{name}")
    return {**told["$defs"], **row_schemas}
