"""Asterisk's own account, read back: across files, torn lines and the people in a bridge."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from store.accounts import EVENTS, Accounts, account_files, fold, met_in, read_accounts, read_row

pytestmark = pytest.mark.unit

TEMPLATE = Path(__file__).parents[2] / "dialplans" / "cel.conf.j2"
T = 1_795_196_677.0
LEG, SEAT = "1795196677.0", "c1795196677xff13-1.s1"


def line(kind: str, at: float, unique: str, name: str = "", extra: str = "") -> str:
    quoted = extra.replace('"', '""')
    return f'{kind},{T + at:.6f},{name or "PJSIP/trunk-00000000"},{unique},{LEG},"{quoted}"\n'


def bridge(kind: str, at: float, unique: str, name: str = "", of: str = "b1") -> str:
    return line(f"BRIDGE_{kind}", at, unique, name, f'{{"bridge_id":"{of}","bridge_technology":"softmix"}}')


def call() -> list[str]:
    """Rung at 1, taken at 1.5, over at 5."""
    return [
        line("CHAN_START", 0, LEG),
        line("ANSWER", 0.1, LEG),
        line("CHAN_START", 1, SEAT, "PJSIP/seat01-00000001"),
        line("ANSWER", 1.4, SEAT, "PJSIP/seat01-00000001"),
        bridge("ENTER", 1.5, LEG),
        bridge("ENTER", 1.6, SEAT, "PJSIP/seat01-00000001"),
        bridge("EXIT", 5, LEG),
        line(
            "HANGUP", 5, LEG, "", '{"hangupcause":16,"hangupsource":"PJSIP/trunk-00000000","dialstatus":""}'
        ),
        bridge("EXIT", 5.1, SEAT, "PJSIP/seat01-00000001"),
        line("HANGUP", 5.2, SEAT, "PJSIP/seat01-00000001", '{"hangupcause":16}'),
    ]


@pytest.fixture
def current(tmp_path: Path) -> Path:
    return tmp_path / "events.csv"


def read(current: Path) -> Accounts:
    return read_accounts(current, T - 100, T + 100)


def test_what_is_written_is_what_is_asked_for() -> None:
    [events] = [text for text in TEMPLATE.read_text("utf-8").splitlines() if text.startswith("events = ")]
    assert events.removeprefix("events = ").split(",") == list(EVENTS)


def test_a_call_as_asterisk_tells_it(current: Path) -> None:
    current.write_text("".join(call()), "utf-8")
    accounts = read(current)
    caller, seat = accounts.channels[LEG], accounts.channels[SEAT]
    assert (caller.started, caller.answered, caller.met, caller.ended) == (T, T + 0.1, T + 1.6, T + 5)
    assert (caller.cause, seat.cause, accounts.troubles, accounts.first_at) == (16, 16, [], T)
    assert caller.came_in_on("trunk")
    assert not seat.came_in_on("trunk")
    assert not caller.came_in_on("other")


def test_an_ear_in_the_bridge_is_nobody_to_talk_to(current: Path) -> None:
    snoop = "c1.w1"
    rows = [
        *call()[:2],
        line("CHAN_START", 1, snoop, f"Snoop/{LEG}-00000000"),
        bridge("ENTER", 1.5, LEG),
        bridge("ENTER", 1.6, snoop, f"Snoop/{LEG}-00000000"),
    ]
    current.write_text("".join(rows), "utf-8")
    assert read(current).channels[LEG].met is None


def test_two_bridges_are_two(current: Path) -> None:
    rows = [
        *call()[:5],
        bridge("ENTER", 1.6, SEAT, "PJSIP/seat01-00000001", of="b2"),
        bridge("EXIT", 2, SEAT, "PJSIP/seat01-00000001", of="b2"),
        bridge("ENTER", 3, SEAT, "PJSIP/seat01-00000001"),
    ]
    current.write_text("".join(rows), "utf-8")
    assert read(current).channels[LEG].met == T + 3


def test_our_own_legs_to_the_carrier_are_no_callers(current: Path) -> None:
    ours = "c1795196677xff13-1.t1"
    current.write_text(line("CHAN_START", 0, ours).replace(f",{LEG},", f",{ours},"), "utf-8")
    assert not read(current).channels[ours].came_in_on("trunk")


def test_files_that_were_put_aside_are_read_too_also_twice(current: Path) -> None:
    rows = call()
    stamp = "events-20261120T180000000000Z.csv"
    current.with_name(stamp).write_text("".join(rows[:5]), "utf-8")
    with gzip.open(current.with_name(f"{stamp}.gz"), "wt", encoding="utf-8") as file:
        file.write("".join(rows[:5]))
    later = current.with_name("events-20261120T190000000000Z.csv.gz")
    with gzip.open(later, "wt", encoding="utf-8") as file:
        file.write("".join(rows[4:8]))
    current.write_text("".join(rows[8:]), "utf-8")
    assert [path.name for path in account_files(current)] == [stamp, later.name, "events.csv"]
    caller = read(current).channels[LEG]
    assert (caller.met, caller.ended) == (T + 1.6, T + 5)


def test_files_of_other_days_are_left_alone(current: Path) -> None:
    current.with_name("events-20201120T170000000000Z.csv.gz").write_bytes(b"no gzip at all")
    current.with_name("events-20991120T170000000000Z.csv").write_text("".join(call()), "utf-8")
    current.with_name("events-20991121T170000000000Z.csv.gz").write_bytes(b"nor this")
    accounts = read(current)
    assert (accounts.troubles, accounts.first_at, len(accounts.channels)) == ([], 0.0, 2)


def test_a_damaged_file_is_told(current: Path) -> None:
    current.with_name("events-20261120T190000000000Z.csv.gz").write_bytes(gzip.compress(b"".join(
        text.encode() for text in call()))[:-12])  # fmt: skip
    [trouble] = read(current).troubles
    assert trouble.startswith("events-20261120T190000000000Z.csv.gz cannot be read to its end")


def test_the_line_behind_a_torn_one_is_saved(current: Path) -> None:
    rows = call()
    current.write_text("".join(rows[:7]) + rows[7][:30] + "".join(rows[8:]), "utf-8")
    accounts = read(current)
    assert accounts.channels[LEG].ended is None
    assert accounts.channels[SEAT].ended == T + 5.2
    assert accounts.troubles == []  # nothing shows that something is missing but the call itself


def test_a_torn_last_line_is_told_and_not_fatal(current: Path) -> None:
    rows = call()
    current.write_text("".join(rows[:-1]) + rows[-1][:20], "utf-8")
    accounts = read(current)
    assert accounts.channels[LEG].ended == T + 5
    assert accounts.troubles == ["events.csv, line 10 is torn"]


def test_no_file_is_no_account(current: Path) -> None:
    assert read(current).first_at is None


@pytest.mark.parametrize(
    "text", ["", "\n", "\0\0\0", "CHAN_START,abc,x,y,z", "HANGUP,1795196677.0,x", "語,1,2,3,4,5"]
)
def test_what_is_no_line(text: str) -> None:
    assert read_row(text) is None


def test_details_that_cannot_be_read_are_none() -> None:
    row = read_row(line("HANGUP", 0, LEG, "", '{"hangupcause":'))
    assert row is not None
    assert row.cause is None


def test_channels_that_began_too_late_are_left_out() -> None:
    row = read_row(line("CHAN_START", 0, LEG))
    assert row is not None
    accounts = Accounts()
    fold([row], T, accounts)
    assert accounts.channels == {}


# ---- who has met


def met(current: Path, *rows: str, most_bytes: int = 1 << 20) -> set[str]:
    """Of the bridges b1 and b2, as these rows say."""
    current.write_text("".join(rows), "utf-8")
    return set(met_in(current, {"b1", "b2"}, most_bytes))


def test_two_who_were_in_a_bridge_have_met_although_they_have_gone(current: Path) -> None:
    assert met(current, *call()) == {"b1"}
    assert met(current, bridge("ENTER", 1, LEG), bridge("ENTER", 2, SEAT, of="b2")) == set()
    assert met(current, bridge("ENTER", 1, LEG), bridge("ENTER", 2, LEG)) == set()
    assert met(current, bridge("ENTER", 1, LEG, of="b3"), bridge("ENTER", 2, SEAT, of="b3")) == set()


def test_who_had_gone_before_the_other_came_has_met_nobody(current: Path) -> None:
    one_after_the_other = [bridge("ENTER", 1, LEG), bridge("EXIT", 2, LEG), bridge("ENTER", 3, SEAT)]
    assert met(current, *one_after_the_other) == set()
    assert met(current, *one_after_the_other, bridge("ENTER", 4, LEG)) == {"b1"}


def test_an_ear_has_met_nobody(current: Path) -> None:
    assert met(current, bridge("ENTER", 1, LEG), bridge("ENTER", 2, "c1.w1", "Snoop/1-0000")) == set()


def test_only_the_newest_lines_are_read(current: Path) -> None:
    rows = [bridge("ENTER", 1, LEG, of="b2"), bridge("ENTER", 2, SEAT, of="b2"), *call()]
    assert met(current, *rows) == {"b1", "b2"}
    assert met(current, *rows, most_bytes=len("".join(call())) + 10) == {"b1"}


def test_without_an_account_or_a_question_nobody_has_met(current: Path) -> None:
    assert met_in(current, {"b1"}) == frozenset()
    current.write_text("".join(call()), "utf-8")
    assert met_in(current, ()) == frozenset()


def test_a_torn_line_does_not_hide_the_others(current: Path) -> None:
    torn = bridge("ENTER", 1, LEG)[:25]
    assert met(current, torn + bridge("ENTER", 1, LEG), "BRIDGE_ENTER,1\n", bridge("ENTER", 2, SEAT)) == {
        "b1"
    }
