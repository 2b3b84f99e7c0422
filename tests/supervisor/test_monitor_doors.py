"""The monitor's REST doors, with a real store: who is let in, what is refused, and how it is told."""

from __future__ import annotations

import io
import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from store.users import set_grant, set_password
from supervisor.monitor.app import HEADERS, LONGEST_BODY
from supervisor.monitor.guests import COOKIE, CSRF
from supervisor.monitor.problems import STATUS
from supervisor.monitor.routes import MOST_ENTRIES, ROUTES
from tests.supervisor.monitor_site import ABSOLUTE_S, IDLE_S, Site
from tests.supervisor.monitor_users import AT, PASSWORD, hash_quickly

pytestmark = pytest.mark.unit

LOGIN = {"user": "hana", "password": PASSWORD}
BREAK = {"state": "break", "reason": "昼"}
SWITCH = {"kind": "closed", "until": "2026-05-07T17:15", "reason": "台風"}
EAR = {"mode": "listen", "seat": "desk", "reason": "研修"}
BODIES: dict[str, Any] = {"log_in": LOGIN, "seat": BREAK, "ear": EAR, "switch": SWITCH}
SENDING = [route for route in ROUTES if route.body is not None]
CHANGING = [route for route in ROUTES if route.method != "GET" and route.name != "log_in"]
NAMES: Any = {"ids": lambda route: route.name}


def path_of(route: Any) -> str:
    """A path that it answers."""
    return str(route.path).format(seat="s1", call="c1", project="tax")


@pytest.fixture
async def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    hash_quickly(monkeypatch)
    async with Site(tmp_path) as site:
        yield site


async def test_who_logs_in_is_told_who_he_is_and_what_he_may_do(site: Site) -> None:
    answer = await site.ask("POST", "/api/session", json=LOGIN)
    told = answer.told
    assert (answer.status, told["user"], told["name"], told["ends_at"]) == (
        200,
        "hana",
        "花",
        AT + ABSOLUTE_S,
    )
    assert told["grants"] == [
        {"project": "tax", "role": "supervisor"},
        {"project": "water", "role": "auditor"},
    ]
    leading = ["watch", "seat", "listen", "whisper", "barge", "take_over", "switch"]
    assert told["may"] == {"tax": leading, "water": ["watch", "audit"]}
    assert told["marks"] == {"wait_s": 10.0, "service_level_s": 20.0}
    cookie = answer.head["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=")
    for word in ("HttpOnly", "Secure", "SameSite=Strict", "Path=/", f"Max-Age={ABSOLUTE_S:.0f}"):
        assert word in cookie
    assert "Domain" not in cookie
    session = await site.log_in()
    again = await site.ask("GET", "/api/session", headers=session.cookie)
    assert again.told == {**told, "csrf": session.csrf}


async def test_a_log_in_that_is_refused(site: Site) -> None:
    for body in ({**LOGIN, "password": "wrong"}, {**LOGIN, "user": "nemo"}, {**LOGIN, "user": "' or 1=1"}):
        answer = await site.ask("POST", "/api/session", json=body)
        assert (answer.status, answer.code) == (401, "bad_login")
        assert "Set-Cookie" not in answer.head
    foreign = await site.ask("POST", "/api/session", json=LOGIN, headers={"Origin": "https://evil.example"})
    assert (foreign.status, foreign.code) == (403, "csrf")
    assert [line["what"] for line in site.audit.entries()] == ["login_failed"] * 3
    for _ in range(4):
        answer = await site.ask("POST", "/api/session", json={**LOGIN, "password": "wrong"})
    right = await site.ask("POST", "/api/session", json=LOGIN)
    assert (right.status, right.code) == (429, "too_many_tries")
    assert 0 < int(right.head["Retry-After"]) <= 300


async def test_who_logs_out_is_out_with_every_copy_of_his_cookie(site: Site) -> None:
    session, other = await site.log_in(), await site.log_in()
    answer = await site.ask("DELETE", "/api/session", session)
    assert (answer.status, answer.body) == (204, b"")
    assert f'{COOKIE}=""' in answer.head["Set-Cookie"]
    assert "Secure" in answer.head["Set-Cookie"], "or browsers do not heed it, for its name"
    for method, path in (("GET", "/api/session"), ("DELETE", "/api/session"), ("GET", "/api/audit")):
        assert (await site.ask(method, path, session)).code == "not_logged_in"
    assert (await site.ask("GET", "/api/session", other)).status == 200


@pytest.mark.parametrize("passes", [IDLE_S, ABSOLUTE_S])
async def test_a_session_that_is_over(site: Site, passes: float) -> None:
    session = await site.log_in()
    for _ in range(int(passes // (IDLE_S / 2)) - 1):
        site.watch.now += IDLE_S / 2
        if passes > IDLE_S:
            assert (await site.ask("GET", "/api/session", session)).status == 200
    site.watch.now = AT + passes
    assert (await site.ask("GET", "/api/session", session)).code == "not_logged_in"


async def test_new_rights_and_a_new_password_end_a_session(site: Site) -> None:
    for change in (
        lambda: set_grant(site.database, "hana", "tax", "auditor", AT),
        lambda: set_password(site.database, "hana", "other", AT),
    ):
        session = await site.log_in()
        await change()
        assert (await site.ask("POST", "/api/seats/s1/state", session, json=BREAK)).code == "not_logged_in"


@pytest.mark.parametrize(
    "cookie",
    ["", "x", "Ä", '"', "=", "a" * 5000, "%00", "..", "' or 1=1 --", "\\", "x; __Host-denwaban=y", "{}"],
)
async def test_a_forged_cookie(site: Site, cookie: str) -> None:
    await site.log_in()
    answer = await site.ask("GET", "/api/session", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert (answer.status, answer.code) == (401, "not_logged_in")


async def test_a_session_of_another_name_is_none(site: Site) -> None:
    session = await site.log_in()
    for head in ({"Cookie": f"denwaban={session.token}"}, {"Authorization": f"Bearer {session.token}"}):
        assert (await site.ask("GET", "/api/session", headers=head)).code == "not_logged_in"


@pytest.mark.parametrize("route", CHANGING, **NAMES)
async def test_what_changes_something_is_asked_by_our_own_page_alone(site: Site, route: Any) -> None:
    session, other, body = await site.log_in(), await site.log_in("boss"), BODIES.get(route.name)
    for wrong in ("", "x", "Ä", other.csrf, session.csrf[:-1], session.csrf + "x"):
        head = {**session.cookie, CSRF: wrong} if wrong else session.cookie
        answer = await site.ask(route.method, path_of(route), headers=head, json=body)
        assert (answer.status, answer.code) == (403, "csrf")
    for origin in ("https://evil.example", "null", "http://[x", "https://127.0.0.1", "x", "file://"):
        answer = await site.ask(route.method, path_of(route), session, json=body, headers={"Origin": origin})
        assert (answer.status, answer.code) == (403, "csrf")
    assert (await site.ask(route.method, path_of(route), json=body)).code == "not_logged_in"
    assert site.engine.asked == []
    own = {"Origin": f"http://127.0.0.1:{site.server.port}"}
    site.engine.told = {"subject": "s1", "stored": True}
    assert (await site.ask(route.method, path_of(route), session, json=body, headers=own)).status < 300


@pytest.mark.parametrize("route", SENDING, **NAMES)
async def test_a_body_that_is_none(site: Site, route: Any) -> None:
    session = await site.log_in()
    right = BODIES[route.name]
    for wrong in (
        b"",
        b"{",
        b"[]",
        b"null",
        b'"x"',
        b"\xff\xfe",
        b"[" * 5000,
        b"NaN",
        b'{"reason": "\\ud800"}',
    ):
        answer = await site.ask(
            route.method, path_of(route), session, data=wrong, headers={"Content-Type": "application/json"}
        )
        assert (answer.status, answer.code) == (400, "bad_request")
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "application/jsonp",
    ):
        answer = await site.ask(
            route.method, path_of(route), session, data=b"{}", headers={"Content-Type": kind}
        )
        assert (answer.status, answer.code) == (400, "bad_request")
    head = {"Content-Type": "application/json", "Content-Encoding": "gzip", "Connection": "close"}
    answer = await site.ask(route.method, path_of(route), session, data=b"no gzip", headers=head)
    assert (answer.status, answer.code) == (400, "bad_request")
    for name in right:
        left = {key: value for key, value in right.items() if key != name}
        for body in ({**right, name: 7}, {**right, name: None}, {**right, "more": "x"}, {**right, name: "x" * 401},
                     *([left] if name != "until" else [])):  # fmt: skip
            answer = await site.ask(route.method, path_of(route), session, json=body)
            assert (answer.status, answer.code) == (400, "bad_request")
    assert site.engine.asked == []


@pytest.mark.parametrize("reason", ["", " ", "\t", "a\nb", "a\rb", "a\u2028b", "a\x85b", "a\x00b", "x" * 201])
async def test_a_reason_that_is_none(site: Site, reason: str) -> None:
    session = await site.log_in()
    for route in CHANGING:
        if route.body is not None:
            body = {**BODIES[route.name], "reason": reason}
            answer = await site.ask(route.method, path_of(route), session, json=body)
            assert (answer.status, answer.code) == (400, "bad_request")
            assert answer.told["error"].startswith("reason: ")


async def test_what_is_wrong_is_told_without_what_was_sent(site: Site) -> None:
    session = await site.log_in()
    many = {f"k{number}": "geheim" for number in range(900)}
    answer = await site.ask("POST", "/api/seats/s1/state", session, json={"state": "geheim", **many})
    assert "geheim" not in answer.told["error"]
    assert len(answer.body) < 1000


@pytest.mark.parametrize("route", SENDING, **NAMES)
async def test_a_body_that_is_too_long(site: Site, route: Any) -> None:
    session, head = await site.log_in(), {"Content-Type": "application/json"}

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(160):
            yield b" " * 65536

    for data in (io.BytesIO(b" " * 10_485_760), chunks(), b" " * (LONGEST_BODY + 1)):
        answer = await site.ask(route.method, path_of(route), session, data=data, headers=head)
        assert (answer.status, answer.code) == (413, "too_large")
    fits = await site.ask(route.method, path_of(route), session, data=b" " * LONGEST_BODY, headers=head)
    assert fits.code == "bad_request"


async def test_every_answer_has_the_headers_that_keep_browsers_safe(site: Site) -> None:
    session = await site.log_in()
    asked = [
        ("GET", "/", 200), ("GET", "/assets/main-1a2b.js", 200), ("GET", "/favicon.ico", 200),
        ("GET", "/nothing", 404), ("GET", "/assets/nothing", 404), ("PUT", "/api/session", 405),
        ("GET", "/api/openapi.json", 200), ("GET", "/api/session", 200), ("GET", "/api/live", 400),
        ("POST", "/api/seats/s1/state", 400), ("DELETE", "/api/session", 204), ("GET", "/api/audit", 401),
    ]  # fmt: skip
    for method, path, status in asked:
        answer = await site.ask(method, path, session)
        assert (answer.status, method, path) == (status, method, path)
        assert {name: answer.head.get(name) for name in HEADERS} == HEADERS
        assert answer.head.getall("Cache-Control")
        assert "Server" not in answer.head
        assert "Strict-Transport-Security" not in answer.head, "the certificate is our own"
        if status >= 400:
            assert answer.code in STATUS


async def test_paths_and_methods_that_there_are_not(site: Site) -> None:
    session = await site.log_in()
    for path in (
        "/api",
        "/api/",
        "/api/session/",
        "/api/seats//state",
        "/API/session",
        "/metrics",
        "/.git/config",
    ):
        answer = await site.ask("GET", path, session)
        assert (answer.status, answer.code) == (404, "not_found")
    answer = await site.ask("PATCH", "/api/session", session)
    assert (answer.status, answer.code, answer.head["Allow"]) == (405, "bad_request", "DELETE, GET, POST")
    assert (await site.ask("OPTIONS", "/api/session", session)).status == 405, "no other page is let in"


@pytest.mark.parametrize("limit", ["0", "-1", "x", "", "1.5", str(MOST_ENTRIES + 1), "9" * 5000])
async def test_a_limit_that_is_none(site: Site, limit: str) -> None:
    answer = await site.ask("GET", f"/api/audit?limit={limit}", await site.log_in())
    assert (answer.status, answer.code) == (400, "bad_request")


async def test_a_store_that_is_away(site: Site) -> None:
    session = await site.log_in()
    async with site.database.engine.begin() as connection:
        await connection.exec_driver_sql("DROP TABLE user_sessions")
    for method, path, body in (
        ("GET", "/api/session", None), ("POST", "/api/session", LOGIN), ("POST", "/api/seats/s1/state", BREAK),
    ):  # fmt: skip
        answer = await site.ask(method, path, session, json=body)
        assert (answer.status, answer.code) == (503, "store_away")
    assert site.engine.asked == []


async def test_a_fault_of_ours_is_told_and_logged(
    site: Site, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    session = await site.log_in()

    def fails(*_: Any) -> Any:
        raise LookupError("geheim")

    monkeypatch.setattr("supervisor.monitor.guests.projects_of", fails)
    with caplog.at_level(logging.ERROR):
        answer = await site.ask("GET", "/api/session", session)
    assert (answer.status, answer.code) == (500, "failed")
    assert "geheim" not in answer.told["error"]
    assert "a request to the monitor failed" in caplog.text
