"""One engine per site."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from store.lock import SiteHeldError, SiteLock

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from store.lock import SiteLock
with SiteLock(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def holder(path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Another process that holds the lock."""
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path)], stdin=pipe, stdout=pipe, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"held\n"
        try:
            yield process
        finally:
            process.kill()


def test_the_second_one_is_told_who_holds_it_since_when_and_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "var" / "engine.lock"
    with holder(path) as first, pytest.raises(SiteHeldError) as caught:
        SiteLock(path).take()
    assert f"process {first.pid} on " in str(caught.value)
    assert f"end it first (kill {first.pid})" in str(caught.value)
    assert caught.value.holder is not None
    assert caught.value.holder.since == pytest.approx(path.stat().st_mtime, abs=5)


def test_the_lock_of_a_dead_one_is_free_at_once(tmp_path: Path) -> None:
    path = tmp_path / "engine.lock"
    with holder(path) as first:
        first.kill()
        first.wait()
        with SiteLock(path), pytest.raises(SiteHeldError, match=f"process {os.getpid()} on"):
            SiteLock(path).take()


def test_it_is_not_handed_down_to_programs_that_are_started(tmp_path: Path) -> None:
    path = tmp_path / "engine.lock"
    lock = SiteLock(path)
    lock.take()
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, close_fds=False) as heir:
        lock.release()
        lock.release()
        with SiteLock(path):
            pass
        heir.kill()


def test_one_that_is_not_signed_yet_is_held_all_the_same(tmp_path: Path) -> None:
    path = tmp_path / "engine.lock"
    with SiteLock(path):
        path.write_bytes(b"")
        with pytest.raises(SiteHeldError, match="another process"):
            SiteLock(path).take()
