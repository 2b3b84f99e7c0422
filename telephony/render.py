"""Writes an instance's directory: Asterisk's configuration files from `dialplans/*.j2`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from calls.degraded import MOST_PROJECTS, queue_name
from telephony.degraded_files import make_folders, write_agi
from telephony.modules import modules_for
from telephony.music import write_beep, write_music
from telephony.numbers import number_rules
from telephony.plan import AsteriskPlan
from telephony.secrets import Secrets
from telephony.tree import AsteriskError, AsteriskTree

# What the engine listens to on AMI. Everything else stays inside Asterisk.
AMI_EVENTS = ("ContactStatus", "RTCPReceived", "RTCPSent")

RETRY_S = 0.5
"""So often the dialplan asks for an engine that is away (the `Wait` of engine-away)."""

_DIRECTORIES = (
    "etc",
    "lib",
    "log/cel-custom",
    "run",
    "cache",
    "agi-bin",
    "music",
    "sounds",
    "spool/monitor",
    "spool/recording",
)
_SOCKET_PATH_MAX = 107  # of a Unix socket, in bytes, on Linux


def render(plan: AsteriskPlan, secrets: Secrets) -> None:
    """Makes the directories and (over)writes the files. Raises AsteriskError for a path that is too long."""
    _check_socket_path(plan.control_socket)
    for name in _DIRECTORIES:
        (plan.instance / name).mkdir(parents=True, exist_ok=True, mode=0o700)
    write_files(plan, rendered(plan, secrets))
    write_music(plan.music)
    write_beep(plan.beep)
    make_folders(plan.degraded)
    write_agi(plan.instance / "agi-bin", plan.degraded)


def write_files(plan: AsteriskPlan, files: Mapping[str, str]) -> None:
    """Each file as a whole or not at all: an Asterisk that starts meanwhile never reads half of one."""
    for name, text in files.items():
        new = plan.etc / f".{name}.new"
        _write(new, text)
        new.replace(plan.etc / name)


def rendered(plan: AsteriskPlan, secrets: Secrets) -> dict[str, str]:
    """File name -> text, without touching the disk."""
    templates = _environment()
    values = {
        "plan": plan,
        "secrets": secrets,
        "tree": AsteriskTree(plan.tree),
        "modules": modules_for(plan),
        "number_rules": number_rules(plan.trunk.country_code),
        "ami_events": AMI_EVENTS,
        "tries": round(plan.degraded_rules.wait_s / RETRY_S),
        "degraded_queues": [queue_name(place) for place in range(1, MOST_PROJECTS + 1)],
    }
    return {
        name.removesuffix(".j2"): templates.get_template(name).render(values)
        for name in templates.list_templates(extensions=["j2"])
    }


def _environment() -> Environment:
    # No HTML escaping: these are configuration files. What comes from people goes through `setting`.
    templates = Environment(  # noqa: S701
        loader=PackageLoader("dialplans", ""),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    templates.filters["setting"] = quoted_setting
    return templates


def quoted_setting(text: str) -> str:
    """A name as it may stand between quotes in a configuration file: `;` would begin a comment there."""
    kept = "".join(letter for letter in text if letter.isprintable() and letter not in '"\\<>')
    return kept.replace(";", "\\;")


def _write(path: Path, text: str) -> None:
    with os.fdopen(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(text)


def _check_socket_path(path: Path) -> None:
    if len(os.fsencode(path)) > _SOCKET_PATH_MAX:
        raise AsteriskError(
            f"the path of Asterisk's control socket is longer than {_SOCKET_PATH_MAX} bytes: {path}\n"
            "Choose a shorter `var_directory` in site.yaml"
        )
