"""What is done at the monitor reaches the engine, in the name of who asked and with no more rights than he has."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
from yarl import URL

from supervisor.api.on_behalf import HEADER
from supervisor.monitor import engine_api
from supervisor.monitor.problems import STATUS
from tests.supervisor.monitor_site import Session, Site
from tests.supervisor.monitor_users import hash_quickly

pytestmark = pytest.mark.unit

SEATS, PROJECTS = "/v1/seats", "/v1/projects"
WHY = "苦情の対応"


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    hash_quickly(monkeypatch)
    async with Site(tmp_path) as site:
        yield site


def seat_body(state: str = "break") -> dict[str, str]:
    """What a seat is to be."""
    return {"state": state, "reason": WHY}


def ear_body(mode: str = "listen", seat: str = "desk") -> dict[str, str]:
    """How to take part."""
    return {"mode": mode, "seat": seat, "reason": WHY}


ASKED: list[tuple[str, str, Any, str, str, Any]] = [
    ("POST", "/api/seats/s1/state", seat_body("ready"), "POST", f"{SEATS}/s1/ready", None),
    ("POST", "/api/seats/s1/state", seat_body(), "POST", f"{SEATS}/s1/break", {"reason": WHY}),
    ("POST", "/api/seats/s1/state", seat_body("logged_out"), "POST", f"{SEATS}/s1/logout", None),
    *(
        ("POST", "/api/calls/c1/ear", ear_body(mode), "POST", f"{SEATS}/desk/ear", {"mode": mode, "target": "c1"})
        for mode in ("listen", "whisper", "barge", "take_over")
    ),
    ("DELETE", "/api/seats/desk/ear", None, "DELETE", f"{SEATS}/desk/ear", None),
    ("POST", "/api/projects/tax/switch", {"kind": "disaster", "until": "2026-05-07T17:15", "reason": WHY},
     "POST", f"{PROJECTS}/tax/override", {"kind": "disaster", "until": "2026-05-07T17:15", "reason": WHY}),
    ("POST", "/api/projects/tax/switch", {"kind": "none", "reason": WHY},
     "POST", f"{PROJECTS}/tax/override", {"kind": "none", "until": "", "reason": WHY}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "does", "there", "sent"), ASKED)
async def test_what_the_engine_is_asked(
    site: Site, method: str, path: str, body: Any, does: str, there: str, sent: Any
) -> None:
    site.engine.told = {"subject": "s1", "stored": False}
    answer = await site.ask(method, path, await site.log_in(), json=body)
    assert answer.status == 200
    switched = {"project": "tax", "stored": False}
    assert answer.told == (switched if "switch" in path else {"subject": "s1"})
    (asked,) = site.engine.asked
    assert (asked.method, asked.path, asked.body, asked.token) == (does, there, sent, "Bearer secret")
    assert asked.behalf == {
        "id": "hana",
        "name": "花",
        "projects": ["tax", "water"],
        "supervises": ["tax"],
        "why": WHY if body else "",
    }


ACTS = {
    "seat": ("/api/seats/s1/state", seat_body()),
    "listen": ("/api/calls/c1/ear", ear_body("listen")),
    "whisper": ("/api/calls/c1/ear", ear_body("whisper")),
    "barge": ("/api/calls/c1/ear", ear_body("barge")),
    "take_over": ("/api/calls/c1/ear", ear_body("take_over")),
    "switch": ("/api/projects/tax/switch", {"kind": "closed", "until": "2026-05-07T17:15", "reason": WHY}),
}
EVERYWHERE = ["tax", "water"]


@pytest.mark.parametrize(
    ("user", "sees", "leads", "supervises"),
    [
        ("hana", EVERYWHERE, ["tax"], ["tax"]),
        ("taro", ["tax"], ["tax"], []),
        ("kei", ["water"], [], []),
        ("boss", EVERYWHERE, EVERYWHERE, EVERYWHERE),
        ("nobody", [], [], []),
    ],
)
async def test_the_engine_is_told_the_rights_of_who_asks(
    site: Site, user: str, sees: list[str], leads: list[str], supervises: list[str]
) -> None:
    site.engine.told = {"subject": "s1", "stored": True}
    session = await site.log_in(user)
    for act, (path, body) in ACTS.items():
        site.engine.asked.clear()
        answer = await site.ask("POST", path, session, json=body)
        acts = leads if act in ("seat", "listen", "whisper") else supervises
        if not acts:
            assert (answer.status, answer.code, site.engine.asked) == (403, "not_allowed", [])
            continue
        assert answer.status == 200
        behalf = site.engine.asked[0].behalf
        assert (behalf["id"], behalf["projects"], behalf["supervises"]) == (user, sees, acts)


def test_the_header_is_the_one_of_the_engine() -> None:
    assert engine_api.ON_BEHALF == HEADER


async def ask(site: Site, session: Session) -> Any:
    """Something."""
    return await site.ask("POST", "/api/seats/s1/state", session, json=seat_body())


@pytest.mark.parametrize(
    ("status", "code"),
    [
        (400, "bad_request"), (401, "failed"), (403, "not_allowed"), (404, "not_found"), (409, "conflict"),
        (413, "failed"), (500, "failed"), (503, "audit_unwritable"), (504, "engine_silent"),
    ],
)  # fmt: skip
async def test_what_the_engine_refuses_is_refused(site: Site, status: int, code: str) -> None:
    site.engine.status, site.engine.told = status, {"error": "it has a call: wait", "state": "TALKING"}
    answer = await ask(site, await site.log_in())
    assert answer.told == {"error": "it has a call: wait", "code": code, "state": "TALKING"}
    assert answer.status == STATUS[code]  # type: ignore[index]


@pytest.mark.parametrize("told", [[], {}, 7, None, {"error": None}])
async def test_a_refusal_without_words_is_one_too(site: Site, told: Any) -> None:
    site.engine.status, site.engine.told = 409, told
    answer = await ask(site, await site.log_in())
    assert (answer.status, answer.code, answer.told["state"]) == (409, "conflict", "")


async def test_an_engine_that_is_silent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine_api, "ANSWER_S", 0.05)
    site.engine.silent = True
    answer = await ask(site, await site.log_in())
    assert (answer.status, answer.code) == (504, "engine_silent")
    assert len(site.engine.asked) == 1, "it is not asked again: it may have been done"


async def test_an_engine_that_is_away(site: Site) -> None:
    session = await site.log_in()
    await site.engine_server.close()
    answer = await ask(site, session)
    assert (answer.status, answer.code) == (503, "engine_away")
    assert (await site.ask("GET", "/api/session", session)).status == 200


@pytest.mark.parametrize("told", ["<html>", "", "{"])
async def test_what_is_not_the_engine_at_all(site: Site, told: str) -> None:
    site.engine.told = told
    answer = await ask(site, await site.log_in())
    assert (answer.status, answer.code) == (503, "engine_away")


@pytest.mark.parametrize(
    "id_", ["..", ".", "a/b", "a?b=c", "a#b", "%2e%2e", "席1", "a b", "a%2Fb", "a\\b", "x" * 200]
)
async def test_an_id_is_a_part_of_a_path_and_no_more(site: Site, id_: str) -> None:
    session, sent = await site.log_in(), quote(id_, safe="").replace(".", "%2E")
    path = URL(f"http://127.0.0.1:{site.server.port}/api/seats/{sent}/state", encoded=True)
    async with site.client.post(path, headers=session.head, json=seat_body()) as reply:
        assert reply.status in (200, 404)
    for asked in site.engine.asked:
        before, _, after = asked.path.removeprefix(SEATS + "/").rpartition("/")
        assert (unquote(before), after) == (id_, "break")
        assert "/" not in before


async def test_who_reads_the_audit_log(site: Site) -> None:
    for what, details in (
        ("login", {}),
        ("EarAsked", {"project": "tax", "seat": "desk", "call": "c1"}),
        ("EarAsked", {"project": "water", "seat": "desk"}),
        ("SeatBreak", {"seat": "w1", "call": ""}),
        ("SeatBreak", {"seat": "both"}),
        ("SeatBreak", {"seat": "desk"}),
        ("SeatBreak", {"seat": "gone"}),
        ("override", {"project": "water", "kind": "closed"}),
    ):
        site.audit.note(what, "somebody", WHY, **details)
    session = await site.log_in("kei")
    answer = await site.ask("GET", "/api/audit", session)
    found = [(one["what"], one.get("project"), one.get("seat")) for one in answer.told["entries"]]
    assert found == [("override", "water", None), ("SeatBreak", None, "w1"), ("EarAsked", "water", "desk")]
    assert answer.told["entries"][0] | {"at": ""} == {
        "at": "", "by": "somebody", "what": "override", "why": WHY, "project": "water", "kind": "closed",
    }  # fmt: skip
    assert len((await site.ask("GET", "/api/audit?limit=2", session)).told["entries"]) == 2
    boss = await site.ask("GET", "/api/audit?limit=500", await site.log_in("boss"))
    assert len(boss.told["entries"]) == 8 + 2, "those of the log-ins, too"
    for user in ("taro", "nobody"):
        answer = await site.ask("GET", "/api/audit", await site.log_in(user))
        assert (answer.status, answer.code) == (403, "not_allowed")


async def test_an_audit_log_that_there_is_not_or_cannot_be_read(site: Site) -> None:
    session = await site.log_in("boss")
    site.audit.path.unlink()
    assert (await site.ask("GET", "/api/audit", session)).told == {"entries": []}
    site.audit.path.mkdir()
    answer = await site.ask("GET", "/api/audit", session)
    assert (answer.status, answer.code) == (500, "failed")
    assert "the audit log cannot be read" in answer.told["error"]
    site.audit.path.rmdir()
