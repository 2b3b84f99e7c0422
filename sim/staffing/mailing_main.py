"""`denwaban mailing-plan SCENARIO`: see `sim.staffing.arguments`."""

from __future__ import annotations

import argparse
import time
from typing import Any

import yaml

from sim.many.farm import cores
from sim.scenario import load_scenario
from sim.scenario.arrivals import Mailing
from sim.staffing.mailing_plan import MailingPlan, Planner, Proposal, batches, find
from sim.staffing.mailing_split import Limits
from sim.staffing.main import MET, NOT_MET, guarded, tell, write
from sim.staffing.search import Wish
from sim.staffing.staff import engine
from sim.staffing.tables import mailing_shown


def mailing_plan(given: argparse.Namespace) -> int:
    """The command; returns its exit code: 0 the proposal keeps the promise, 2 none does, 1 bad input."""
    return guarded(given, _plan)


def _plan(given: argparse.Namespace) -> int:
    began = time.perf_counter()
    scenario = load_scenario(given.scenario)
    mailing = find(scenario, given.mailing)
    wish = Wish(given.probability, times=given.times)
    limits = Limits(given.batches, given.least)
    plan = Planner(scenario, mailing, wish, engine(given.workers or cores()), given.window, limits).plan()
    result = told(plan, wish, given.window) | {"seconds": round(time.perf_counter() - began, 2)}
    write(given.write, as_yaml(plan.mailing, plan.best))
    tell(given, result, mailing_shown)
    return MET if plan.best.met else NOT_MET


def told(plan: MailingPlan, wish: Wish, window: int) -> dict[str, Any]:
    """The result for JSON: the proposal, and under `whole` what becomes of everything at once.

    `more_seats`: on top of the scenario's, all day long, so that the promise is kept; null: more than can be tried.
    """
    return _proposal(plan.best) | {
        "mailing": plan.mailing.name,
        "more_seats": plan.more_split,
        "probability": wish.probability,
        "window": window,
        "from": plan.scenario.start.isoformat(),
        "to": str(plan.scenario.end),
        "whole": _proposal(plan.whole) | {"more_seats": plan.more_whole},
    }


def _proposal(found: Proposal) -> dict[str, Any]:
    return {
        "batches": [
            {"posted": day.isoformat(), "letters": letters} for day, letters in sorted(found.split.items())
        ],
        "met": found.met,
        "erlang_a": {name: round(rate, 4) for name, rate in found.forecast.items()},
        "periods": [one._asdict() | {"rate": one.rate.told()} for one in found.results],
    }


def as_yaml(mailing: Mailing, found: Proposal) -> str:
    """The block `mailings` of the scenario with the mailing in its batches; others are to be kept beside it."""
    mailings = [one.model_dump(mode="json", exclude_unset=True) for one in batches(mailing, found.split)]
    text: str = yaml.safe_dump(
        {"mailings": mailings}, sort_keys=False, allow_unicode=True, default_flow_style=None
    )
    return text
