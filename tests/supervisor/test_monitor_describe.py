"""The OpenAPI description of the monitor: valid, whole, and true."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from calls.budget import Counts
from supervisor.monitor import rows
from supervisor.monitor.board import MonitorBoard
from supervisor.monitor.describe import description
from supervisor.monitor.doors import Doors
from supervisor.monitor.models import Problem
from supervisor.monitor.problems import STATUS, Code
from supervisor.monitor.routes import DESCRIPTION, LIVE, LIVE_PROBLEMS, ROUTES
from tests.supervisor import monitor_house as house
from tests.supervisor.monitor_house import AT, snapshot, tick
from tests.supervisor.monitor_site import Site
from tests.supervisor.monitor_users import hash_quickly

pytestmark = pytest.mark.unit


def test_it_is_valid() -> None:
    validate(description())
    assert json.loads(json.dumps(description())) == description()


def test_every_route_is_there_and_no_other() -> None:
    found = {(method, path) for path, told in description()["paths"].items() for method in told}
    known = {(route.method.lower(), route.path) for route in ROUTES} | {("get", LIVE), ("get", DESCRIPTION)}
    assert found == known
    ids = [told["operationId"] for path in description()["paths"].values() for told in path.values()]
    assert len(ids) == len(set(ids))


def test_every_route_is_a_method_of_the_doors() -> None:
    for route in ROUTES:
        assert inspect.iscoroutinefunction(getattr(Doors, route.name))


def test_every_code_has_a_status_and_stands_somewhere() -> None:
    assert set(STATUS) == set(get_args(Code))
    told = {code for route in ROUTES for code in route.problems} | set(LIVE_PROBLEMS)
    assert told == set(get_args(Code))
    by_status: dict[str, set[str]] = {}
    for code, status in STATUS.items():
        by_status.setdefault(str(status), set()).add(code)
    for path in description()["paths"].values():
        for operation in path.values():
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert set(answer["description"].split(", ")) <= by_status[status]


def test_no_code_is_used_that_is_not_told_of() -> None:
    """Each `ProblemError("...")` of the source has one of the codes; mypy says so too, where it looks."""
    folder = Path(inspect.getfile(Doors)).parent
    used = {
        code
        for path in folder.glob("*.py")
        for code in re.findall(r"ProblemError\(\s*\"(\w+)\"", path.read_text(encoding="utf-8"))
    }
    assert used <= set(STATUS)
    assert len(used) > 8


def test_every_schema_that_is_named_is_there() -> None:
    named = set(re.findall(r'"#/components/schemas/(\w+)"', json.dumps(description())))
    schemas = description()["components"]["schemas"]
    assert named <= set(schemas)
    assert {"CallRow", "SeatRow", "FiguresRow", "AlarmRow", "SessionTold", "Problem"} <= set(schemas)


def schema(name: str) -> Draft202012Validator:
    """What a shape has to be."""
    return Draft202012Validator(
        {"$ref": f"#/components/schemas/{name}", "components": description()["components"]}
    )


def test_rows_are_as_they_are_described() -> None:
    board = MonitorBoard(lambda terms, at: Counts(9, 10), 20.0)
    board.take(
        snapshot(
            house.project(), house.call(), house.seat(), house.queue(pace=7.5), house.ear(), house.count()
        )
    )
    board.take(tick([house.alarm()], [house.queue(pace=None)], [house.project()]))
    board.changed(AT)
    seen = set()
    for table in board.tables.values():
        for row in table.values():
            schema(type(row).__name__).validate(json.loads(msgspec.json.encode(row)))
            seen.add(type(row))
    assert seen == set(get_args(rows.Row))


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    hash_quickly(monkeypatch)
    async with Site(tmp_path) as site:
        yield site


async def test_answers_are_as_they_are_described(site: Site) -> None:
    assert (await site.ask("GET", DESCRIPTION)).told == json.loads(json.dumps(description()))
    session = await site.log_in("boss")
    site.engine.told = {"subject": "s1", "stored": True}
    bodies: dict[str, Any] = {
        "seat": {"state": "ready", "reason": "x"},
        "ear": {"mode": "listen", "seat": "desk", "reason": "x"},
        "switch": {"kind": "none", "reason": "x"},
    }
    for route in ROUTES:
        if route.answer is not None and route.name != "log_in":
            path = route.path.format(seat="s1", call="c1", project="tax")
            body = bodies.get(route.name)
            answer = await site.ask(route.method, path, session, json=body)
            assert answer.status == 200
            schema(route.answer.__name__).validate(answer.told)
            if body is not None and route.body is not None:
                schema(route.body.__name__).validate(body)
    schema(Problem.__name__).validate((await site.ask("GET", "/api/session")).told)
