"""What belongs to others is not there: the same answer, word for word, as for what does not exist at all."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from calls.lost import LostCaller
from tests.engine.city import OPEN
from tests.supervisor.api_office import Site, tomorrow

pytestmark = pytest.mark.unit

OKA = {"id": "oka", "supervises": ["water"], "why": "x"}
ORDER = {"kind": "closed", "until": tomorrow(), "reason": "x"}


class Town(Site):
    """Op1 sits at s1, the supervisor of the water works at the desk; the tax centre has lost a caller."""

    async def both(
        self, lends: Any, method: str, path: str, names: tuple[str, str], body: Any = None
    ) -> list[tuple[int, str]]:
        """What is said to what belongs to others, and to what is nowhere, each without its name."""
        found = []
        for name in names:
            given = {key: value.format(name) for key, value in body.items()} if body is not None else None
            who = "admin" if lends else "sw"
            status, told = await self.ask(who, method, path.format(name), given, lends)
            found.append((status, str(told).replace(name, "NAME")))
        return found


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    site = Town(tmp_path)
    site.centre.lost = [LostCaller("c1", "tax", "tax/main", "0901112222", OPEN, OPEN, "lost_system")]
    async with site:
        await site.at("op1", "s1")
        await site.at("sw", "desk")
        yield site


@pytest.mark.parametrize("lends", [None, OKA])
@pytest.mark.parametrize(
    ("method", "path", "body", "names"),
    [
        ("GET", "seats/{}", None, ("s1", "s9")),
        ("GET", "calls/{}", None, ("CALL", "c9")),
        ("GET", "projects/{}/budget", None, ("tax", "gas")),
        ("POST", "projects/{}/override", ORDER, ("tax", "gas")),
        ("POST", "projects/{}/lost/callback", None, ("tax", "gas")),
        ("POST", "lost/{}/callback", None, ("c1", "c9")),
        ("POST", "seats/{}/login", {"operator": "sw"}, ("s2", "s9")),
        ("POST", "seats/w1/login", {"operator": "{}"}, ("op1", "op9")),
        ("POST", "seats/w1/dial", {"number": "0312345678", "project": "{}"}, ("tax", "gas")),
        ("POST", "seats/desk/ear", {"mode": "listen", "target": "{}"}, ("s1", "s9")),
        ("POST", "seats/desk/ear", {"mode": "listen", "target": "{}"}, ("s2", "s9")),
        ("POST", "seats/desk/ear", {"mode": "listen", "target": "{}"}, ("CALL", "c9")),
        *(
            ("POST", f"seats/{{}}/{what}", body, ("s1", "s9"))
            for what, body in (
                ("logout", None), ("break", {"reason": "x"}), ("ready", None), ("wrapup/end", None),
                ("class", {"inquiry_class": "x"}), ("hold", None), ("retrieve", None), ("complete", None),
                ("transfer", {"kind": "extension", "target": "35"}), ("swap", None), ("conference", None),
                ("consult", {"kind": "extension", "target": "35"}), ("hangup", None),
                ("dial", {"number": "0312345678"}), ("ear", {"mode": "listen", "target": "w1"}),
            )
        ),
        ("DELETE", "seats/{}/ear", None, ("s1", "s9")),
    ],
)  # fmt: skip
async def test_the_same_answer(
    town: Town, lends: Any, method: str, path: str, body: Any, names: tuple[str, str]
) -> None:
    call = town.centre.talks("A", "s1")
    real = names[0].replace("CALL", call)
    before = len(town.centre.fed)
    others, nowhere = await town.both(lends, method, path, (real, names[1]), body)
    assert others == nowhere
    assert (others[0], len(town.centre.fed), town.centre.audited()) == (404, before, [])


@pytest.mark.parametrize(("lends", "status"), [(None, 409), (OKA, 403)])  # for Oka it is somebody else's desk
async def test_a_conversation_of_others_that_is_heard_there_is_none(
    town: Town, lends: Any, status: int
) -> None:
    town.centre.talks("A", "s1")
    who = "admin" if lends else "sw"
    nothing = [
        await town.ask(who, "DELETE", "seats/desk/ear", lends=lends),
        await town.ask(who, "POST", "seats/desk/ear", {"mode": "whisper"}, lends),
    ]
    await town.do("admin", "desk", "ear", {"mode": "listen", "target": "s1"})
    town.centre.picks_up("desk")
    heard = [
        await town.ask(who, "DELETE", "seats/desk/ear", lends=lends),
        await town.ask(who, "POST", "seats/desk/ear", {"mode": "whisper"}, lends),
    ]
    assert [found for found, _ in (*nothing, *heard)] == [status] * 4
    assert [told["error"] for _, told in heard] == [told["error"] for _, told in nothing]


async def test_what_one_sees_but_may_not_is_forbidden(town: Town) -> None:
    town.centre.talks("A", "s1")
    assert (await town.refused("op2", "s1", "hold"))[0] == 403
    looks_on = {"id": "miru", "projects": ["tax"]}
    for method, path, body in (
        ("POST", "seats/s1/hold", None),
        ("POST", "projects/tax/override", ORDER),
        ("POST", "lost/c1/callback", None),
    ):
        assert (await town.ask("admin", method, path, body, looks_on))[0] == 403
