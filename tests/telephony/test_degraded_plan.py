"""What the engine leaves on the disk for the time without it."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from calls.degraded import PLAN, SEATS, said_at
from calls.events import EngineStarted, HoursOverridden, PhoneRegistered, PhoneUnregistered, TimePassed
from calls.journal import Entry
from calls.override import Override
from calls.requests import SeatPaused
from engine.centre import Centre, SeatPlan, Skill
from engine.engine import Engine
from ivr.degraded_texts import closed_texts, disaster_texts, notice_texts
from ivr.guidance_model import Spoken
from ivr.project import Project
from telephony.degraded import DegradedKeeper
from telephony.degraded_plan import Order, compiled, seats_of
from telephony.degraded_texts import closed, sorry
from telephony.sounds import Sounds

pytestmark = pytest.mark.unit

TOKYO = ZoneInfo("Asia/Tokyo")
NOW = dt.datetime(2026, 5, 7, 12, 0, tzinfo=TOKYO).timestamp()  # a Thursday
NODES: dict[str, Any] = {
    "gate": {"type": "hours", "open": "notice", "closed": "shut"},
    "notice": {"type": "say", "guidance": "notice", "next": "line"},
    "line": {"type": "enqueue", "queue": "main", "full": "bye", "no_seats": "bye", "timeout": "bye"},
    "shut": {"type": "say", "guidance": ["shut", "shut2"], "next": "menu"},
    "menu": {"type": "menu", "prompt": "prompt", "keys": {"1": "bye"}, "after": "bye"},
    "bye": {"type": "hangup", "guidance": "shut"},
    "flood": {"type": "say", "guidance": "flood", "next": "english"},
    "english": {"type": "language", "set": "en", "next": "flood2"},
    "flood2": {"type": "hangup", "guidance": "flood"},
}


def project(name: str = "tax", number: str = "0480000001", **fields: Any) -> Project:
    words = {text: {"ja": f"{text}。"} for text in ("notice", "shut", "shut2", "prompt")}
    return Project.model_validate(
        {
            "project": name,
            "name": name,
            "numbers": [{"number": number}],
            "languages": ["ja", "en"],
            "hours": {"weekly": {"mon-fri": ["08:30-17:15"]}},
            "guidance": words | {"flood": {"ja": "大雨です。", "en": "It floods."}},
            "flow": {"start": "gate", "nodes": NODES},
            "disaster": "flood",
            "queues": {"main": {"wrapup_s": 20}, "other": {"wrapup_s": None}},
        }
        | fields
    )


def sound(project: str, guidance: str, language: str) -> str:
    return f"/{project}/{guidance}.{language}"


def house(spoken: Spoken) -> str:
    return f"/house/{spoken.text}"


def plan_of(one: Project, order: Order | None = None) -> Any:
    made = compiled(Centre({"tax": one}, ()), {"tax": order or Order()}, NOW, sound, house)
    return made["projects"]["tax"]


def test_what_the_flow_says_by_itself_is_said() -> None:
    one = project()
    assert notice_texts(one) == [("notice", "ja")]
    assert closed_texts(one) == [("shut", "ja"), ("shut2", "ja")]
    assert disaster_texts(one) == [("flood", "ja"), ("flood", "en")]


def test_a_flow_that_asks_first_is_looked_at_behind_its_gate() -> None:
    asks = NODES | {"ask": {"type": "menu", "prompt": "prompt", "keys": {"1": "gate"}, "after": "gate"}}
    one = project(flow={"start": "ask", "nodes": asks})
    assert (notice_texts(one), closed_texts(one)) == ([], [("shut", "ja"), ("shut2", "ja")])


def test_named_texts_win() -> None:
    one = project(degraded={"notice": [], "closed": "shut2", "sorry": ["shut"]})
    plan = plan_of(one)
    assert (plan["notice"], plan["closed"], plan["sorry"]) == (
        [(0.0, [])],
        [(0.0, ["/tax/shut2.ja"])],
        [(0.0, ["/tax/shut.ja"])],
    )


def test_the_house_speaks_where_the_project_does_not() -> None:
    silent = NODES | {"shut": {"type": "hangup"}}
    plan = plan_of(project(flow={"start": "gate", "nodes": silent}))
    assert plan["closed"] == [(0.0, [house(closed("ja"))])]
    assert plan["sorry"] == [(0.0, [house(sorry("ja"))])]
    assert sorry("fi").language == "en"


def test_a_text_of_a_period_changes_at_midnight() -> None:
    guidance = {
        "notice": {"ja": "はい。"},
        "prompt": {"ja": "はい。"},
        "flood": {"ja": "雨。", "en": "Rain."},
        "shut": {"texts": {"ja": "夏。"}, "from": "2026-05-01", "to": "2026-05-10", "otherwise": "shut2"},
        "shut2": {"ja": "閉。"},
    }
    plan = plan_of(project(guidance=guidance, degraded={"closed": "shut"}))
    later = dt.datetime(2026, 5, 11, tzinfo=TOKYO).timestamp()
    assert plan["closed"] == [(0.0, ["/tax/shut.ja"]), (later, ["/tax/shut2.ja"])]
    assert said_at(plan["closed"], later - 1) == ["/tax/shut.ja"]
    assert said_at(plan["closed"], later) == ["/tax/shut2.ja"]


def test_the_hours_of_sixty_days_with_what_was_ordered() -> None:
    plan = plan_of(project())
    closes = dt.datetime(2026, 5, 7, 17, 15, tzinfo=TOKYO).timestamp()
    assert plan["open"][0] == (NOW, closes)
    assert len(plan["open"]) == 43  # working days, and nothing on the others
    order = Order(override=Override("closed", closes, "", "hana"))
    assert plan_of(project(), order)["open"][0][0] > closes


def test_a_flow_that_never_asks_is_always_open() -> None:
    nodes = {name: NODES[name] for name in ("line", "bye")}
    one = project(flow={"start": "line", "nodes": nodes}, disaster=None)
    assert plan_of(one)["open"] == [(NOW, NOW + 60 * 86400.0)]


def test_the_disaster_flow_says_its_words_until_its_time() -> None:
    plan = plan_of(project(), Order(override=Override("disaster", NOW + 60, "", "hana")))
    assert (plan["disaster"], plan["disaster_until"]) == (["/tax/flood.ja", "/tax/flood.en"], NOW + 60)
    assert plan_of(project())["disaster_until"] == 0.0


def test_a_project_keeps_its_queue_when_others_come_and_go() -> None:
    one, two = project(), project("alkoo", "0480000002")
    first = compiled(Centre({"tax": one}, ()), {}, NOW, sound, house)
    second = compiled(Centre({"alkoo": two, "tax": one}, ()), {}, NOW, sound, house, first)
    queues = {name: plan["queue"] for name, plan in second["projects"].items()}
    assert queues == {"alkoo": "degraded02", "tax": "degraded01"}
    assert second["numbers"] == {"0480000001": "tax", "0480000002": "alkoo"}


def test_a_hundred_projects_do_not_break_it() -> None:
    many = {f"p{n}": project(f"p{n}", f"048{n:07}", degraded={"backup": "0481111111"}) for n in range(100)}
    made = compiled(Centre(many, ()), {}, NOW, sound, house)["projects"]
    assert [one["when_open"] for one in made.values()].count("backup") == 1


def centre() -> Centre:
    skills = {"tax/main": Skill(3), "tax/other": Skill(2)}
    seats = (
        SeatPlan("seat01", ("tax",)),
        SeatPlan("seat02", ("tax",), skills=skills, auto_answer=True),
        SeatPlan("seat03", ("tax",), personal=True),
    )
    return Centre({"tax": project()}, seats)


def test_who_is_there_and_not_on_a_break() -> None:
    engine = Engine(centre())
    for phone in ("seat01", "seat02", "seat03"):
        engine.handle(PhoneRegistered(phone), NOW)
    assert seats_of(engine.floor)["tax"] == [
        {"seat": "seat01", "penalty": 0, "auto": False},
        {"seat": "seat02", "penalty": 1, "auto": True},
    ]
    engine.handle(SeatPaused(seat="seat01", reason="lunch"), NOW)
    engine.handle(PhoneUnregistered("seat02"), NOW)
    assert seats_of(engine.floor)["tax"] == []


async def test_the_files_are_written_a_moment_after_something_changes(tmp_path: Path) -> None:
    engine, sounds = Engine(centre()), Sounds()
    texts = {("notice", "ja"): "sound:/n", ("shut", "ja"): "sound:/s", ("shut2", "ja"): "sound:/t"}
    texts |= {("flood", "ja"): "sound:/f", ("flood", "en"): "sound:/g"}
    sounds._media["tax", 0] = texts
    keeper = DegradedKeeper(tmp_path, engine.floor, sounds, {sorry("ja"): "sound:/sorry"}, lambda: NOW)
    keeper.write()
    assert json.loads((tmp_path / SEATS).read_bytes()) == {"tax": []}
    assert json.loads((tmp_path / PLAN).read_bytes())["projects"]["tax"]["notice"] == [[0.0, ["/n"]]]

    def step(event: Any) -> None:
        keeper.observe(Entry(1, NOW, event, engine.handle(event, NOW)))

    step(PhoneRegistered("seat01"))
    step(HoursOverridden("tax", "closed", NOW + 3600, "works", "hana"))
    step(TimePassed())
    async with asyncio.timeout(5):
        while not json.loads((tmp_path / SEATS).read_bytes())["tax"]:  # noqa: ASYNC110 - another's file
            await asyncio.sleep(0.02)
        while json.loads((tmp_path / PLAN).read_bytes())["projects"]["tax"]["open"][0][0] == NOW:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    step(PhoneUnregistered("seat01"))
    keeper.close()
    assert json.loads((tmp_path / SEATS).read_bytes())["tax"] == []


async def test_a_text_without_sound_leaves_the_plan_as_it_was(tmp_path: Path) -> None:
    keeper = DegradedKeeper(tmp_path, Engine(centre()).floor, Sounds(), {}, lambda: NOW)
    (tmp_path / PLAN).write_text("{}")
    keeper.write()
    keeper.observe(Entry(1, NOW, EngineStarted("x"), []))
    keeper.close()
    assert (tmp_path / PLAN).read_text() == "{}"
