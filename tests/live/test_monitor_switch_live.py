"""The switch of a project on the page and what callers hear then; and what each role sees, and is refused."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from calls.lifecycle import Outcome, SeatState, State
from sim.live.hearing import heard, shares
from sim.live.telephone import Talk
from supervisor.bench.visitors import PASSWORD
from tests.browser.harness import log_in, shot, shown
from tests.live.centre import MENU_NUMBER, NUMBER
from tests.live.monitor_desk import Desk
from tests.live.monitor_house import LiveHouse, live_house
from tests.live.monitor_town import (
    DESK,
    LEADER,
    SEAT,
    SHAKEN_HZ,
    SHUT_HZ,
    SUPERVISOR,
    TAX,
    TEXTS,
    WATER,
    WET,
    noon_zone,
)
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, all_hear

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

ALL_PARTS = {"listen", "whisper", "barge", "take_over"}
STATES = {"break", "ready", "logged_out"}


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHouse]:
    async with live_house(tmp_path_factory.mktemp("monitor")) as one:
        yield one


async def hears_text(talk: Talk, hz: int) -> None:
    """He hears this text, and is told nothing else."""
    assert heard(await shares(talk, TEXTS, {hz})) == {hz}
    await talk.end()


async def is_told(house: LiveHouse, number: str, hz: int, text: str) -> None:
    """Whoever dials hears this and nothing else, and his call counts as one outside the hours."""
    async with house.caller() as caller:
        his = await caller.dial(number)
        await his.up.wait()
        call = await house.call_in(State.IVR)
        await hears_text(his, hz)
    assert (await house.stored(call)).outcome == Outcome.CLOSED
    assert await house.played(call) == [text]


async def test_a_project_is_closed_and_shaken_and_opened_again(house: LiveHouse) -> None:
    zone, operator = noon_zone(), house.telephone(SEAT)
    async with (
        house.page(SUPERVISOR) as page, house.page(LEADER) as another, operator, house.caller() as caller
    ):  # fmt: skip
        desk, onlooker = Desk(page), Desk(another)
        await desk.until_seat(SEAT, SeatState.READY)
        await onlooker.standing(TAX, "open")
        before = await desk.figures(TAX)

        await desk.switch(TAX, "closed", "大雪", zone)
        for seen in (desk, onlooker):
            why = await seen.standing(TAX, "closed")
            assert SUPERVISOR in why
        await shot(page, "live-closed")
        await is_told(house, NUMBER, SHUT_HZ, "shut")

        await desk.switch(TAX, "disaster", "地震", zone)
        await onlooker.standing(TAX, "disaster")
        await is_told(house, NUMBER, SHAKEN_HZ, "shaken")
        assert operator.talks == []

        await desk.switch(TAX, "none", "落ち着いた")
        await onlooker.standing(TAX, "open")
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await desk.free(SEAT)
        after = await desk.until_figures(TAX, lambda figures: figures.answered == before.answered + 1)
        assert (after.received, after.counted) == (before.received + 3, before.counted + 1)
    for why, kind in (("大雪", "closed"), ("地震", "disaster"), ("落ち着いた", "none")):
        assert [(line["by"], line["what"], line["kind"], line["project"]) for line in house.reasons(why)] == [
            (SUPERVISOR, "override", kind, TAX)
        ]


async def test_an_order_holds_for_its_own_project_alone(house: LiveHouse) -> None:
    async with (
        house.page("administrator") as page,
        house.telephone(WET) as operator,
        house.caller() as caller,
    ):
        desk = Desk(page)
        await desk.until_seat(WET, SeatState.READY)
        await desk.switch(TAX, "closed", "棚卸し", noon_zone())
        await desk.standing(TAX, "closed")
        await desk.standing(WATER, "open")
        his = await caller.dial(MENU_NUMBER)
        await operator.rung()
        await desk.until_seat(WET, SeatState.TALKING)
        await caller.hang_up(his)
        await desk.free(WET)
        await desk.switch(TAX, "none", "終わった")
        await desk.standing(TAX, "open")


async def test_a_leader_helps_and_does_not_step_in(house: LiveHouse) -> None:
    operator, desk_phone = house.telephone(SEAT), house.telephone(DESK)
    async with house.page(LEADER) as page, operator, desk_phone, house.caller() as caller:
        desk = Desk(page)
        for seat in (SEAT, DESK):
            await desk.until_seat(seat, SeatState.READY)
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await desk.until_seat(SEAT, SeatState.TALKING)
        assert await desk.acts(SEAT) == {"listen", "whisper"} | STATES
        assert await page.locator("[data-test=switch]").count() == 0
        assert await page.locator("[data-test=audit-open]").count() == 0
        assert await page.locator(f"[data-seat={WET}], [data-project={WATER}]").count() == 0

        call = await house.call_in(State.TALKING)
        async with house.guest(LEADER) as guest:
            for mode in ("barge", "take_over"):
                part = {"mode": mode, "seat": DESK, "reason": "待てない"}
                status, told = await guest.ask("POST", f"/api/calls/{call}/ear", part)
                assert (status, told["code"]) == (403, "not_allowed")
            order = {"kind": "closed", "until": "", "reason": "待てない"}
            for project in (TAX, WATER, "nowhere"):  # not even whether it is there
                status, told = await guest.ask("POST", f"/api/projects/{project}/switch", order)
                assert (status, told["code"]) == (403, "not_allowed")
            body = {"state": "break", "reason": "待てない"}
            for seat in (WET, "nowhere"):
                status, told = await guest.ask("POST", f"/api/seats/{seat}/state", body)
                assert (status, told["code"]) == (404, "not_found")
            status, told = await guest.ask("GET", "/api/audit")
            assert (status, told["code"]) == (403, "not_allowed")
        assert desk_phone.talks == []
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        await caller.hang_up(his)
        await desk.free(SEAT)
    assert house.reasons("待てない") == []


async def test_another_projects_call_is_not_there(house: LiveHouse) -> None:
    async with (
        house.page("water-supervisor") as page, house.telephone(SEAT) as operator,
        house.telephone(DESK), house.caller() as caller, house.guest("water-supervisor") as guest,
    ):  # fmt: skip
        desk = Desk(page)
        await desk.until_seat(DESK, SeatState.READY)
        his = await caller.dial(NUMBER)
        hers = await operator.rung()
        await hers.up.wait()
        call = await house.call_in(State.TALKING)
        assert await page.locator(f"[data-seat={SEAT}], [data-call], [data-project={TAX}]").count() == 0
        part = {"mode": "listen", "seat": DESK, "reason": "好奇心"}
        for name in (call, "c0"):
            status, told = await guest.ask("POST", f"/api/calls/{name}/ear", part)
            assert (status, told["code"]) == (404, "not_found")
        order = {"kind": "none", "until": "", "reason": "好奇心"}
        for project in (TAX, "nowhere"):
            status, told = await guest.ask("POST", f"/api/projects/{project}/switch", order)
            assert (status, told["code"]) == (404, "not_found")
        await caller.hang_up(his)
        await hers.end()
        await house.dials(operator, "*16")
    assert house.reasons("好奇心") == []


async def test_an_auditor_reads_who_did_what_and_does_nothing(house: LiveHouse) -> None:
    words = ("user", "add", "auditor1", "--role", "auditor", "--project", TAX, "--password-stdin")
    await house.command(*words, told=f"{PASSWORD}\n")
    async with house.page(SUPERVISOR) as page:
        desk = Desk(page)
        await desk.switch(TAX, "closed", "監査の前", noon_zone())
        await desk.switch(TAX, "none", "監査の後")
        assert await page.locator("[data-test=audit-open]").count() == 0
    async with house.visitor() as page, house.guest("auditor1") as guest:
        await log_in(page, "auditor1")
        await shown(page)
        desk = Desk(page)
        assert await desk.acts(SEAT) == set()
        assert await page.locator("[data-test=switch]").count() == 0
        await page.locator("[data-test=audit-open]").click()
        table = page.locator("[data-test=audit] tbody")
        await table.wait_for()
        [line] = [text for text in await table.locator("tr").all_inner_texts() if "監査の前" in text]
        assert SUPERVISOR in line
        assert "closed" in line
        await shot(page, "live-audit")
        status, told = await guest.ask(
            "POST", f"/api/seats/{SEAT}/state", {"state": "break", "reason": "眠い"}
        )
        assert (status, told["code"]) == (403, "not_allowed")
