"""The table of routes: every row works, and the description and the handbook say what the table says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import jsonschema
import msgspec
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from calls.events import CallArrived
from calls.lost import LostCaller
from supervisor.api.bodies import Nothing
from supervisor.api.handbook import FILE, handbook
from supervisor.api.openapi import description
from supervisor.api.routes import OPENAPI, ROUTES, STREAM, WATCHING
from supervisor.api.work import Route
from tests.engine.city import OPEN, WATER, project
from tests.supervisor.api_office import Site, small_centre, tomorrow

pytestmark = pytest.mark.unit

TO_35 = {"kind": "extension", "target": "35"}


def document() -> dict[str, Any]:
    """The description as it goes over the wire."""
    return dict(json.loads(msgspec.json.encode(description())))


def test_the_description_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_the_description_has_the_rows_of_the_table_and_no_others() -> None:
    told = {(method.upper(), path) for path, kinds in document()["paths"].items() for method in kinds}
    beside = {("GET", path) for path in (OPENAPI, STREAM, *WATCHING)}
    assert told == {(route.method, route.path) for route in ROUTES} | beside


def test_every_row_has_a_name_of_its_own_and_an_example_that_would_do() -> None:
    assert len({route.name for route in ROUTES}) == len(ROUTES)
    for route in ROUTES:
        assert (route.body is Nothing) == (route.example is None)
        if route.example is not None:
            msgspec.convert(route.example, route.body)


def test_the_handbook_is_that_of_the_table() -> None:
    assert FILE.read_text(encoding="utf-8") == handbook(), "run: python -m supervisor.api.handbook"
    for route in ROUTES:
        assert f"`{route.method} {route.path}`" in handbook()
    for path in WATCHING:
        assert f"`GET {path}`" in handbook()


class Checked:
    """Asks, and holds every answer against the description."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.rows: set[str] = set()
        self._document = document()

    async def __call__(self, person: str, method: str, path: str, body: Any = None) -> Any:
        status, told = await self.site.ask(person, method, path, body)
        assert status == 200, (path, told)
        route = next(route for route in ROUTES if route.method == method and _fits(route, f"/v1/{path}"))
        self.rows.add(route.name)
        schema = {"$ref": f"#/components/schemas/{route.answer.__name__}", **self._document}
        jsonschema.Draft202012Validator(schema).validate(told)
        return told


def _fits(route: Route, path: str) -> bool:
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", route.path), path) is not None


async def test_every_row_of_the_table_works(tmp_path: Path) -> None:
    call_me = {"type": "callback", "queue": "main", "accepted": "bye", "refused": "busy"}
    water = {"water": project("water", WATER, nodes={"notice": call_me})}
    of = small_centre()
    async with Site(tmp_path, replace(of, projects=of.projects | water)) as site:
        ask, centre = Checked(site), site.centre
        await ask("op1", "POST", "seats/s1/login", {})
        await ask("ld", "POST", "seats/desk/login")
        call = centre.talks("A", "s1")
        for what, body in (
            ("hold", None), ("retrieve", None), ("consult", TO_35), ("swap", None), ("conference", None),
        ):  # fmt: skip
            await ask("op1", "POST", f"seats/s1/{what}", body)
            if what == "consult":
                centre.picks_up("35")
        await ask("ld", "POST", "seats/desk/ear", {"mode": "listen", "target": "s1"})
        centre.picks_up("desk")
        centre.feed(CallArrived("W", WATER, "0901234567"))
        for path in ("me", "people", "shifts", "seats", "seats/s1", "calls", f"calls/{call}", "queues"):
            await ask("ld", "GET", path)
        for path in ("ears", "projects", "projects/tax/budget", "alarms"):
            await ask("ld", "GET", path)
        [owed] = (await ask("sw", "GET", "callbacks"))["callbacks"]
        await ask("sw", "DELETE", f"callbacks/{owed['callback']}")
        await ask("ld", "DELETE", "seats/desk/ear")
        await ask("op1", "POST", "seats/s1/complete")
        await ask("op1", "POST", "seats/s1/class", {"inquiry_class": "減免"})
        await ask("op1", "POST", "seats/s1/wrapup/end")
        centre.hangs_up("A")
        centre.talks("B", "s1")
        await ask("op1", "POST", "seats/s1/transfer", TO_35)
        await ask("op1", "POST", "seats/s1/ready")
        centre.talks("C", "s1")
        await ask("op1", "POST", "seats/s1/hangup")
        await ask("op1", "POST", "seats/s1/dial", {"number": "0312345678"})
        await ask("op1", "POST", "seats/s1/break", {"reason": "会議"})
        await ask("op1", "POST", "seats/s1/logout")
        centre.lost = [LostCaller("c1", "tax", "tax/main", "0901112222", OPEN, OPEN, "lost_system")]
        for method, path in (
            ("GET", "lost"), ("POST", "lost/c1/callback"), ("POST", "projects/tax/lost/callback"),
        ):  # fmt: skip
            await ask("ld", method, path)
        order = {"kind": "closed", "until": tomorrow(), "reason": "大雪"}
        await ask("ld", "POST", "projects/tax/override", order)
        assert ask.rows == {route.name for route in ROUTES}


async def test_the_description_needs_no_token(tmp_path: Path) -> None:
    async with (
        Site(tmp_path) as site,
        aiohttp.ClientSession(site.api.url) as client,
        client.get(OPENAPI) as reply,
    ):
        assert (reply.status, await reply.json()) == (200, document())
