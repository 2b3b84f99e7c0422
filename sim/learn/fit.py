"""Makes a scenario of recorded days: every part with what it rests on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from calls.record import CallRecord
from engine.centre import Centre
from ivr.project import Project
from sim.learn import estimate, service_times
from sim.learn.arrival_profile import fit_arrivals, open_days
from sim.learn.estimate import Choice, choose
from sim.learn.fit_flow import USUAL_TALK_S, fit_flow
from sim.learn.fitted import Fitted, Part, Question
from sim.learn.laws import Empirical, Exponential, rounded
from sim.learn.past import NothingRecordedError, Past
from sim.learn.redials import fit_redials
from sim.learn.seats_seen import seats_seen
from sim.learn.survival import Lasted
from sim.scenario.words import clock


def fit(past: Past, centre: Centre, project: str, first: dt.date, last: dt.date) -> Fitted:
    """The scenario of these days; raises NothingRecordedError where nobody called."""
    records = past.of(project)
    told = first.isoformat() if first == last else f"{first} to {last}"
    if not records:
        raise NothingRecordedError(
            f"there is no call of {project} on {told}: the service did not run then, or its journal is in another "
            "database (`store` in site.yaml)"
        )
    question = Question(past, centre, centre.projects[project], first, last)
    days = open_days(first, last, question.project.opening_hours())
    if not days:
        raise NothingRecordedError(
            f"{project} was not open on {told}: nothing can be learned of its callers there"
        )
    parts = {
        **_arrivals(question, records, days),
        "handle": _handle(records),
        "wrapup": _wrapup(records, question.project),
        **_patience(records, past),
        **_rings(question, records),
        "flow": fit_flow(question, records),
        "seats": _seats(question, days),
        "lines": _lines(records, question.project),
    }
    return Fitted(project, first, last, len(days), len(records), parts, _notes(past, records))


# ---- the parts


def _arrivals(question: Question, records: Sequence[CallRecord], days: Sequence[dt.date]) -> dict[str, Part]:
    again = fit_redials(records)
    first = [record for record in records if record.call not in again.again]
    weekdays = [day for day, spans in question.project.opening_hours().weekly.items() if spans]
    found = fit_arrivals(first, days, question.zone, weekdays)
    told = [f"{found.calls} calls on {found.days} open days; {found.why}"]
    told += [f"{name}: {one.told()}" for name, one in found.estimates.items()]
    if found.outside:
        told.append(f"{found.outside} calls on days on which the project was closed are left out")
    if again.again:
        told.append(f"{len(again.again)} calls that were a redial are left out here: see redial")
    data = {"estimates": {name: one._asdict() for name, one in found.estimates.items()}, "why": found.why}
    parts = {"arrivals": Part(found.settings, found.calls, told, list(found.remarks), data)}
    if again.settings or again.remarks:
        told = [
            f"{name}: {count} of {failed} called again"
            for name, (failed, count) in again.seen.items()
            if failed
        ]
        data = {"estimates": {name: one._asdict() for name, one in again.estimates.items()}}
        parts["redial"] = Part(again.settings or None, len(again.again), told, list(again.remarks), data)
    return parts


def _of_choice(choice: Choice, key: str) -> Part:
    told = [f"{choice.ends} of {choice.observations} seen to their end; {choice.why}"]
    told += [f"{name}: {one.told(' s' if 'mean' in name else '')}" for name, one in choice.estimates.items()]
    part = Part(choice.law.settings(), choice.observations, told, data=choice.as_data())
    if choice.remark:
        part.thin.append(f"{key}: {choice.remark}")
    if isinstance(choice.law, Empirical):
        part.files[(key,)] = choice.law.quantiles
    return part


def _handle(records: Sequence[CallRecord]) -> Part:
    choice = choose(service_times.talk_seen(records), estimate.TALK, "conversations")
    if choice is None:
        settings = Exponential(USUAL_TALK_S).settings()
        return Part(settings, 0, thin=[f"handle: nobody talked; {USUAL_TALK_S:.0f} s is a guess of ours"])
    part = _of_choice(choice, "handle")
    answered = [record for record in records if record.answered_at is not None]
    told = sum(bool(record.inquiry_class) for record in answered)
    if 0 < told < service_times.NEARLY_ALL * len(answered):
        part.told.append(f"classes of inquiry: only {told} of {len(answered)} calls have one; not told apart")
    classes = service_times.by_class(records)
    if classes:
        part.value["classes"] = {}
        for name, one in classes.items():
            part.value["classes"][name] = {"share": rounded(one.share.value), **one.choice.law.settings()}
            if isinstance(one.choice.law, Empirical):
                part.files["handle", "classes", name] = one.choice.law.quantiles
        part.told.append(f"{len(classes)} classes of inquiry have a law of their own")
        part.data["classes"] = {name: one.choice.as_data() for name, one in classes.items()}
    return part


def _wrapup(records: Sequence[CallRecord], project: Project) -> Part:
    choice = choose(service_times.wrapup_seen(records, project), estimate.WRITING, "wrap-ups")
    if choice is None:
        return Part({"mean": 0.0}, 0, ["nobody wrote anything, or never to his own end"])
    return _of_choice(choice, "wrapup")


def _patience(records: Sequence[CallRecord], past: Past) -> dict[str, Part]:
    seen = service_times.patience_seen(records, past.heard_until)
    choice = choose(seen, estimate.PATIENCE, "abandonments")
    if choice is not None:
        return {"patience": _of_choice(choice, "patience")}
    return {"patience": _endless(seen)}


def _endless(seen: Sequence[Lasted]) -> Part:
    waited = sum(one.seconds for one in seen)
    # With nobody giving up in so much waiting, the mean is above a third of it with 95 % confidence: -1/ln(0.05).
    least = f"mean above {waited / 3:.0f} s, 95 %"
    remark = f"patience: nobody gave up in {waited:.0f} s of waiting: callers wait for ever here ({least})"
    return Part(None, len(seen), [f"{len(seen)} waits, all of them cut off"], [remark])


def _rings(question: Question, records: Sequence[CallRecord]) -> dict[str, Part]:
    found = service_times.fit_rings(question.past, records)
    if found.choice is None:
        return {
            "ring": Part(
                None, found.rings, thin=["ring: no telephone was picked up in the journal; left out"]
            )
        }
    parts = {"ring": _of_choice(found.choice, "ring")}
    if found.misses.value > 0:
        told = [f"misses: {found.misses.told()} of {found.rings} rings"]
        told.append("how long nobody is there then does not stand in the journal: `away` is as usual")
        data = {"estimates": {"misses": found.misses._asdict()}}
        parts["operators"] = Part({"misses": rounded(found.misses.value)}, found.rings, told, data=data)
    return parts


def _seats(question: Question, days: Sequence[dt.date]) -> Part:
    hours = question.project.opening_hours()
    seen = seats_seen(question.past, question.centre, question.project.project, days, hours, question.zone)
    whole = {minute: round(seats) for minute, seats in seen.items()}
    data = {"mean": {clock(minute): round(seats, 2) for minute, seats in seen.items()}}
    if not any(whole.values()):
        thin = ["seats: nobody is known to have been there; 1 is a guess of ours"]
        return Part(1, 0, thin=thin, data=data)
    told = [
        "the mean of the days, rounded; breaks are left out, seats shared with other projects count whole"
    ]
    if len(set(whole.values())) == 1:
        return Part(next(iter(whole.values())), len(days), told, data=data)
    value = {"by_half_hour": {clock(minute): count for minute, count in whole.items()}}
    return Part(value, len(days), told, data=data)


def _lines(records: Sequence[CallRecord], project: Project) -> Part:
    most = service_times.most_at_once(records)
    limit = "no limit" if project.lines is None else f"the project's limit of {project.lines}"
    return Part(
        None,
        len(records),
        [f"at most {most} lines were in use at a time; {limit} holds"],
        data={"most": most},
    )


def _notes(past: Past, records: Sequence[CallRecord]) -> list[str]:
    notes = list(past.faults)
    if past.lives > 1:
        notes.append(
            f"{past.lives} engines began on these days: callers whom a crash cut off waited at least so long"
        )
    still = sum(record.closed_at is None for record in records)
    if still:
        notes.append(f"{still} calls were not over yet, or nobody knows how they ended")
    return notes
