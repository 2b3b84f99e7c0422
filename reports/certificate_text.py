"""The certificate for people, to be printed and filed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reports.certificate import Certificate
from reports.difference import Difference

_COUNTS = (
    ("journal", "the journal"),
    ("records", "the table of calls"),
    ("reports", "the daily reports (callers)"),
    ("asterisk", "Asterisk's own account (callers)"),
    ("gone_at_once", "  of them gone before anybody could take them"),
    ("still_open", "calls that go on"),
    ("recordings", "recordings and messages reported"),
    ("recording_files", "  files found, of this day and around it"),
    ("statement", "the carrier's statement"),
)


def certificate_text(certificate: Certificate) -> str:
    """Plain text, lines of at most some hundred columns."""
    return "\n".join(_lines(certificate)) + "\n"


def _lines(made: Certificate) -> Iterator[str]:
    yield f"Reconciliation of {made.date}: {', '.join(made.projects) or 'no project'}"
    yield ""
    for name, told in _COUNTS:
        if name in made.counts:
            count = made.counts[name]
            yield f"  {told:<48}{'not there' if count is None else count:>9}"
    yield ""
    limits = made.tolerance
    yield f"  tolerance: {limits.time:g} s between journal and Asterisk, {limits.sound:g} s of a recording's length"
    if "statement" in made.counts:
        yield (
            f"  of the carrier: {limits.carrier_time:g} s of the start, {limits.carrier_duration:g} s of the duration"
        )
    if clock := made.carrier_clock:
        ahead = "ahead of" if clock.seconds >= 0 else "behind"
        yield (
            f"  the carrier's clock is {abs(clock.seconds):.1f} s {ahead} ours (from {clock.calls} calls; its start is "
            f"the {clock.start_is})"
        )
    yield from _section("Notes", [f"- {note}" for note in made.notes])
    yield from _section(
        "Explained by the journal", [f"- {one.call}: {one.what}: {one.why}" for one in made.explained]
    )
    yield from _section("Differences", [line for one in made.differences for line in _difference(one)])
    yield ""
    yield "Result: " + (
        "no difference" if made.passed else f"{len(made.differences)} differences: NOT reconciled"
    )
    yield f"SHA-256 over everything compared: {made.digest}"


def _section(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"{title}:"
        yield from (f"  {line}" for line in lines)


def _difference(one: Difference) -> Iterator[str]:
    about = " ".join(part for part in (f"call {one.call}" if one.call else "", one.of) if part)
    yield f"- {one.kind}: {about}"
    for side, says in _says(one.says):
        yield f"    {side}: {says}"
    yield f"    {one.text}"


def _says(says: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from says.items()
