"""An engine that is frozen and thawed at any moment goes on as if nothing had been."""

from __future__ import annotations

import random
from collections import Counter
from types import FunctionType, MethodType

import pytest

from calls.event import Event
from engine.centre import Centre
from engine.engine import Engine
from engine.memory import freeze, parts_of, remembered, thaw
from tests.engine.any_centres import SHARED
from tests.engine.city import City
from tests.engine.test_hundred_thousand import AnyThing, episode

pytestmark = pytest.mark.replay

EPISODES, STEPS, ONE_IN = 24, 300, 8
WIRING = (FunctionType, MethodType, type(None))


class Forgetful(AnyThing):
    """Its engine dies now and then between two steps, and another one begins with its memory."""

    died = 0

    def _happens(self, event: Event) -> None:
        if random.Random(len(self.entries)).randrange(ONE_IN) == 0:
            self.engine = thaw(freeze(self.engine))
            type(self).died += 1
        super()._happens(event)


def test_whatever_happens_it_goes_on_as_if_nothing_had_been() -> None:
    Forgetful.died = 0
    met: Counter[str] = Counter()
    for seed in range(EPISODES):
        episode(seed, STEPS, met, Forgetful)  # a fresh engine that never died says the same at every step
    assert Forgetful.died > EPISODES * STEPS / ONE_IN / 4


def test_freezing_changes_nothing() -> None:
    tax = City()
    tax.waits(1, "anna")
    assert thaw(freeze(tax.engine)).floor.calls.keys() == tax.engine.floor.calls.keys()
    tax.picks_up(3, "s1")
    tax.hangs_up(9, "anna")
    tax.check()


@pytest.mark.parametrize("centre", SHARED)
def test_every_part_remembers_all_that_it_learns(centre: Centre) -> None:
    engine = Engine(centre)
    for name, part in parts_of(engine).items():
        forgotten = [
            field
            for field, value in vars(part).items()
            if field not in remembered(part) and not _is_wiring(value) and (name, field) not in MADE_ANEW
        ]
        assert not forgotten, (
            f"{name or 'the engine'} keeps {forgotten}: name it in `remembers`, or in MADE_ANEW"
        )


MADE_ANEW = {
    ("._guide._outlook", "_now"),  # of one step only
    ("._guide._outlook", "_asks"),
    ("._guide", "others"),
    ("._dialling", "owners"),
    ("", "_handlers"),
    ("", "_of_calls"),
    ("", "_of_others"),
    (".floor", "over"),  # of one step only, as is `out`
    (".floor", "out"),
    ("._requests", "table"),
    ("._phones", "table"),
    ("._phones", "deadlines"),
}


def _is_wiring(value: object) -> bool:
    return isinstance(value, WIRING) or type(value).__module__.startswith("engine.")
