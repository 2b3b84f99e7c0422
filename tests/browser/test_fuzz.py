"""Whatever is sent to the monitor's API, by its own description and against it: nothing in it breaks."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from supervisor.bench.scene import TAX
from supervisor.monitor.guests import CSRF
from tests.browser.harness import House

pytestmark = pytest.mark.browser

EXAMPLES = 30
NOT = {"log_out", "log_in", "live"}
"""What would end the session in which all is asked, or keep it waiting; and the stream, which is no request."""
RIGHT = (content_type_conformance, response_schema_conformance, status_code_conformance)


class Door:
    """Asks the monitor by one session, in a thread of its own: the stage plays on meanwhile."""

    def __init__(self, url: str, certificate: Path, headers: dict[str, str]) -> None:
        self._url = url
        self._certificate = str(certificate)
        self._headers = headers

    def ask(self, case: Case, *checks: Any) -> None:
        """One request; its answer is looked at."""
        answer = case.call(self._url, headers=self._headers, verify=self._certificate, timeout=20)
        case.validate_response(answer, checks=[not_a_server_error, *checks])

    def all_of(self, operation: APIOperation, mode: GenerationMode, **things: str) -> None:
        """Many requests of one kind; `things`: what there is, by the path's names. Without them, they are guessed."""
        named = {name: value for name, value in things.items() if f"{{{name}}}" in operation.path}
        checks = RIGHT if mode is GenerationMode.POSITIVE else ()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(mode, path_parameters=named or None))
        def many(case: Case) -> None:
            self.ask(case, *checks)

        try:
            many()
        except Unsatisfiable:  # nothing can be wrong with a request that has no parts
            assert mode is GenerationMode.NEGATIVE


async def test_nothing_that_is_sent_breaks_the_monitor(house: House) -> None:
    certificate = house.stage.site.secrets / "monitor/cert.pem"
    async with house.anybody() as client, client.get("/api/openapi.json") as reply:
        schema = schemathesis.openapi.from_dict(await reply.json())
    async with house.guest("admin-all") as guest:
        headers = {
            CSRF: guest.session["csrf"],
            "Cookie": f"__Host-denwaban={guest.cookies['__Host-denwaban']}",
        }
        door = Door(house.url.rstrip("/"), certificate, headers)
        there = {"seat": "supervisor01", "project": TAX, "call": next(iter(house.stage.live.board.calls))}
        asked = set()
        for found in schema.get_all_operations():
            assert isinstance(found, Ok)
            operation = found.ok()
            name = operation.definition.raw.get("operationId", "")
            if not name or name in NOT:
                continue
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                await asyncio.to_thread(door.all_of, operation, mode)
            await asyncio.to_thread(door.all_of, operation, GenerationMode.POSITIVE, **there)
            asked.add(name)
        assert {"session", "seat", "ear", "ear_closed", "switch", "audit"} <= asked
        status, told = await guest.ask("GET", "/api/session")
        assert (status, told["user"]) == (200, "admin-all")
        none = {"kind": "none", "reason": "試験の終わり"}
        assert (await guest.ask("POST", f"/api/projects/{TAX}/switch", none))[0] == 200


async def test_whoever_has_no_session_breaks_nothing_by_logging_in(house: House) -> None:
    certificate = house.stage.site.secrets / "monitor/cert.pem"
    async with house.anybody() as client, client.get("/api/openapi.json") as reply:
        schema = schemathesis.openapi.from_dict(await reply.json())
    door = Door(house.url.rstrip("/"), certificate, {})
    operation = schema["/api/session"]["POST"]
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        await asyncio.to_thread(door.all_of, operation, mode)
