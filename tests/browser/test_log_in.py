"""Logging in, and everything that is refused at the door."""

from __future__ import annotations

import contextlib
import sqlite3

import pytest

from supervisor.bench.visitors import PASSWORD
from tests.browser.harness import House, log_in, shot, shown, violations

pytestmark = pytest.mark.browser

LOG_OUT = """async () => {
  const session = await (await fetch("/api/session")).json();
  return (await fetch("/api/session", {method: "DELETE", headers: {"X-Denwaban-CSRF": session.csrf}})).status;
}"""


async def test_logging_in_shows_the_board(house: House) -> None:
    async with house.visitor() as page:
        assert await violations(page) == []
        await shot(page, "log-in")
        await log_in(page, "sv-tax")
        await shown(page)
        assert await page.locator("[data-test=login]").count() == 0
        # Neither can a script on the page read the cookie, nor is it kept anywhere else.
        assert await page.evaluate("document.cookie") == ""
        kept = await page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
        assert PASSWORD not in kept
        [cookie] = await page.context.cookies()
        assert cookie["value"] not in kept
        assert (cookie["name"], cookie["httpOnly"], cookie["secure"], cookie["sameSite"]) == (
            "__Host-denwaban",
            True,
            True,
            "Strict",
        )


@pytest.mark.parametrize(
    ("user", "password"), [("sv-tax", "wrong"), ("who-is-that", PASSWORD), ("sv-tax", "")]
)
async def test_what_is_wrong_is_refused_and_not_which_of_the_two(
    house: House, user: str, password: str
) -> None:
    async with house.visitor() as page:
        await log_in(page, user, password)
        await page.locator("[data-test=fault] p").first.wait_for()
        told = await page.locator("[data-test=fault]").inner_text()
        assert user not in told
        assert await page.locator("[data-seat]").count() == 0
        assert await page.context.cookies() == []


async def test_unknown_and_wrong_sound_the_same(house: House) -> None:
    answers = []
    async with house.anybody() as client:
        for user in ("leader-tax", "who-is-that"):
            async with client.post("/api/session", json={"user": user, "password": "not his"}) as reply:
                answers.append((reply.status, await reply.json()))
    assert answers[0] == answers[1]
    assert answers[0][0] == 401
    assert answers[0][1]["code"] == "bad_login"


async def test_whoever_guesses_has_to_wait(house: House) -> None:
    async with house.visitor() as page:
        for _ in range(5):
            async with page.expect_response("**/api/session") as answer:
                await log_in(page, "auditor-tax", "a guess")
            assert (await answer.value).status == 401
        async with page.expect_response("**/api/session") as answer:
            await log_in(page, "auditor-tax", PASSWORD)
        refused = await answer.value
        assert refused.status == 429
        assert int(await refused.header_value("retry-after") or "0") > 0
        await page.locator("[data-test=fault] p").first.wait_for()
        assert await page.locator("[type=submit]").is_disabled()
    async with house.guest("sv-tax") as another:
        assert another.session["user"] == "sv-tax"


async def test_a_forged_cookie_opens_nothing(house: House) -> None:
    for cookie in ("A" * 43, "x", "%00", "a" * 4000):
        async with house.anybody(cookie) as client, client.get("/api/session") as reply:
            assert reply.status == 401
            assert (await reply.json())["code"] == "not_logged_in"


async def test_a_cookie_of_before_the_log_out_opens_nothing(house: House) -> None:
    async with house.guest("sv-tax") as guest:
        cookie = guest.cookies["__Host-denwaban"]
        async with house.anybody(cookie) as client, client.get("/api/session") as reply:
            assert reply.status == 200
        assert (await guest.ask("DELETE", "/api/session"))[0] == 204
    async with house.anybody(cookie) as client:
        async with client.get("/api/session") as reply:
            assert reply.status == 401
        async with client.get("/api/live") as reply:
            assert reply.status == 401


async def test_a_session_that_is_over_leads_back_to_the_form(house: House) -> None:
    async with house.page("sv-tax") as page:
        assert await page.evaluate(LOG_OUT) == 204
        await page.wait_for_selector("[data-test=login]")
        assert await page.locator("[data-seat]").count() == 0


async def test_a_session_ends_by_itself_at_its_time(house: House) -> None:
    async with house.page("leader-tax") as page:
        expire(house, "leader-tax")
        await page.wait_for_selector("[data-test=login]")
        assert await page.locator("[data-seat]").count() == 0
        assert await page.locator("[data-test=remark]").count() == 1
    async with house.guest("leader-tax") as guest:
        expire(house, "leader-tax")
        status, told = await guest.ask(
            "POST", "/api/seats/seat01/state", {"state": "ready", "reason": "試験"}
        )
        assert (status, told["code"]) == (401, "not_logged_in")


def expire(house: House, user: str) -> None:
    """The time of all sessions of somebody is over."""
    file = house.stage.site.var_directory / "denwaban.db"
    with contextlib.closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE user_sessions SET ends_at = 1 WHERE user_id = ?", (user,))


async def test_nothing_is_changed_without_the_token_of_the_page(house: House) -> None:
    body = {"state": "break", "reason": "試験"}
    async with house.guest("sv-tax") as guest:
        path = "/api/seats/seat01/state"
        for token in ("", "wrong"):
            status, told = await guest.ask("POST", path, body, headers={"X-Denwaban-CSRF": token})
            assert (status, told["code"]) == (403, "csrf")
        status, told = await guest.ask("POST", path, body, headers={"Origin": "https://elsewhere.example"})
        assert (status, told["code"]) == (403, "csrf")
    assert house.audited("SeatPaused") == []
