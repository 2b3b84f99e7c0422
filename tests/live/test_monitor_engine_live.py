"""The engine is killed while somebody looks at the page, or the monitor is: nobody has to load it again, and nothing
on it was made up."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState
from sim.live.telephone import Talk, Telephone
from tests.browser.harness import shot
from tests.live.centre import NUMBER
from tests.live.monitor_desk import WAIT_MS, Desk, Shown
from tests.live.monitor_house import LiveHouse, live_house
from tests.live.monitor_town import DESK, SEAT, SECOND, SUPERVISOR, TAX
from tests.live.phone_office import CALLER_HZ, OPERATOR_HZ, THIRD_HZ, all_hear

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]

WAITING, ANOTHER, LATER = "0488303333", "0488302222", "0488304444"
KEPT = ("calls", "seats", "projects", "halves", "ears")
"""The tables in which nobody's death changes anything,"""
FIGURES = ("received", "outcomes", "answered", "counted", "rate", "service_level", "longest_wait", "period")
"""and the figures that do not change with every minute."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[LiveHouse]:
    async with live_house(tmp_path_factory.mktemp("monitor")) as one:
        yield one


class Scene(NamedTuple):
    """Two talk, one of them with a supervisor who listens (`ear`), and somebody waits; `before`: all that is told."""

    desk: Desk
    operator: Telephone
    ear: Talk
    his: Talk
    theirs: Talk
    queued: Talk
    before: dict[str, Any]
    line: list[str | None]
    figures: Shown


@asynccontextmanager
async def busy(house: LiveHouse) -> AsyncIterator[Scene]:
    """Nobody hangs up inside by himself; afterwards nobody is left."""
    operator, colleague, supervisor = (house.telephone(name) for name in (SEAT, SECOND, DESK))
    async with (
        house.page(SUPERVISOR) as page, operator, colleague, supervisor,
        house.caller() as first, house.caller(ANOTHER) as second, house.caller(WAITING) as third,
    ):  # fmt: skip
        desk = Desk(page)
        for seat in (SEAT, SECOND, DESK):
            await desk.until_seat(seat, SeatState.READY)
        before = await desk.figures(TAX)
        ended = await first.dial(NUMBER)  # so that there are figures
        await all_hear((ended, {OPERATOR_HZ}))
        await first.hang_up(ended)
        await desk.free(SEAT)
        his = await first.dial(NUMBER)
        await all_hear((his, {THIRD_HZ}))
        theirs = await second.dial(NUMBER)
        await all_hear((theirs, {OPERATOR_HZ}))
        await desk.take_part("listen", SEAT, "落ち着いて")
        ear = await supervisor.rung()
        await all_hear((ear, {CALLER_HZ, OPERATOR_HZ}))
        queued = await third.dial(NUMBER)
        await desk.until_waiting(1)
        wanted = (before.received + 4, before.answered + 3)
        figures = await desk.until_figures(TAX, lambda shown: (shown.received, shown.answered) == wanted)
        await desk.keep()
        yield Scene(
            desk, operator, ear, his, theirs, queued, await board(house), await waiting(desk), figures
        )
        for phone, talk in ((first, his), (second, theirs), (third, queued)):
            await phone.hang_up(talk)
        for seat in (SEAT, SECOND):
            await desk.free(seat)
        await desk.kept_stale()


async def board(house: LiveHouse) -> dict[str, Any]:
    """What the monitor knows now, with every time in it."""
    async with house.guest(SUPERVISOR) as guest, await guest.listen() as socket:
        tables = json.loads((await socket.receive()).data)["tables"]
    figures = {id_: {name: row[name] for name in FIGURES} for id_, row in tables["figures"].items()}
    return {name: tables[name] for name in KEPT} | {"figures": figures}


async def waiting(desk: Desk) -> list[str | None]:
    """The calls of those who wait, in the order of the page."""
    return [await row.get_attribute("data-call") for row in await desk.rows().all()]


async def is_as_before(house: LiveHouse, scene: Scene) -> None:
    """On the page, for whoever is told, and for whoever talks."""
    assert await board(house) == scene.before
    assert await waiting(scene.desk) == scene.line
    figures = await scene.desk.figures(TAX)
    # Somebody waits, and the longest wait of the day may be his: that goes on.
    assert figures._replace(longest=scene.figures.longest) == scene.figures
    await all_hear(
        (scene.his, {THIRD_HZ}), (scene.theirs, {OPERATOR_HZ}), (scene.ear, {CALLER_HZ, OPERATOR_HZ})
    )


async def goes_on(house: LiveHouse, scene: Scene) -> None:
    """A new caller is seen behind the one who waits, and that one is answered first."""
    desk = scene.desk
    async with house.caller(LATER) as later:
        late = await later.dial(NUMBER)
        await desk.until_waiting(2)
        assert (await waiting(desk))[:1] == scene.line
        await desk.until_figures(TAX, lambda shown: shown.received == scene.figures.received + 1)
        await desk.stop()
        await scene.theirs.phone.hang_up(scene.theirs)
        await desk.free(SEAT)
        await all_hear((scene.queued, {OPERATOR_HZ}), (scene.operator.talks[-1], {CALLER_HZ}))
        await later.hang_up(late)
        await desk.until_waiting(0)
        gone = await desk.until_figures(TAX, lambda shown: shown.counted == scene.figures.counted + 2)
        assert (gone.answered, gone.abandoned) == (scene.figures.answered + 1, scene.figures.abandoned + 1)


async def test_the_board_outlives_the_engine(house: LiveHouse) -> None:
    async with busy(house) as scene:
        await house.program.dies()
        await scene.desk.engine_was_away()
        await is_as_before(house, scene)
        await shot(scene.desk.page, "live-reborn")
        await goes_on(house, scene)
        assert house.said == []


async def test_the_page_outlives_the_monitor(house: LiveHouse) -> None:
    async with busy(house) as scene:
        root = scene.desk.page.locator("[data-test=root]")
        await house.program.monitor_dies()
        await scene.desk.page.locator("[data-link=open]").wait_for(timeout=WAIT_MS)
        await is_as_before(house, scene)
        await goes_on(house, scene)
        assert await root.get_attribute("data-phase") == "board"


async def test_who_is_there_before_the_engine_may_do_all_that_he_may(house: LiveHouse) -> None:
    async with house.page(SUPERVISOR) as page, house.telephone(SEAT):
        desk, card = Desk(page), page.locator(f"[data-project={TAX}]")
        await desk.standing(TAX, "open")
        with house.program.engine_held():
            await house.program.monitor_dies()  # the next one knows of no project
            await card.wait_for(state="detached", timeout=WAIT_MS)
        await desk.standing(TAX, "open")
        await card.locator("[data-test=switch]").wait_for(timeout=WAIT_MS)
        await desk.until_seat(SEAT, SeatState.READY)
        assert await desk.acts(SEAT) == {"break", "logged_out"}


async def test_an_engine_that_hangs_makes_the_page_old_and_no_more(house: LiveHouse) -> None:
    async with house.page(SUPERVISOR) as page:
        desk, told = Desk(page), page.locator("[data-test=stale]")
        await desk.standing(TAX, "open")
        await desk.keep()
        with house.program.engine_held():
            await told.wait_for(timeout=WAIT_MS)
            await desk.standing(TAX, "open")
        await told.wait_for(state="detached", timeout=WAIT_MS)
        assert await desk.kept_stale() == 1
