"""The supervisor's ear on a real Asterisk: who hears whom, what nobody hears, and where it follows.

What a party receives is compared packet by packet, bit by bit, with what the other one sends. There is no tolerance
but for packets that came too late to be sent on (`MISSING`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import pairwise

import pytest
import pytest_asyncio

from calls.lifecycle import SeatState, State
from calls.notes import NoteEar
from calls.requests import (
    CompleteAsked,
    ConferenceAsked,
    ConsultAsked,
    EarAsked,
    EarClosed,
    EarMode,
    HoldAsked,
    RetrieveAsked,
    TransferAsked,
    WrapUpFinished,
)
from store.audit import FILE as AUDIT_FILE
from store.audit import AuditLog
from tests.live.centre import MENU_NUMBER
from tests.live.ear_house import (
    CODES,
    SEAT,
    STRANGER,
    SUPERVISOR,
    SUPERVISOR_HZ,
    WHO,
    Begin,
    Scene,
    both_unchanged,
    by_key,
    by_screen,
    by_star_code,
    conversation,
    ear_house,
    nothing_but,
)
from tests.live.phone_office import (
    CALLER_HZ,
    OPERATOR_HZ,
    THIRD_HZ,
    Office,
    all_hear,
    hears,
    hears_music,
)

pytestmark = [pytest.mark.live, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    async with ear_house(tmp_path_factory.mktemp("ear")) as one:
        yield one


# ---- listening


@pytest.mark.parametrize("begin", [by_screen, by_star_code])
async def test_a_listener_hears_both_and_is_heard_by_nobody(house: Office, begin: Begin) -> None:
    async with conversation(house) as scene:
        async with both_unchanged(scene):
            ear = await begin(scene, "listen")
            await hears(ear, CALLER_HZ, OPERATOR_HZ)
            house.done(EarClosed(SUPERVISOR, by=WHO))
            await ear.end()
            await house.floor.until_seat(SUPERVISOR, SeatState.READY)
        await all_hear((scene.his, {OPERATOR_HZ}), (scene.hers, {CALLER_HZ}))


async def test_a_listener_hangs_up(house: Office) -> None:
    async with conversation(house) as scene, both_unchanged(scene):
        ear = await scene.listens()
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        await scene.supervisor.hang_up(ear)
        await house.floor.until_seat(SUPERVISOR, SeatState.READY)


async def test_the_caller_hangs_up_and_nobody_listens_any_more(house: Office) -> None:
    async with conversation(house) as scene:
        ear = await scene.listens()
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        await scene.his.phone.hang_up(scene.his)
        assert (await ear.end()).startswith("BYE")
        assert (await scene.hers.end()).startswith("BYE")


async def test_who_does_not_pick_up_hears_nothing(house: Office) -> None:
    async with conversation(house) as scene, both_unchanged(scene):
        scene.supervisor.answers = "486 Busy Here"
        scene.wants("listen")
        await (await scene.supervisor.rung()).end()
        await house.floor.until_seat(SUPERVISOR, SeatState.READY)


# ---- the other ways to take part


@pytest.mark.parametrize("begin", [by_screen, by_star_code, by_key])
async def test_a_whisper_is_heard_by_the_operator_alone(house: Office, begin: Begin) -> None:
    async with conversation(house) as scene:
        async with nothing_but(scene.his, OPERATOR_HZ):
            ear = await begin(scene, "whisper")
            await all_hear((scene.hers, {CALLER_HZ, SUPERVISOR_HZ}), (ear, {CALLER_HZ, OPERATOR_HZ}))
        scene.wants("listen", "")
        await hears(scene.hers, CALLER_HZ)
        async with both_unchanged(scene):
            await hears(ear, CALLER_HZ, OPERATOR_HZ)


@pytest.mark.parametrize("begin", [by_screen, by_star_code, by_key])
async def test_who_joins_is_heard_by_both(house: Office, begin: Begin) -> None:
    async with conversation(house) as scene:
        ear = await begin(scene, "barge")
        await all_hear(
            (scene.his, {OPERATOR_HZ, SUPERVISOR_HZ}),
            (scene.hers, {CALLER_HZ, SUPERVISOR_HZ}),
            (ear, {CALLER_HZ, OPERATOR_HZ}),
        )
        scene.wants("listen", "")
        await all_hear((scene.his, {OPERATOR_HZ}), (scene.hers, {CALLER_HZ}), (ear, {CALLER_HZ, OPERATOR_HZ}))


@pytest.mark.parametrize("begin", [by_screen, by_star_code, by_key])
async def test_who_takes_over_talks_with_the_caller(house: Office, begin: Begin) -> None:
    operator, supervisor = house.telephone(SEAT, OPERATOR_HZ), house.telephone(SUPERVISOR, SUPERVISOR_HZ)
    async with house.at_work(operator, supervisor), house.caller() as caller:
        his = await caller.dial(MENU_NUMBER)
        hers = await operator.rung()
        await all_hear((his, {OPERATOR_HZ}), (hers, {CALLER_HZ}))
        call = await house.call_in(State.TALKING)
        ear = await begin(Scene(house, operator, supervisor, his, hers), "take_over")
        assert (await hers.end()).startswith("BYE")
        await house.floor.until_seat(SEAT, SeatState.WRAP_UP)
        await all_hear((his, {SUPERVISOR_HZ}), (ear, {CALLER_HZ}))
        assert call.seat is not None
        assert call.seat.id == SUPERVISOR
        house.done(WrapUpFinished(SEAT))
        await house.floor.until_seat(SEAT, SeatState.READY)
        await caller.hang_up(his)
        await house.floor.until_seat(SUPERVISOR, SeatState.WRAP_UP)
        house.done(WrapUpFinished(SUPERVISOR))
        record = await house.record(call)
    assert [(talk.who, talk.role) for talk in record.talks if talk.role == "operator"] == [
        (f"seat:{SEAT}", "operator"), (f"seat:{SUPERVISOR}", "operator"),
    ]  # fmt: skip


# ---- where it goes


async def test_he_follows_to_hold_and_back(house: Office) -> None:
    async with conversation(house) as scene:
        ear = await scene.listens()
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        house.done(HoldAsked(SEAT))
        await hears_music(scene.his)
        await hears(ear, CALLER_HZ)
        house.done(RetrieveAsked(SEAT))
        async with both_unchanged(await talking_again(scene)):
            await hears(ear, CALLER_HZ, OPERATOR_HZ)


async def talking_again(scene: Scene) -> Scene:
    await all_hear((scene.his, {OPERATOR_HZ}), (scene.hers, {CALLER_HZ}))
    return scene


async def test_he_whispers_through_a_consultation_and_a_conference(house: Office) -> None:
    colleague = house.telephone("seat02", THIRD_HZ)
    async with conversation(house, colleague) as scene:
        ear = await scene.listens("whisper")
        await hears(scene.hers, CALLER_HZ, SUPERVISOR_HZ)
        house.done(ConsultAsked(SEAT, "seat", "seat02"))
        theirs = await colleague.rung()
        await all_hear(
            (scene.hers, {THIRD_HZ, SUPERVISOR_HZ}), (theirs, {OPERATOR_HZ}), (ear, {OPERATOR_HZ, THIRD_HZ})
        )
        await hears_music(scene.his)
        house.done(ConferenceAsked(SEAT))
        await all_hear(
            (scene.his, {OPERATOR_HZ, THIRD_HZ}),
            (theirs, {CALLER_HZ, OPERATOR_HZ}),
            (scene.hers, {CALLER_HZ, THIRD_HZ, SUPERVISOR_HZ}),
            (ear, {CALLER_HZ, OPERATOR_HZ, THIRD_HZ}),
        )


async def test_he_listens_to_a_conference(house: Office) -> None:
    colleague = house.telephone("seat02", THIRD_HZ)
    async with conversation(house, colleague) as scene:
        ear = await scene.listens()
        house.done(ConsultAsked(SEAT, "seat", "seat02"))
        theirs = await colleague.rung()
        await all_hear((scene.hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}), (ear, {CALLER_HZ}))
        house.done(ConferenceAsked(SEAT))
        await all_hear(
            (scene.his, {OPERATOR_HZ, THIRD_HZ}),
            (scene.hers, {CALLER_HZ, THIRD_HZ}),
            (theirs, {CALLER_HZ, OPERATOR_HZ}),
            (ear, {CALLER_HZ, OPERATOR_HZ, THIRD_HZ}),
        )


async def test_he_follows_an_attended_transfer(house: Office) -> None:
    office35 = house.telephone("ext35", THIRD_HZ)
    async with conversation(house, office35) as scene:
        ear = await scene.listens()
        house.done(ConsultAsked(SEAT, "extension", "35"))
        theirs = await office35.rung()
        await all_hear((scene.hers, {THIRD_HZ}), (theirs, {OPERATOR_HZ}))
        house.done(CompleteAsked(SEAT))
        await scene.hers.end()
        await all_hear((scene.his, {THIRD_HZ}), (theirs, {CALLER_HZ}))
        async with nothing_but(scene.his, THIRD_HZ), nothing_but(theirs, CALLER_HZ):
            await hears(ear, CALLER_HZ, THIRD_HZ)


@pytest.mark.parametrize("mode", ["listen", "whisper", "barge"])
async def test_he_follows_a_blind_transfer(house: Office, mode: EarMode) -> None:
    colleague = house.telephone("seat02", THIRD_HZ)
    async with conversation(house, colleague) as scene:
        ear = await scene.listens(mode)
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        house.done(TransferAsked(SEAT, "seat", "seat02"))
        await scene.hers.end()
        theirs = await colleague.rung()
        he_speaks: dict[EarMode, set[int]] = {"listen": set(), "whisper": set(), "barge": {SUPERVISOR_HZ}}
        she_hears = {CALLER_HZ} | (set() if mode == "listen" else {SUPERVISOR_HZ})
        await all_hear(
            (scene.his, {THIRD_HZ} | he_speaks[mode]), (theirs, she_hears), (ear, {CALLER_HZ, THIRD_HZ})
        )


# ---- who may, and who did


async def test_nobody_listens_without_permission(house: Office) -> None:
    stranger = house.telephone(STRANGER, THIRD_HZ)
    async with conversation(house, stranger) as scene, both_unchanged(scene):
        answer = house.ask(EarAsked(STRANGER, "listen", SEAT, by=f"seat:{STRANGER}"))
        assert answer.refusal == "forbidden"
        assert not stranger.talks
        for code in CODES.values():
            refused = await stranger.dial(f"{code}201")
            assert (await refused.end()).startswith("BYE")  # it was told why
            await house.floor.until_seat(STRANGER, SeatState.READY)
    assert not [entry for entry in audit(house) if entry["seat"] == STRANGER]


def audit(house: Office) -> list[dict[str, str]]:
    """What the audit log says of ears."""
    log = AuditLog(house.service.stack.site.var_directory / AUDIT_FILE)
    return [entry for entry in log.entries() if entry["what"] == "ear"]


async def test_each_use_is_in_the_audit_log_and_no_whisper_in_the_recording(house: Office) -> None:
    before = len(audit(house))
    async with conversation(house) as scene:
        call = await house.call_in(State.TALKING)
        ear = await scene.listens()
        await hears(ear, CALLER_HZ, OPERATOR_HZ)
        scene.wants("whisper", "")
        await hears(scene.hers, CALLER_HZ, SUPERVISOR_HZ)
        scene.wants("barge", "")
        await hears(scene.his, OPERATOR_HZ, SUPERVISOR_HZ)
        house.done(EarClosed(SUPERVISOR, by=WHO))
        await ear.end()
        await all_hear((scene.his, {OPERATOR_HZ}), (scene.hers, {CALLER_HZ}))
    uses = audit(house)[before:]
    assert [(use["by"], use["seat"], use["call"], use["project"]) for use in uses] == [
        (WHO, SUPERVISOR, call.id, "line")
    ] * len(uses)
    assert [(use["mode"], use["heard"]) for use in uses] == [
        ("listen", SEAT), ("whisper", SEAT), ("barge", SEAT), ("ended", SEAT),
    ]  # fmt: skip
    recording = await house.recording(call)
    times = [entry.at for entry in house.seen.entries for note in entry.commands if _of(note, call.id)]
    both = ({CALLER_HZ}, {OPERATOR_HZ})
    assert [recording.heard(*period) for period in pairwise(times)] == [
        both, both, ({CALLER_HZ}, {OPERATOR_HZ, SUPERVISOR_HZ}),
    ]  # fmt: skip


def _of(note: object, call: str) -> bool:
    return isinstance(note, NoteEar) and note.call == call
