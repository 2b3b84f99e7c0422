"""What of a running Asterisk can be changed without a restart, and how it is told.

Calls in progress notice nothing: their channels hold on to what they were set up with, and what is new holds for the
next call.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields

from telephony.plan import AsteriskPlan
from telephony.tree import AsteriskError

RELOADS: dict[str, str] = {
    # All of PJSIP's objects at once: telephones, trunk, its addresses and its registration. Transports stay.
    "pjsip.conf": "module reload res_pjsip.so",
    "extensions.conf": "dialplan reload",
    "musiconhold.conf": "moh reload",
}
"""The files that Asterisk reads again, and the console command that makes it."""

CHANGEABLE = frozenset({"phones", "phone_rules", "trunk"})
"""The fields of a plan that may differ from those of the Asterisk that runs."""

_READERS = (
    " res_sorcery_config.c:",
    " config_options.c:",
    " config.c:",
    " sorcery.c:",
    " pbx_config.c:",
    " pbx.c:",
)


def check_plans(running: AsteriskPlan, wanted: AsteriskPlan) -> None:
    """Raises AsteriskError where the running Asterisk would have to be started anew."""
    names = [field.name for field in fields(AsteriskPlan) if field.name not in CHANGEABLE]
    other = [name for name in names if getattr(running, name) != getattr(wanted, name)]
    if other:
        raise AsteriskError(
            f"these settings take effect at the next start only: {', '.join(other)}. Restart Denwaban for them"
        )


def changed_files(running: Mapping[str, str], wanted: Mapping[str, str]) -> dict[str, str]:
    """File name -> new text of what differs. Raises AsteriskError for a file that is read at the start only."""
    changed = {name: text for name, text in wanted.items() if running.get(name) != text}
    fixed = sorted(changed.keys() - RELOADS.keys())
    if fixed:
        raise AsteriskError(
            f"Asterisk reads {', '.join(fixed)} at its start only (was a password changed?): restart Denwaban"
        )
    return changed


def endpoints_listed(answer: str) -> set[str]:
    """The names in what the console answers to `pjsip list endpoints`."""
    lines = (line.split() for line in answer.splitlines())
    return {words[1].partition("/")[0] for words in lines if words[:1] == ["Endpoint:"]} - {"<Endpoint"}


def endpoints_of(plan: AsteriskPlan) -> set[str]:
    """The endpoints that Asterisk has to know."""
    watch = [plan.trunk.watch] if plan.trunk.watched else []
    return {plan.trunk.name, *watch, *(phone.id for phone in plan.phones)}


def complaints(problems: Iterable[str]) -> list[str]:
    """The lines of Asterisk's log that are about a configuration file, not about a call."""
    return [line for line in problems if any(reader in line for reader in _READERS)]
