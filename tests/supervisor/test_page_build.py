"""The monitor's page: its own tests, and what a build of it looks like."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

PAGE = Path(__file__).resolve().parents[2] / "supervisor/page"
MOST_BYTES = 200_000
"""What a browser may have to fetch for the first view, compressed."""


def node(*arguments: str | Path, **environment: str) -> str:
    """What a run of Node.js prints; fails with everything that it said."""
    command = ["node", *map(str, arguments)]
    ran = subprocess.run(command, cwd=PAGE, env=os.environ | environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A build of the page in a folder of its own."""
    folder = tmp_path_factory.mktemp("page") / "built"
    node("build.mjs", folder)
    return folder


def sources(*patterns: str) -> dict[str, str]:
    """The page's own files of these patterns, by their names."""
    found = [path for pattern in patterns for path in sorted((PAGE / "src").rglob(pattern))]
    assert found
    return {str(path.relative_to(PAGE)): path.read_text() for path in found}


def test_its_own_tests_pass(tmp_path: Path) -> None:
    node("build.mjs", "--tests", tmp_path)
    tests = sorted(tmp_path.glob("*.test.mjs"))
    assert {test.name.split(".")[0] for test in tests} >= {"store", "connection", "clock", "line", "i18n"}
    told = node("--test", *tests, PAGE_SOURCES=str(PAGE / "src"), NODE_OPTIONS="")
    passed = re.search(r"^\S+ pass (\d+)$", told, re.MULTILINE)
    assert passed is not None, told
    assert int(passed[1]) >= 40


def test_the_manifest_names_every_file_with_its_size_and_hash(built: Path) -> None:
    listed = json.loads((built / "manifest.json").read_text())["files"]
    there = {str(path.relative_to(built)) for path in built.rglob("*") if path.is_file()} - {"manifest.json"}
    assert there == {name + end for name in listed for end in ("", ".gz")}
    for name, told in listed.items():
        content = (built / name).read_bytes()
        assert told["bytes"] == len(content)
        assert told["sha256"] == hashlib.sha256(content).hexdigest()
        packed = (built / f"{name}.gz").read_bytes()
        assert (told["gzip_bytes"], gzip.decompress(packed)) == (len(packed), content)


def test_the_first_view_is_small(built: Path) -> None:
    listed = json.loads((built / "manifest.json").read_text())["files"]
    assert sum(told["gzip_bytes"] for told in listed.values()) < MOST_BYTES
    assert sorted(Path(name).suffix for name in listed) == [".css", ".html", ".js", ".svg"]


def test_two_builds_of_the_same_sources_are_the_same(built: Path, tmp_path: Path) -> None:
    node("build.mjs", tmp_path / "again")
    names = sorted(str(path.relative_to(built)) for path in built.rglob("*") if path.is_file())
    again = sorted(str(path.relative_to(tmp_path / "again")) for path in (tmp_path / "again").rglob("*.*"))
    assert again == names
    assert all((built / name).read_bytes() == (tmp_path / "again" / name).read_bytes() for name in names)


def test_the_document_has_nothing_inline_and_nothing_from_elsewhere(built: Path) -> None:
    html = (built / "index.html").read_text()
    assert re.findall(r"<script[^>]*>([^<]*)</script>", html) == [""]
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?:|//[a-z]", html)
    links = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(links) == 3
    assert all((built / link.removeprefix("/")).is_file() for link in links)


def test_no_source_map_is_served_and_nothing_is_fetched_from_elsewhere(built: Path) -> None:
    for path in built.glob("assets/*.*s"):
        text = path.read_text()
        assert "sourceMappingURL" not in text
        addresses = set(re.findall(r"https?://[\w./]+", text))
        # Names of XML, not addresses: nothing is ever fetched from them.
        assert {address for address in addresses if not address.startswith("http://www.w3.org/")} == set()
        assert not re.search(r"@import|url\(", text) or path.suffix == ".js"


@pytest.mark.parametrize("word", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("])
def test_what_somebody_wrote_is_never_read_as_code(word: str) -> None:
    assert [name for name, text in sources("*.ts", "*.tsx").items() if word in text] == []
    assert "dangerouslySet" not in "".join(sources("*.tsx").values())


def test_every_word_stands_in_the_messages() -> None:
    japanese = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
    told = {name for name, text in sources("*.ts", "*.tsx").items() if japanese.search(text)}
    assert told == set()


def test_the_lock_file_names_no_place_to_fetch_from() -> None:
    locked = json.loads((PAGE / "package-lock.json").read_text())["packages"]
    assert [name for name, package in locked.items() if "resolved" in package] == []
    assert [name for name, package in locked.items() if name and not package.get("integrity")] == []
    rules = (PAGE / ".npmrc").read_text()
    assert "omit-lockfile-registry-resolved=true" in rules
    assert "registry=" not in rules
    assert "//" not in rules
