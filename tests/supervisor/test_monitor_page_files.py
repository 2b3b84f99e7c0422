"""The files of the page: nothing but these, in the coding that the browser takes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from yarl import URL

from supervisor.monitor.page_files import FOREVER, PageError, PageFiles
from tests.supervisor.monitor_site import page

pytestmark = pytest.mark.unit

SCRIPT = "/assets/main-1a2b.js"


class Shop:
    """A server of nothing but the page."""

    def __init__(self, client: aiohttp.ClientSession, root: URL) -> None:
        self._client = client
        self._root = root

    async def get(
        self, path: str, taken: str | None = None, method: str = "GET"
    ) -> tuple[int, bytes, dict[str, str]]:
        """Status, body and headers; the path is sent as it is."""
        head = {} if taken is None else {"Accept-Encoding": taken}
        skip = () if taken is not None else ("Accept-Encoding",)
        url = URL(str(self._root)[:-1] + path, encoded=True)
        async with self._client.request(method, url, headers=head, skip_auto_headers=skip) as reply:
            return (
                reply.status,
                await reply.read(),
                {name.title(): value for name, value in reply.headers.items()},
            )


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    folder = page(tmp_path / "page")
    (tmp_path / "secret").write_text("geheim")
    (folder / "assets" / "deep").mkdir()
    (folder / "assets" / "deep" / "font.woff2").write_bytes(b"wf")
    (folder / "note.txt").write_text("geheim")
    app = web.Application()
    PageFiles(folder).add_to(app)
    async with TestServer(app) as server, aiohttp.ClientSession(auto_decompress=False) as client:
        yield Shop(client, server.make_url("/"))


@pytest.mark.parametrize(
    ("taken", "coding"),
    [
        (None, ""), ("", ""), ("identity", ""), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("br", "br"),
        ("BR", "br"), ("br;q=0, gzip;q=0.5", "gzip"), ("br; q=0.0,gzip ; q=0", ""), ("br;q=0.01", "br"),
        ("gzip;q=1.0, br;q=1.0", "br"), ("brotli", ""), ("*", ""), (",,;", ""),
    ],
)  # fmt: skip
async def test_it_is_told_in_a_coding_that_the_browser_takes(
    shop: Shop, taken: str | None, coding: str
) -> None:
    status, body, head = await shop.get(SCRIPT, taken)
    assert (status, head.get("Content-Encoding", "")) == (200, coding)
    assert body == {"": b"let a = 1;", "gzip": b"gz", "br": b"br"}[coding]
    assert "javascript" in head["Content-Type"]
    assert (head["Vary"], head["Cache-Control"]) == ("Accept-Encoding", FOREVER)


async def test_what_there_is(shop: Shop) -> None:
    status, body, head = await shop.get("/", "br")
    assert (status, head["Content-Type"], head["Cache-Control"]) == (
        200,
        "text/html; charset=utf-8",
        "no-cache",
    )
    assert "監視" in body.decode()
    assert "Content-Encoding" not in head, "it is kept plain only"
    assert (await shop.get("/assets/main-1a2b.css"))[2]["Content-Type"] == "text/css; charset=utf-8"
    assert (await shop.get("/assets/deep/font.woff2"))[:2] == (200, b"wf")
    icon = await shop.get("/favicon.ico")
    assert (icon[0], icon[2]["Content-Type"]) == (200, "image/svg+xml")
    assert (await shop.get("/?a=b"))[0] == 200
    head_only = await shop.get(SCRIPT, method="HEAD")
    assert (head_only[0], head_only[1], head_only[2]["Content-Length"]) == (200, b"", "10")


@pytest.mark.parametrize(
    "path",
    [
        "/assets/", "/assets", "/assets/nothing", "/assets/../note.txt", "/assets/..%2fnote.txt", "/note.txt",
        "/assets/%2e%2e/note.txt", "/assets/%2e%2e/%2e%2e/secret", "/assets/..%2f..%2fsecret", "/../secret",
        "/assets//etc/passwd", "/assets/%2fetc%2fpasswd", "/assets/..%5c..%5csecret", "/assets/main-1a2b.js%00",
        "/assets/main-1a2b.js.gz", "/assets/main-1a2b.js/", "/assets/./main-1a2b.js/../x", "/index.html", "//",
        "/assets/deep", "/assets/MAIN-1a2b.js",
    ],
)  # fmt: skip
async def test_there_is_nothing_else(shop: Shop, path: str) -> None:
    status, body, _ = await shop.get(path)
    assert status == 404
    assert b"geheim" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
async def test_it_is_read_only(shop: Shop, method: str) -> None:
    assert (await shop.get(SCRIPT, method=method))[0] == 405


def test_a_page_that_was_not_built(tmp_path: Path) -> None:
    for folder in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(PageError, match="`make setup` builds it"):
            PageFiles(folder)
