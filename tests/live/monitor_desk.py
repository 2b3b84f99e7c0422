"""What a supervisor does at his page, and what he sees there."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

from calls.lifecycle import SeatState
from tests.live.centre import PATIENCE_S

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page, Response

WAIT_MS = PATIENCE_S * 1000

_KEEP = """() => {
  window.kept = {stale: 0, away: 0};
  const look = () => {
    if (document.querySelector("[data-test=root]").dataset.stale === "true") window.kept.stale++;
    if (document.querySelector("[data-part=engine]").dataset.lamp === "critical") window.kept.away++;
  };
  const of = {attributes: true, subtree: true, attributeFilter: ["data-stale", "data-lamp"]};
  new MutationObserver(look).observe(document.body, of);
}"""
_BACK = """() => window.kept.away > 0 && document.querySelector("[data-part=engine]").dataset.lamp === "ok"
  && document.querySelector("[data-test=root]").dataset.stale === "false"
"""
_FIGURES = """(project) => {
  const card = document.querySelector(`[data-project="${project}"]`);
  const number = (node) => node.firstChild?.textContent ?? "";
  return {
    numbers: [...card.querySelectorAll(".numbers dd")].map(number),
    notes: [...card.querySelectorAll(".numbers dd small")].map((node) => node.textContent),
    rate: card.querySelector("[data-test=rate]").firstChild.textContent,
    tip: [...card.querySelectorAll("[data-test=formula] .terms")].map(
      (list) => [...list.querySelectorAll("dd")].map(number)
    ),
  };
}"""


class Shown(NamedTuple):
    """The figures of a project's card. `rate` is that of today as it stands there, in per cent or a dash.

    `above`, `below`: how many calls ended so, in the order in which the promise names the outcomes.
    """

    received: int
    answered: int
    abandoned: int
    overload: int
    level: str
    longest: str
    rate: str
    counted: int
    above: list[int]
    below: list[int]


class Desk:
    """One page on which a board is shown."""

    def __init__(self, page: Page) -> None:
        self.page = page

    # ---- what he sees

    def tile(self, seat: str, state: SeatState | None = None) -> Locator:
        """The tile of a seat, in this state."""
        more = f"[data-state={state}]" if state else ""
        return self.page.locator(f"button[data-seat={seat}]{more}")

    def rows(self) -> Locator:
        """Everybody who waits."""
        return self.page.locator("[data-test=waiting-row]")

    async def until_seat(self, seat: str, state: SeatState) -> None:
        """Wait until the tile of a seat shows a state."""
        await self.tile(seat, state).wait_for(timeout=WAIT_MS)

    async def until_waiting(self, count: int) -> None:
        """Wait until so many rows stand there."""
        await self.until(f"() => document.querySelectorAll('[data-test=waiting-row]').length === {count}")

    async def until(self, script: str, arg: Any = None) -> None:
        """Wait until something is true on the page."""
        await self.page.wait_for_function(script, arg=arg, timeout=WAIT_MS)

    async def until_figures(self, project: str, reached: Callable[[Shown], bool]) -> Shown:
        """Wait until a project's card shows figures like these."""
        shown: Shown | None = None
        try:
            while shown is None or not reached(shown):
                if shown is not None:
                    await self.next_frame()
                shown = await self.figures(project)
        except Exception as error:
            raise AssertionError(f"it shows {shown}") from error
        return shown

    async def next_frame(self) -> None:
        """Wait until the page shows anything new."""
        number = await self.page.locator("[data-test=root]").get_attribute("data-n")
        await self.until("(n) => document.querySelector('[data-test=root]').dataset.n !== n", number)

    async def figures(self, project: str) -> Shown:
        """The figures of a project, as they stand there."""
        rate = self.page.locator(f"[data-project={project}] [data-test=rate]")
        await rate.wait_for(timeout=WAIT_MS)
        told = await self.page.evaluate(_FIGURES, project)
        received, answered, abandoned, overload, level, longest = told["numbers"][:6]
        above, below, totals = told["tip"]
        return Shown(
            _count(received), _count(answered), _count(abandoned), _count(overload), level, longest, told["rate"],
            _count(totals[-1]), list(map(_count, above)), list(map(_count, below)),
        )  # fmt: skip

    async def kpis(self) -> dict[str, str]:
        """The figures of this moment, at the head of the page."""
        names = ("waiting", "talking", "ready", "lines", "ivr")
        return {name: await self.page.locator(f"[data-test=kpi-{name}]").inner_text() for name in names}

    async def standing(self, project: str, standing: str) -> str:
        """Wait until a project stands so (open, closed, disaster); what is told of it."""
        card = self.page.locator(f"[data-project={project}]")
        await card.locator(f"[data-standing={standing}]").wait_for(timeout=WAIT_MS)
        return await card.locator(".why").inner_text()

    async def keep(self) -> None:
        """From now on it is remembered whether the data got too old, or the engine was away.

        A page that is loaded anew forgets it.
        """
        await self.page.evaluate(_KEEP)

    async def kept_stale(self) -> int:
        """How often the data got too old since; fails where the page was loaded anew."""
        kept = await self.page.evaluate("window.kept ?? null")
        assert kept is not None, "the page was loaded anew"
        return int(kept["stale"])

    async def engine_was_away(self) -> None:
        """Wait until the page has said that the engine was away, and that it is back."""
        await self.until(_BACK)

    # ---- what he does

    async def take_part(self, mode: str, seat: str, why: str, telephone: str = "") -> Response:
        """Listen, whisper, barge or take over at a seat; what the server says to it."""
        await self._open(seat)
        await self.page.locator(f"[data-test=act-{mode}]").click()
        if telephone:
            await self.page.locator("[data-test=telephone]").select_option(telephone)
        return await self._confirm(why, "/ear")

    async def stop(self) -> None:
        """Take part no more."""
        await self.page.locator("[data-test=stop]").first.click()
        await self.page.locator("[data-test=own-ear]").wait_for(state="detached", timeout=WAIT_MS)

    async def set_seat(self, seat: str, state: str, why: str) -> Response:
        """Ready, break, logged_out."""
        await self._open(seat)
        await self.page.locator(f"[data-test=act-{state}]").click()
        return await self._confirm(why, "/state")

    async def free(self, seat: str) -> None:
        """Whoever writes a record there has to leave it for later."""
        await self.until_seat(seat, SeatState.WRAP_UP)
        await self.set_seat(seat, "ready", "記録は後で")
        await self.tile(seat, SeatState.WRAP_UP).wait_for(state="detached", timeout=WAIT_MS)

    async def switch(self, project: str, kind: str, why: str, zone: str = "") -> Response:
        """Close, open, disaster (for an hour, on the clock of `zone`), or take that back."""
        await self.page.locator(f"[data-project={project}] [data-test=switch]").click()
        await self.page.locator(f"[data-test=kind-{kind}]").click()
        if kind != "none":
            until = dt.datetime.now(ZoneInfo(zone)) + dt.timedelta(hours=1)
            await self.page.locator("[data-test=until]").fill(f"{until:%Y-%m-%dT%H:%M}")
        return await self._confirm(why, "/switch")

    async def acts(self, seat: str) -> set[str]:
        """What may be done at a seat, as far as its dialog offers it."""
        await self._open(seat)
        found = await self.page.locator("[data-test=dialog-seat] [data-test^=act-]").all()
        names = {str(await one.get_attribute("data-test")).removeprefix("act-") for one in found}
        await self.close()
        return names

    async def close(self) -> None:
        """The dialog that is open."""
        await self.page.locator("[data-test=dialog-close]").click()
        await self.page.locator("dialog").wait_for(state="detached", timeout=WAIT_MS)

    async def fault(self) -> str:
        """Why something was not done, as the dialog says it; the dialog is closed."""
        fault = self.page.locator("[data-test=fault] p").first
        await fault.wait_for(timeout=WAIT_MS)
        told = await fault.inner_text()
        await self.close()
        return told

    async def _open(self, seat: str) -> None:
        await self.tile(seat).click()
        await self.page.locator("[data-test=dialog-seat]").wait_for(timeout=WAIT_MS)

    async def _confirm(self, why: str, path: str) -> Response:
        """Nothing is sent without a reason."""
        do = self.page.locator("[data-test=do]")
        await do.click()
        await self.page.locator("[data-test=fault] p").first.wait_for(timeout=WAIT_MS)
        await self.page.locator("[data-test=reason]").fill(why)
        async with self.page.expect_response(lambda reply: reply.url.endswith(path), timeout=WAIT_MS) as told:
            await do.click()
        reply = await told.value
        if reply.ok:
            await self.page.locator("dialog").wait_for(state="detached", timeout=WAIT_MS)
        return reply


def _count(text: str) -> int:
    return int(re.sub(r"\D", "", text))
