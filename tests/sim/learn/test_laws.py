"""Fitted laws: what is drawn of somebody who has waited for a while already."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.distributions import Duration
from sim.learn.laws import Constant, Empirical, Exponential, Law, Lognormal, Mixed, Weibull

pytestmark = pytest.mark.unit

SMOOTH: list[Law] = [Exponential(90.0), Weibull(90.0, 0.7), Weibull(60.0, 2.5), Lognormal(4.0, 0.8)]
MIXED = Mixed(((0.3, 20.0), (0.7, 200.0)))
SEEN = Empirical((1.0, 2.0, 5.0, 10.0))


@given(law=st.sampled_from(SMOOTH), lasted=st.floats(0, 400), uniform=st.floats(0, 0.999))
def test_a_draw_leaves_its_share_of_those_who_have_lasted(law: Law, lasted: float, uniform: float) -> None:
    drawn = law.draw(lasted, uniform)
    here, there = law.survival(np.asarray([lasted, drawn]))
    assert drawn >= lasted
    assert there == pytest.approx((1 - uniform) * here, rel=1e-6, abs=1e-12)


@given(lasted=st.floats(0, 400), more=st.floats(1, 300))
def test_so_does_a_mixture_over_all_draws(lasted: float, more: float) -> None:
    drawn = np.asarray([MIXED.draw(lasted, (step + 0.5) / 4000) for step in range(4000)])
    here, there = MIXED.survival(np.asarray([lasted, lasted + more]))
    assert (drawn > lasted + more).mean() == pytest.approx(there / here, abs=0.002)


@given(
    law=st.sampled_from([*SMOOTH, MIXED, SEEN, Constant(3.0)]),
    lasted=st.floats(0, 1e7),
    uniform=st.floats(0, 0.999),
)
def test_nobody_ends_before_he_has_come_so_far(law: Law, lasted: float, uniform: float) -> None:
    assert law.draw(lasted, uniform) >= lasted


def test_of_what_was_seen_only_what_is_longer_can_follow() -> None:
    assert {SEEN.draw(2.0, uniform) for uniform in (0.0, 0.3, 0.5, 0.9)} == {5.0, 10.0}
    assert SEEN.draw(10.0, 0.5) == 10.0


@pytest.mark.parametrize("law", [*SMOOTH, MIXED, Constant(3.0)], ids=repr)
def test_a_scenario_understands_what_is_said_of_a_law(law: Law) -> None:
    assert Duration.model_validate(law.settings()).average() == pytest.approx(law.mean, rel=1e-3)
