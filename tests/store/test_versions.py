from __future__ import annotations

import datetime as dt
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest
from msgspec.structs import replace

from store.versions import Gate, Version, VersionError, VersionStore

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[2]
NOON = dt.datetime(2026, 5, 7, 12, tzinfo=dt.UTC)
FILES = {"projects/tax.yaml": b"project: tax\n", "bundle.json": b"{}"}


@pytest.fixture
def store(tmp_path: Path) -> VersionStore:
    return VersionStore(tmp_path / "versions")


def add(store: VersionStore, text: str = "", again: int = 0) -> Version:
    return store.add("tax", {**FILES, "projects/tax.yaml": text.encode()}, "hana", "why", NOON, again)


def test_every_version_is_kept_with_who_and_when(store: VersionStore) -> None:
    assert (store.projects(), store.versions("tax"), store.newest("tax")) == ([], [], None)
    made = [add(store, "one"), add(store, "two"), add(store, "one", again=1)]
    assert store.projects() == ["tax"]
    assert store.versions("tax") == made
    assert store.newest("tax") == store.version("tax", 3) == made[2]
    about = made[2].about
    assert about is not None
    assert (about.version, about.by, about.note, about.at, about.again) == (
        3,
        "hana",
        "why",
        NOON.timestamp(),
        1,
    )
    assert store.files(made[1]) == {**FILES, "projects/tax.yaml": b"two"}
    assert made[0].about is not None
    assert made[0].about.sha256 == about.sha256


def test_a_version_that_is_not_there_is_told_with_those_that_are(store: VersionStore) -> None:
    with pytest.raises(VersionError, match=r"tax has no version 1 \(there are: none was ever published"):
        store.version("tax", 1)
    add(store)
    add(store)
    with pytest.raises(VersionError, match=r"no version 7 \(there are: 1, 2"):
        store.version("tax", 7)


def test_a_refused_version_keeps_its_number_and_is_never_the_newest(store: VersionStore) -> None:
    add(store, "one")
    store.refuse(add(store, "two"))
    assert [(one.number, one.refused) for one in store.versions("tax")] == [(1, False), (2, True)]
    assert store.newest("tax") == store.version("tax", 1)
    assert store.files(store.version("tax", 2))["projects/tax.yaml"] == b"two"
    assert add(store, "three").number == 3


@pytest.mark.parametrize(
    "damage",
    [
        lambda folder: (folder / "content/projects/tax.yaml").write_bytes(b"pr"),
        lambda folder: (folder / "content/projects/tax.yaml").unlink(),
        lambda folder: (folder / "content/another").write_bytes(b""),
        lambda folder: (folder / "about.json").write_bytes(b"{"),
        lambda folder: (folder / "about.json").unlink(),
    ],
)
def test_a_damaged_version_is_never_taken_for_a_whole_one(
    store: VersionStore, damage: Callable[[Path], None]
) -> None:
    version = add(store)
    damage(version.folder)
    [found] = store.versions("tax")
    with pytest.raises(VersionError, match="version 1 of tax is damaged"):
        store.files(found)


def test_a_full_disk_leaves_nothing_behind(store: VersionStore, tmp_path: Path) -> None:
    add(store)
    long_name = {**FILES, "x" * 300: b""}
    with pytest.raises(OSError, match="name too long"):
        store.add("tax", long_name, "hana", "", NOON)
    assert [path.name for path in (tmp_path / "versions/tax").iterdir()] == ["0001"]


CRASH = """
import datetime, os, sys
from pathlib import Path
import store.versions
def crash(*_): os._exit(9)
{crash}
at = datetime.datetime.now(datetime.UTC)
store.versions.VersionStore(Path(sys.argv[1])).add("tax", {{"a": b"new"}}, "hana", "", at)
"""


@pytest.mark.parametrize(
    "crash", ["Path.rename = crash", "os.fsync = crash", "store.versions._named = crash"]
)
def test_a_crash_in_the_middle_leaves_the_version_before(
    store: VersionStore, tmp_path: Path, crash: str
) -> None:
    before = add(store)
    command = [sys.executable, "-c", CRASH.format(crash=crash), str(tmp_path / "versions")]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 9
    assert store.versions("tax") == [before]
    assert add(store).number == 2


def test_of_many_who_publish_at_once_each_gets_a_number_of_its_own(store: VersionStore) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda number: add(store, f"text {number}"), range(40)))
    assert sorted(version.number for version in made) == list(range(1, 41))
    for number, version in enumerate(made):
        assert store.files(version)["projects/tax.yaml"] == f"text {number}".encode()


GATE = Gate(
    scenario="may.yaml",
    sha256="ab" * 32,
    seed=1,
    times=10,
    period="2026-05",
    rate=0.93,
    half_width=0.01,
    promise=0.9,
    met=True,
    sure=True,
)


def test_what_a_simulation_said_is_kept_with_the_version(store: VersionStore) -> None:
    made = store.add("tax", FILES, "hana", "why", NOON, gate=GATE)
    assert made.about is not None
    assert made.about.gates == (replace(GATE, at=NOON.timestamp()),)
    later = NOON + dt.timedelta(days=1)
    again = store.passed(made, replace(GATE, scenario="july.yaml"), later)
    assert store.version("tax", 1) == again
    assert again.about is not None
    assert [(gate.scenario, gate.at) for gate in again.about.gates] == [
        ("may.yaml", NOON.timestamp()),
        ("july.yaml", later.timestamp()),
    ]
    assert store.files(again) == FILES  # its digest is that of the files alone
    assert sorted(path.name for path in again.folder.iterdir()) == ["about.json", "content"]


def test_a_history_of_before_there_were_gates(store: VersionStore) -> None:
    made = add(store)
    about = made.folder / "about.json"
    data = msgspec.json.decode(about.read_bytes())
    del data["gates"]
    about.write_bytes(msgspec.json.encode(data))
    assert store.version("tax", 1) == made
    about.unlink()
    damaged = store.version("tax", 1)
    assert store.passed(damaged, GATE, NOON) == damaged
