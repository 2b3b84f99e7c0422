"""`denwaban publish`, `versions` and `rollback`: putting a project into service, and the way back."""

from __future__ import annotations

import argparse
import datetime as dt
import getpass
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from ivr.yaml_marks import ConfigurationError
from store.versions import Gate, Version, VersionError, VersionStore
from supervisor.budget_arguments import GATE_TIMES
from supervisor.gate_words import BrokenPromiseError, GateError, figures
from telephony.control import ask, control_socket
from telephony.publishing import EXPECTED, GateKeeper, Publisher, PutIn
from telephony.site import load_site
from telephony.versions import version_store


def publish(given: argparse.Namespace) -> int:
    """`denwaban publish`: the project's file as it is now. Exit code 2 where its gate refuses it."""
    return _told(lambda: _outcome(_publisher(given).publish(given.project, given.note, _gate(given))))


def rollback(given: argparse.Namespace) -> int:
    """`denwaban rollback`: an old version again, as a new one."""
    return _told(lambda: _outcome(_publisher(given).rollback(given.project, given.number, given.note)))


def versions(given: argparse.Namespace) -> int:
    """`denwaban versions`: all that was ever published of a project."""
    return _told(lambda: _versions(given.config, given.project, as_json=given.json))


def _told(do: Callable[[], None]) -> int:
    try:
        do()
    except (ConfigurationError, *EXPECTED, GateError) as error:
        print(error, file=sys.stderr)
        return 2 if isinstance(error, BrokenPromiseError) else 1
    return 0


def _gate(given: argparse.Namespace) -> GateKeeper | None:
    """What simulates the scenario of `--gate`, and tells its figures; None where there is none."""
    if given.gate is None:
        if given.times is not None:
            raise GateError("--times is about --gate: name its scenario, too")
        return None

    def judged() -> Gate:
        # Only here: who publishes without a gate has no use for a simulator.
        from supervisor.gate import judge

        times = GATE_TIMES if given.times is None else given.times
        gate = judge(given.gate, given.project, given.config, times)
        print(f"{given.gate} keeps the promise of {gate.period}: {figures(gate)}")
        if not gate.sure:
            print("that is not certain: its interval reaches below the promise", file=sys.stderr)
        return gate

    return judged


def _publisher(given: argparse.Namespace) -> Publisher:
    return Publisher(given.config, given.by or getpass.getuser(), lambda text: print(text, file=sys.stderr))


def _outcome(put: PutIn) -> None:
    version = put.version
    name = f"{version.project} version {version.number}"
    if not put.new:
        print(f"nothing has changed since version {version.number} was published", file=sys.stderr)
    if put.live is None:
        print(f"{name} is kept; no service runs: it will be in service from the next start")
    elif put.live == version.number:
        print(f"{name} is in service: the next caller hears it")
    else:
        print(f"{name} is kept; version {put.live}, published meanwhile, is in service")
    if not put.seated:
        told = f"no seat serves {version.project} yet: name it in seats.yaml and start the service again"
        print(told, file=sys.stderr)


def _versions(config: Path, project: str, *, as_json: bool) -> None:
    var = load_site(config / "site.yaml").var_directory
    store = version_store(var)
    known = store.versions(project)
    if not known:
        raise VersionError(f"{project} was never published; do so with: denwaban publish {project}")
    live = _live(var, store, project)
    if as_json:
        told = {"project": project, "live": live, "versions": [_row(version) for version in known]}
        print(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_line(version, live) for version in known))


def _live(var: Path, store: VersionStore, project: str) -> int | None:
    """The version in service; where no service runs, the one with which it would start."""
    reply = ask(control_socket(var), {"do": "versions"})
    if reply is not None:
        return reply["versions"].get(project)
    newest = store.newest(project)
    return newest.number if newest else None


def _row(version: Version) -> dict[str, Any]:
    about = version.about
    at = dt.datetime.fromtimestamp(about.at).astimezone() if about else None
    return {
        "version": version.number,
        "at": at.isoformat(timespec="seconds") if at else None,
        "by": about.by if about else None,
        "note": about.note if about else None,
        "copy_of": (about.again or None) if about else None,
        "refused": version.refused,
        "sha256": about.sha256 if about else None,
        "gates": [_passed(gate) for gate in about.gates] if about else [],
    }


def _passed(gate: Gate) -> dict[str, Any]:
    at = dt.datetime.fromtimestamp(gate.at).astimezone()
    return msgspec.structs.asdict(gate) | {"at": at.isoformat(timespec="seconds")}


def _line(version: Version, live: int | None) -> str:
    row, about = _row(version), version.about
    mark = "*" if row["version"] == live else " "
    if about is None:
        return f"{mark} {row['version']:>4}  damaged"
    told = [row["note"]] if row["note"] else []
    told += [f"version {row['copy_of']} again"] if row["copy_of"] else []
    told += ["refused by the service"] if row["refused"] else []
    told += [f"{gate.scenario}: {figures(gate)}" for gate in about.gates]
    return f"{mark} {row['version']:>4}  {row['at']}  {row['by']}  {'; '.join(told)}".rstrip()
