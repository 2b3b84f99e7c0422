"""What a real browser shows, and when: a page of the monitor that notes each row it has painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from supervisor.bench.sightings import Sighting
from supervisor.bench.visitors import PASSWORD

if TYPE_CHECKING:
    from playwright.async_api import Browser, BrowserContext, Page, Request
    from yarl import URL

ROWS = 34
"""The board is there when so many seats are on it."""
SHOWN_MS = 30_000

# A seat has its id in `data-seat` and its state in `data-state`; whoever waits has his call's id in `data-call`. What a
# change of the document shows is on the glass with the next animation frame at the earliest: that moment is noted.
NOTE_ROWS = """
(() => {
  const states = new Map();
  window.benchSeen = [];
  window.benchBoardAt = 0;
  const rows = "[data-call],[data-seat][data-state]";
  const idOf = (row) => row.dataset.call || row.dataset.seat;
  const stateOf = (row) => row.dataset.state || "QUEUED";
  const found = (node, into) => {
    if (node.nodeType !== 1) return;
    if (node.matches(rows)) into.add(node);
    for (const row of node.querySelectorAll(rows)) into.add(row);
  };
  const note = (records) => {
    const fresh = new Set(), gone = new Set(), news = [];
    for (const record of records) {
      if (record.type === "attributes") found(record.target, fresh);
      for (const node of record.addedNodes) found(node, fresh);
      for (const node of record.removedNodes) found(node, gone);
    }
    for (const row of gone) {
      if (!row.isConnected) states.delete(idOf(row));
    }
    for (const row of fresh) {
      if (!row.isConnected || states.get(idOf(row)) === stateOf(row)) continue;
      states.set(idOf(row), stateOf(row));
      news.push([idOf(row), stateOf(row)]);
    }
    if (!news.length) return;
    requestAnimationFrame(() => {
      const at = Date.now() / 1000;
      for (const one of news) window.benchSeen.push([...one, at]);
      if (!window.benchBoardAt && document.querySelectorAll("[data-seat][data-state]").length >= ROWS)
        requestAnimationFrame(() => { window.benchBoardAt = performance.now(); });
    });
  };
  new MutationObserver(note).observe(document, {
    subtree: true, childList: true, attributes: true, attributeFilter: ["data-state", "data-call", "data-seat"],
  });
})();
""".replace("ROWS", str(ROWS))


async def logged_in(browser: Browser, url: URL, user: str) -> BrowserContext:
    """A context of its own in which somebody has logged in."""
    context = await browser.new_context(ignore_https_errors=True, viewport={"width": 1600, "height": 900})
    reply = await context.request.post(
        str(url / "api/session"),
        data={"user": user, "password": PASSWORD},
        headers={"Origin": str(url.origin())},
    )
    if not reply.ok:
        raise RuntimeError(f"{user} cannot log in: {await reply.text()}")
    await context.add_init_script(NOTE_ROWS)
    return context


async def open_board(context: BrowserContext, url: URL) -> Page:
    """The page, with the board on it."""
    page = await context.new_page()
    await page.goto(str(url))
    await page.wait_for_function("() => window.benchBoardAt > 0", timeout=SHOWN_MS)
    return page


async def seen_by(page: Page) -> list[Sighting]:
    """What the page has shown since it was asked last."""
    return [(id_, state, at) for id_, state, at in await page.evaluate("benchSeen.splice(0)")]


async def first_view_s(context: BrowserContext, url: URL) -> float:
    """Seconds from going to the page, with nothing of it kept from before, until the board stands there with data."""
    page = await open_board(context, url)
    try:
        return float(await page.evaluate("benchBoardAt")) / 1000
    finally:
        await page.close()


async def page_kb(context: BrowserContext, url: URL) -> float:
    """All that the page fetches, as it comes over the wire, in kB."""
    page = await context.new_page()
    done: list[Request] = []
    page.on("requestfinished", lambda request: done.append(request))
    try:
        await page.goto(str(url))
        await page.wait_for_function("() => window.benchBoardAt > 0", timeout=SHOWN_MS)
        sizes = [await request.sizes() for request in done]
    finally:
        await page.close()
    return sum(size["responseBodySize"] for size in sizes) / 1000
