"""Run by Asterisk for each call that comes while the engine is away: `degraded.py FOLDER decide|ended`.

`decide` looks up what the caller gets, notes the call, and leaves the rest to the dialplan in variables; `ended` notes
how it ended. Neither needs the engine or the database, and neither stays for as long as the caller waits. No number
of a caller is in an argument (`ps` shows those) or in what is written to Asterisk's console.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any, cast

if __name__ == "__main__":  # started by its path: the packages lie one folder above
    sys.path[0] = str(Path(__file__).resolve().parent.parent)

from asterisk.agi import AGI

from agi_scripts.decide import Decision, decide
from agi_scripts.files import read_json, write_json
from calls.degraded import AUDIO, CALLS, PLAN, SEATS, CallFile, Member, Plan, Seats, Way, call_id

_JOINED = "&"  # Playback says one sound after the other


def main(folder: Path, what: str, agi: Any, now: float) -> None:
    """One call of the script. `agi`: the dialogue with Asterisk, `now`: seconds since 1970 UTC."""
    if what == "decide":
        _decide(folder, agi, now)
    else:
        _ended(folder, agi, now)


def _decide(folder: Path, agi: Any, now: float) -> None:
    plan = cast("Plan | None", read_json(folder / PLAN))
    if plan is None:
        return  # nothing is known of anything: the dialplan says "congestion"
    seats = cast("Seats", read_json(folder / SEATS) or {})
    decision = decide(plan, seats, agi.get_variable("DENWABAN_NUMBER"), now)
    if decision is None:
        agi.set_variable("DENWABAN_WAY", "unknown")
        return
    call = call_id(agi.env["agi_uniqueid"])
    _note(folder, _begun(agi, call, decision, now))
    if decision.way == "seats":
        _man(agi, decision)
    for name, value in _variables(folder, call, decision).items():
        agi.set_variable(name, value)


def _begun(agi: Any, call: str, decision: Decision, now: float) -> CallFile:
    return {
        "call": call,
        "project": decision.project,
        "number": agi.get_variable("DENWABAN_NUMBER"),
        "caller": agi.get_variable("DENWABAN_CALLER"),
        "arrived_at": _number(agi.get_variable("DENWABAN_SINCE")) or now,
        "answered_at": 0.0,
        "ended_at": 0.0,
        "way": decision.way,
        "seat": "",
        "by_backup": False,
    }


def _variables(folder: Path, call: str, decision: Decision) -> dict[str, str]:
    return {
        "DENWABAN_SAY": _JOINED.join(decision.say),
        "DENWABAN_SORRY": _JOINED.join(decision.sorry),
        "DENWABAN_QUEUE": decision.queue,
        "DENWABAN_BACKUP": decision.backup,
        "DENWABAN_WAIT": str(decision.max_wait_s),
        "DENWABAN_AUDIO": str(folder / AUDIO / f"{call}.raw") if decision.recorded else "",
        # `_`: also on the telephones that are rung for him
        "__DENWABAN_AUTO": "".join(f"/{one['seat']}/" for one in decision.members if one["auto"]),
        "DENWABAN_WAY": decision.way,
    }


def _man(agi: Any, decision: Decision) -> None:
    """Who is there is in the queue of the project, and nobody else."""
    wanted = {_interface(one): one for one in decision.members}
    listed = agi.get_variable(f"QUEUE_MEMBER_LIST({decision.queue})")
    there = set(listed.split(",")) if listed else set()
    for gone in sorted(there - wanted.keys()):
        agi.appexec("RemoveQueueMember", f"{decision.queue},{gone}")
    for interface, one in wanted.items():
        if interface not in there:
            # queue, interface, penalty, options, name, whose state counts, wrap-up
            told = (decision.queue, interface, one["penalty"], "", one["seat"], "", decision.wrapup_s)
            agi.appexec("AddQueueMember", ",".join(map(str, told)))


def _interface(member: Member) -> str:
    return f"PJSIP/{member['seat']}"


def _ended(folder: Path, agi: Any, now: float) -> None:
    call = call_id(agi.env["agi_uniqueid"])
    begun = cast("CallFile | None", read_json(_file(folder, call)))
    if begun is None:
        begun = _gave_up(folder, agi, call, now)
    if begun is None:
        return
    answered_by = agi.get_variable("DENWABAN_ANSWERED_BY")
    begun["ended_at"] = now
    begun["answered_at"] = _number(agi.get_variable("DENWABAN_ANSWERED_AT"))
    begun["by_backup"] = answered_by == "backup"
    begun["seat"] = "" if begun["by_backup"] else answered_by
    _note(folder, begun)


def _gave_up(folder: Path, agi: Any, call: str, now: float) -> CallFile | None:
    """He hung up while he still heard the bell: nothing was decided yet."""
    plan = cast("Plan | None", read_json(folder / PLAN))
    decision = decide(plan, {}, agi.get_variable("DENWABAN_NUMBER"), now) if plan else None
    if decision is None:
        return None
    way: Way = "closed" if decision.way == "closed" else "announce"
    return _begun(agi, call, decision._replace(way=way), now)


def _note(folder: Path, call: CallFile) -> None:
    try:
        write_json(_file(folder, call["call"]), call)
    except OSError as error:  # a full disk, say: the caller is served all the same
        print(f"denwaban: a call cannot be noted: {error.strerror}", file=sys.stderr)


def _file(folder: Path, call: str) -> Path:
    return folder / CALLS / f"{call}.json"


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


if __name__ == "__main__":
    os.umask(0o077)
    # pyst2 writes all that is said to its third stream, telephone numbers too: to nowhere.
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        try:
            main(Path(sys.argv[1]), sys.argv[2], AGI(sys.stdin, sys.stdout, nowhere), time.time())
        except Exception as problem:  # noqa: BLE001 - a trace of it might show a number; the dialplan goes on
            print(f"denwaban: the degraded path failed: {type(problem).__name__}", file=sys.stderr)
