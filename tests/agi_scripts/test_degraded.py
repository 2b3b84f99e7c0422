"""The script that Asterisk starts for a call while the engine is away."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from asterisk.agi import AGIException

from agi_scripts import degraded
from agi_scripts.decide import decide
from calls.degraded import CALLS, PLAN, SEATS, Member, Plan, ProjectPlan
from telephony.degraded_files import make_folders, write_agi, write_json
from tests.agi_scripts.fake_asterisk import FakeAsterisk

pytestmark = pytest.mark.unit

NUMBER, CALLER, NOW = "0480000001", "0488301111", 1_779_000_000.0
SEAT01 = Member(seat="seat01", penalty=0, auto=False)
SEAT02 = Member(seat="seat02", penalty=1, auto=True)


def project(**changes: Any) -> ProjectPlan:
    made: ProjectPlan = {
        "queue": "degraded01",
        "open": [(NOW - 100, NOW + 100)],
        "notice": [(0.0, ["/notice"])],
        "closed": [(0.0, ["/closed"]), (NOW, ["/new"])],
        "sorry": [(0.0, ["/sorry"])],
        "disaster": [],
        "disaster_until": 0.0,
        "when_open": "seats",
        "backup": "",
        "max_wait_s": 300,
        "wrapup_s": 5,
        "recorded": True,
    }
    made.update(changes)  # type: ignore[typeddict-item]
    return made


def plan(**changes: Any) -> Plan:
    return {
        "made_at": NOW,
        "until": NOW + 86400,
        "numbers": {NUMBER: "tax"},
        "projects": {"tax": project(**changes)},
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    make_folders(tmp_path)
    write_json(tmp_path / PLAN, plan())
    write_json(tmp_path / SEATS, {"tax": [SEAT01, SEAT02]})
    return tmp_path


def caller(leg: str = "1779000000.7", **more: Any) -> FakeAsterisk:
    return FakeAsterisk(leg, number=NUMBER, caller=CALLER, since=str(NOW - 3), **more)


def note(folder: Path) -> dict[str, Any]:
    [path] = (folder / CALLS).iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    found: dict[str, Any] = json.loads(path.read_bytes())
    return found


# ---- what is decided


@pytest.mark.parametrize(
    ("at", "changes", "seats", "way", "say"),
    [
        (NOW, {}, [SEAT01], "seats", ["/notice"]),
        (NOW - 101, {}, [SEAT01], "closed", ["/closed"]),
        (NOW - 100, {}, [SEAT01], "seats", ["/notice"]),
        (NOW + 100, {}, [SEAT01], "closed", ["/new"]),
        (NOW + 86400, {}, [SEAT01], "seats", ["/notice"]),  # nothing is known of that day
        (NOW, {}, [], "announce", ["/sorry"]),
        (NOW, {"backup": "0480009999"}, [], "backup", []),
        (NOW, {"backup": "0480009999"}, [SEAT01], "seats", ["/notice"]),
        (NOW, {"backup": "0480009999", "when_open": "backup"}, [SEAT01], "backup", []),
        (NOW, {"when_open": "announce"}, [SEAT01], "announce", ["/sorry"]),
        (NOW, {"disaster_until": NOW + 1, "disaster": ["/flood"]}, [SEAT01], "announce", ["/flood"]),
        (NOW, {"disaster_until": NOW, "disaster": ["/flood"]}, [SEAT01], "seats", ["/notice"]),
    ],
)
def test_what_a_caller_gets(
    at: float, changes: dict[str, Any], seats: list[Member], way: str, say: list[str]
) -> None:
    found = decide(plan(**changes), {"tax": seats}, NUMBER, at)
    assert found is not None
    assert (found.way, found.say) == (way, say)


def test_only_the_line_of_the_seats_is_recorded() -> None:
    recorded = [
        decide(plan(when_open=way, backup="0480009999"), {"tax": [SEAT01]}, NUMBER, NOW)
        for way in ("seats", "backup", "announce")
    ]
    assert [one.recorded for one in recorded if one] == [True, False, False]


# ---- the dialogue


def test_the_dialplan_is_told_what_to_do(folder: Path) -> None:
    asterisk = caller()
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    told = asterisk.variables
    assert told["DENWABAN_WAY"] == "seats"
    assert told["DENWABAN_QUEUE"] == "degraded01"
    assert (told["DENWABAN_SAY"], told["DENWABAN_SORRY"]) == ("/notice", "/sorry")
    assert told["DENWABAN_AUDIO"] == f"{folder}/audio/degraded-1779000000.7.raw"
    assert told["__DENWABAN_AUTO"] == "/seat02/"
    assert asterisk.ran == [
        ("AddQueueMember", "degraded01,PJSIP/seat01,0,,seat01,,5"),
        ("AddQueueMember", "degraded01,PJSIP/seat02,1,,seat02,,5"),
    ]


def test_who_is_gone_is_not_rung_and_nobody_is_put_in_twice(folder: Path) -> None:
    asterisk = caller()
    asterisk.members = {"degraded01": ["PJSIP/seat02", "PJSIP/seat09"]}
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    assert asterisk.ran == [
        ("RemoveQueueMember", "degraded01,PJSIP/seat09"),
        ("AddQueueMember", "degraded01,PJSIP/seat01,0,,seat01,,5"),
    ]


def test_the_call_is_noted_at_its_beginning_and_its_end(folder: Path) -> None:
    degraded.main(folder, "decide", caller().agi(), NOW)
    begun = note(folder)
    assert (begun["project"], begun["caller"], begun["arrived_at"]) == ("tax", CALLER, NOW - 3)
    assert (begun["way"], begun["ended_at"]) == ("seats", 0.0)
    ended = caller(answered_at=str(NOW + 2.5), answered_by="seat02")
    degraded.main(folder, "ended", ended.agi(), NOW + 60)
    assert note(folder) == begun | {"ended_at": NOW + 60, "answered_at": NOW + 2.5, "seat": "seat02"}


def test_the_backup_is_no_seat(folder: Path) -> None:
    degraded.main(folder, "decide", caller().agi(), NOW)
    degraded.main(folder, "ended", caller(answered_at=str(NOW), answered_by="backup").agi(), NOW + 60)
    assert (note(folder)["seat"], note(folder)["by_backup"]) == ("", True)


@pytest.mark.parametrize(("at", "way"), [(NOW, "announce"), (NOW + 500, "closed")])
def test_who_gives_up_before_anything_is_decided_is_noted(folder: Path, at: float, way: str) -> None:
    degraded.main(folder, "ended", caller().agi(), at)
    assert (note(folder)["way"], note(folder)["ended_at"]) == (way, at)


def test_a_number_that_is_nobodys_leaves_no_note(folder: Path) -> None:
    asterisk = FakeAsterisk("1.1", number="0480000777", caller=CALLER)
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    degraded.main(folder, "ended", FakeAsterisk("1.1", number="0480000777").agi(), NOW)
    assert asterisk.variables["DENWABAN_WAY"] == "unknown"
    assert not list((folder / CALLS).iterdir())


@pytest.mark.parametrize("text", ["", "{", "[]x", "\x00"])
def test_without_a_plan_nothing_is_decided(folder: Path, text: str) -> None:
    (folder / PLAN).write_text(text)
    asterisk = caller()
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    assert "DENWABAN_WAY" not in asterisk.variables


def test_without_word_of_the_seats_nobody_is_rung(folder: Path) -> None:
    (folder / SEATS).write_text("{torn")
    asterisk = caller()
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    assert asterisk.variables["DENWABAN_WAY"] == "announce"


def test_a_disk_that_takes_no_note_keeps_nobody_from_being_served(folder: Path) -> None:
    (folder / CALLS).rmdir()
    asterisk = caller()
    degraded.main(folder, "decide", asterisk.agi(), NOW)
    assert asterisk.variables["DENWABAN_WAY"] == "seats"


@pytest.mark.parametrize("commands", range(8))
def test_a_caller_who_hangs_up_meanwhile_leaves_a_whole_note_or_none(folder: Path, commands: int) -> None:
    with pytest.raises(AGIException):
        degraded.main(folder, "decide", caller(dead_after=commands).agi(), NOW)
    for path in (folder / CALLS).iterdir():
        assert json.loads(path.read_bytes())["ended_at"] == 0.0
    degraded.main(folder, "ended", caller().agi(), NOW + 1)
    assert note(folder)["ended_at"] == NOW + 1


# ---- the process


def test_as_asterisk_starts_it(folder: Path, tmp_path: Path) -> None:
    write_agi(tmp_path, folder)
    dialogue = (
        f"agi_uniqueid: 1.1\n\n200 result=1 ({NUMBER})\n" + "200 result=0\n" * 3 + "200 result=1\n" * 20
    )
    done = subprocess.run(
        [str(tmp_path / "denwaban-degraded"), "ended"],
        input=dialogue,
        capture_output=True,
        text=True,
        check=True,
        cwd="/",
    )
    assert done.stdout.startswith('GET VARIABLE "DENWABAN_NUMBER"')
    assert done.stderr == ""  # pyst2 would repeat all of the dialogue there
    assert note(folder)["project"] == "tax"


def test_it_starts_quickly_because_it_imports_little() -> None:
    code = "import agi_scripts.degraded, sys; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {
        "msgspec",
        "pydantic",
        "sqlalchemy",
        "aiohttp",
        "numpy",
        "asyncio",
        "yaml",
        "telephony",
        "engine",
    }
    assert not heavy & set(done.stdout.split())
