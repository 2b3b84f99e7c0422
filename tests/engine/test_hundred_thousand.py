"""A hundred thousand steps of chance: the same rules as the stateful tests, drawn by weight so that much is met."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable

import pytest

from calls.events import PhoneRegistered
from calls.lifecycle import LIFECYCLE, Move, State
from calls.notes import NoteAnswered, NoteMoved
from engine.engine import Engine
from tests.engine.any_centres import SHARED
from tests.engine.any_outages import AGO, HOURS, PLACES, QUEUES, STATES, AnyOutage
from tests.engine.any_phones import AnyPhone
from tests.engine.any_requests import SIMPLE, TARGETS
from tests.engine.city import TAX, WATER
from tests.engine.test_any_callback import QUICK, AnyCallback

pytestmark = pytest.mark.replay

REFUSED = ["RingSeat", "RingTelephone", "AddToBridge"]
STEPS = 100_000
EPISODE = 500
CENTRES = [*SHARED, QUICK]
SEATS = ["s1", "s2", "s3", "s4", "s5"]

PHONES = ["s1", "s2", "s3", "s4", "s5", "ext35"]
CODES = [
    "*11",
    "*11101",
    "*12",
    "*13",
    "*139",
    "*14",
    "*151",
    "*16",
    "*21201",
    "*22202",
    "*23203",
    "*24201",
    "*99",
]
NUMBERS = ["201", "202", "35", "1001", "0481234567", "999"]
MODES = ["listen", "whisper", "barge", "take_over"]
KEYS = ["*1", "*2", "*3", "*4", "*5", "*6", "*7", "*235#", "*335#", "*3202#", "*9", "12"]


class AnyThing(AnyOutage, AnyPhone, AnyCallback):
    """Everything that can happen at all."""


Step = Callable[[AnyThing, random.Random], None]


def _which(chance: random.Random) -> int:
    return chance.choice((0, 0, 0, 1, 1, 2))


STEPS_BY_WEIGHT: list[tuple[int, Step]] = [
    (12, lambda m, r: m.a_call_comes_to_the_line(r.choice([TAX, WATER]), r.randrange(10**9))),
    (2, lambda m, r: m.a_call_asks_for_something(r.choice([TAX, WATER]), r.randrange(10**9), r.choice("0179#"))),
    (14, lambda m, r: m.a_telephone_is_picked_up(_which(r))),
    (10, lambda m, r: m.two_are_connected(_which(r))),
    (10, lambda m, r: m.an_operator_answers_and_talks(_which(r))),
    (2, lambda m, r: m.a_key_is_pressed(r.randrange(8), r.choice("0179#*"))),
    (3, lambda m, r: m.a_guidance_ends(_which(r), r.random() < 0.9)),
    (2, lambda m, r: m.a_leg_ends(r.randrange(8), r.choice([16, 17, 19, 21]), 1 + (r.random() < 0.2))),
    (3, lambda m, r: m.a_seat_leg_ends(_which(r))),
    (8, lambda m, r: m.all_that_was_hung_up_ends()),
    (1, lambda m, r: m.a_connection_fails(_which(r), r.choice([0, 404]))),
    (1, lambda m, r: m.a_command_on_a_leg_fails(r.choice(REFUSED), _which(r), 404)),
    (2, lambda m, r: m.a_record_is_finished(r.choice(SEATS))),
    (1, lambda m, r: m.time_passes(r.choice([0.0, 0.5, 1.0, 5.0, 20.0, 60.0]))),
    (8, lambda m, r: m.the_next_deadline_comes()),
    (12, lambda m, r: m.somebody_asks(_which(r), r.choice(SIMPLE))),
    (8, lambda m, r: m.somebody_consults(_which(r), r.choice(TARGETS))),
    (4, lambda m, r: m.somebody_transfers(_which(r), r.choice(TARGETS))),
    (8, lambda m, r: m.a_third_party_picks_up(_which(r))),
    (2, lambda m, r: m.a_third_party_hangs_up(_which(r))),
    (1, lambda m, r: m.a_telephone_holds_by_itself(r.randrange(4), r.random() < 0.5)),
    (1, lambda m, r: m.somebody_sits_down(r.choice(SEATS), r.choice(["", "", "p1", "p2", "p3"]))),
    (1, lambda m, r: m.somebody_takes_a_break(r.choice(SEATS), r.choice(["", "lunch"]))),
    (4, lambda m, r: m.somebody_is_ready(r.choice(SEATS))),
    (1, lambda m, r: m.somebody_logs_out(r.choice(SEATS))),
    (1, lambda m, r: m.a_call_is_classified(r.choice(SEATS), r.choice(["1", "b", "9"]))),
    (1, lambda m, r: m.and_hangs_up(r.choice([TAX, WATER]), f"090000000{r.randrange(9)}")),
    (3, lambda m, r: m.whom_we_call_picks_up(_which(r))),
    (1, lambda m, r: m.whom_we_call_is_on_the_hook(_which(r), r.choice([16, 17, 19]))),
    (1, lambda m, r: m.a_callback_is_withdrawn(_which(r))),
    (1, lambda m, r: m.somebody_dials(r.choice(SEATS), r.choice(NUMBERS))),
    (1, lambda m, r: m.somebody_listens("s4", r.choice(MODES), _which(r))),
    (1, lambda m, r: m.somebody_listens_and_is_there("s4", r.choice(MODES))),
    (1, lambda m, r: m.somebody_listens_in_another_way("s4", r.choice(MODES))),
    (1, lambda m, r: m.a_snoop_is_there(_which(r))),
    (1, lambda m, r: m.a_snoop_is_gone(_which(r), r.choice(["LegEnded", "SnoopLeg", "AddToBridge"]), r.random() < 0.5)),
    (1, lambda m, r: m.a_telephone_dials(r.choice(PHONES), r.choice(CODES + NUMBERS), r.random() < 0.7)),
    (1, lambda m, r: m.a_second_line_is_dialled(_which(r), r.choice(NUMBERS), r.random() < 0.7)),
    (4, lambda m, r: m.somebody_types(r.randrange(8), r.choice(KEYS), r.random() < 0.3)),
    (1, lambda m, r: m.a_button_is_pressed(r.randrange(8), r.random() < 0.5)),
    (1, lambda m, r: m.a_line_is_changed(r.random() < 0.5, r.random() < 0.5)),
    (1, lambda m, r: m.a_telephone_transfers(r.randrange(8), r.choice(NUMBERS))),
    (1, lambda m, r: m.two_lines_are_brought_together()),
    (1, lambda m, r: m.asterisk_ends(set(SEATS) if r.random() < 0.7 else set(r.sample(SEATS, 2)))),
    (2, lambda m, r: m.a_call_is_adopted(
        r.choice(STATES), r.choice(PLACES), r.choice(QUEUES), r.choice(SEATS), r.choice(AGO), r.random() < 0.8
    )),
    (1, lambda m, r: m.a_lost_caller_is_to_be_called_back(
        r.choice(["tax", "water"]), r.choice(["0900000001", "0901234567"]), r.choice(QUEUES), r.choice(AGO)
    )),
    (1, lambda m, r: m.a_telephone_is_taken(r.choice(SEATS))),
    (2, lambda m, r: m.a_telephone_is_given_back(r.choice(SEATS))),
    (1, lambda m, r: m.the_clock_steps(r.choice(HOURS))),
    (1, lambda m, r: m.the_engine_was_away(r.choice([0.5, 60.0]))),
]  # fmt: skip


def episode(seed: int, steps: int, met: Counter[str], kind: type[AnyThing] = AnyThing) -> None:
    """So many steps in a fresh centre, then everybody goes home; what was met is counted."""
    chance = random.Random(seed)
    machine = kind()
    machine.centre, machine.said = CENTRES[seed % len(CENTRES)], {}
    machine.engine = Engine(machine.centre)
    for phone in SEATS:
        machine._happens(PhoneRegistered(phone))
    weights = [weight for weight, _ in STEPS_BY_WEIGHT]
    for _, step in chance.choices(STEPS_BY_WEIGHT, weights, k=steps):
        step(machine, chance)
    machine.teardown()
    state: dict[str, State] = {}
    for entry in machine.entries:
        for command in entry.commands:
            if isinstance(command, NoteMoved):
                met[f"{state.get(command.call, State.ARRIVED)} {command.move}"] += 1
                state[command.call] = command.state
            elif isinstance(command, NoteAnswered):
                met[f"{type(entry.event).__name__} {command.refusal or 'done'}"] += 1


NEVER = {f"{State.WRAP_UP} {Move.LOST}"}
"""Whose conversation is over has nothing in Asterisk that could be lost."""


def test_a_hundred_thousand_steps_of_chance() -> None:
    met: Counter[str] = Counter()
    for seed in range(STEPS // EPISODE):
        episode(seed, EPISODE, met)
    print(*sorted(met.items()), sep="\n")
    arrows = {f"{state} {move}" for state, moves in LIFECYCLE.items() for move in moves}
    assert {arrow for arrow in arrows - NEVER if met[arrow] < 5} == set()
