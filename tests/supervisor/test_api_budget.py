"""What the API says of a project's budget, and to whom."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from calls.budget import NOBODY, Counts, Period
from calls.pace import HalfHour, Standing
from ivr.project import Project
from supervisor.api.office import Office
from tests.engine.city import OPEN
from tests.supervisor.api_office import Site

pytestmark = pytest.mark.unit

MIDNIGHT = OPEN - 10 * 3600.0  # OPEN is 10:00 in Tokyo
MAY = Period("2026-05", 0.9, ((2026, 5),))


async def busy(project: Project, at: float) -> Standing:
    """Opened at nine: in each of the two half-hours since then, 50 calls and 10 of them lost; a quiet month before."""
    nine = MIDNIGHT + 9 * 3600
    quiet = [HalfHour(MIDNIGHT + 1800 * number, NOBODY) for number in range(18)]
    lost = [HalfHour(start, Counts(40, 50)) for start in (nine, nine + 1800)]
    return Standing(at, MAY, Counts(970, 1000), (*quiet, *lost, HalfHour(OPEN, NOBODY)))


async def away(project: Project, at: float) -> Standing:
    """The database is gone."""
    raise OperationalError("", {}, ConnectionRefusedError())


def site_with(folder: Path, **of: object) -> Site:
    """A site whose office reads its calls elsewhere."""
    site = Site(folder)
    office: Office = replace(site.centre.office, **of)  # type: ignore[arg-type]
    site.centre.office = office
    site.api = type(site.api)(office, site.centre.live, 0)
    return site


async def test_this_month_and_today(tmp_path: Path) -> None:
    async with site_with(tmp_path, standing=busy) as site:
        told = await site.get("op1", "projects/tax/budget")
    assert (told["at"], told["project"]) == (OPEN, "tax")
    assert told["period"] == {
        "period": "2026-05", "answered": 1050, "counted": 1100, "rate": 1050 / 1100, "promise": 0.9,
        "promise_version": 1, "may_lose": 66, "catch_up": 0, "state": "holds",
    }  # fmt: skip
    today = told["today"]
    assert (today["answered"], today["counted"], today["rate"]) == (80, 100, 0.8)
    assert (today["counted_per_hour"], today["lost_per_hour"]) == (100.0, 20.0)
    assert today["half_hours"] == [
        {"start": MIDNIGHT + 9 * 3600, "counted": 50, "lost": 10},
        {"start": MIDNIGHT + 9.5 * 3600, "counted": 50, "lost": 10},
    ]
    # The month up to this evening allows 10 % of 1,100 + the calls still expected today; 50 are gone.
    assert today["may_lose"] == (1100 + today["expected_more"]) // 10 - 50
    assert today["breaks_at"] == pytest.approx(OPEN + (today["may_lose"] + 1) * 180)


async def test_who_may_know_it(tmp_path: Path) -> None:
    async with Site(tmp_path) as site:
        for person in ("op2", "ld", "admin"):
            assert (await site.get(person, "projects/tax/budget"))["period"]["counted"] == 0
        assert (await site.ask("sw", "GET", "projects/tax/budget"))[0] == 404
        assert (await site.ask("oq", "GET", "projects/tax/budget"))[0] == 404
        assert (await site.ask("", "GET", "projects/tax/budget"))[0] == 401
        status, refused = await site.ask("admin", "GET", "projects/gas/budget")
        assert (status, refused["error"]) == (
            404,
            "there is no project 'gas'; GET /v1/projects tells which there are",
        )


async def test_without_a_database(tmp_path: Path) -> None:
    async with site_with(tmp_path, standing=away) as site:
        status, told = await site.ask("ld", "GET", "projects/tax/budget")
    assert (status, told["error"]) == (503, "the database does not answer: try again when it does")
