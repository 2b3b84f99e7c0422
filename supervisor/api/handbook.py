"""docs/api.md, made of the table of routes: `python -m supervisor.api.handbook` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from supervisor.api.bodies import Nothing
from supervisor.api.on_behalf import EXAMPLE, HEADER
from supervisor.api.openapi import REFUSALS, refusals
from supervisor.api.rights import RULES
from supervisor.api.routes import OPENAPI, ROUTES, STREAM, TICKS, WATCHING
from supervisor.api.work import Route

FILE = Path(__file__).resolve().parents[2] / "docs/api.md"

HEAD = f"""\
<!-- Made by `python -m supervisor.api.handbook` from supervisor/api/routes.py: change that, not this. -->
# The API

What a screen or a program of this machine can ask of the running service, and how it is told what goes on. It
listens on 127.0.0.1 alone, at the port `ports.api` of `config/site.yaml` (8090). From elsewhere:
`ssh -L 8090:127.0.0.1:8090`.

Each person of `config/people.yaml` has a token, the file `var/secrets/api/ID`, made at the first start; `admin` has one
too, with every right. Who must not get in any more: remove the file, start again, and there is a new token.

    curl -H "Authorization: Bearer $(cat var/secrets/api/admin)" http://127.0.0.1:8090/v1/seats
    curl -H "Authorization: Bearer $(cat var/secrets/api/op101)" -d '{{"reason": "昼休み"}}' \\
        http://127.0.0.1:8090/v1/seats/seat01/break

Bodies and answers are JSON; `{OPENAPI}` (OpenAPI 3.1, without a token) has their fields. Times are seconds since
1970 UTC, durations are seconds. Every refusal is `{{"error": ..., "state": ...}}`: `error` says what to do, and `state`
(409 only) what the seat or call is doing.

Whoever changes the seat of somebody else, withdraws a callback, opens or closes a project, or takes part in
somebody's call stands in the audit log (`var/audit.log`) with it.

What is no business of a person does not exist for him: the answer is 404 in the same words, whether a seat, a call or a
project belongs to others or to nobody. 403 is said of what he sees, but may not do.

## For somebody else

A service of ours that knows its own users, as the live monitor does, sends the administrator's token and, in the header
`{HEADER}`, whose request it is. It is made with these rights instead of the administrator's, stands under this id
everywhere, and its `why`, one line, goes into the audit log, also where it is the person's own seat. The value is
percent-encoded JSON:

    lends='{EXAMPLE}'
    curl -H "Authorization: Bearer $(cat var/secrets/api/admin)" \\
        -H "{HEADER}: $(python3 -c 'import sys, urllib.parse; print(urllib.parse.quote(sys.argv[1]))' "$lends")" \\
        http://127.0.0.1:8090/v1/calls

`projects` are his business, `supervises` those that he supervises; all but `id` may be missing. Such a person has his
seat, if he sits somewhere by this id, but nothing that is there: of calls at his seat, too, he sees those of these
projects alone.

"""
WATCHED = """\
## Without a token

For the machine's own watchers: a supervisor, a load balancer, Prometheus. What the figures and alarms mean, and what to
do, is in [operations](operations.md).
"""
STREAMING = f"""\
## The live stream

`GET {STREAM}` is a WebSocket (the header as above; a browser, which cannot send it, names the protocols `denwaban.v1`
and `token.TOKEN`). The first frame is everything that the person may see:

    {{"type": "snapshot", "seq": 812, "at": ..., "me": ..., "seats": [...], "calls": [...], "queues": [...],
     "callbacks": [...], "ears": [...], "projects": [...], "counts": [...]}}

Every other frame has one or more changes, each with the whole of the thing as it is now, or `gone`:

    {{"type": "changes", "changes": [
      {{"type": "call", "seq": 813, "at": ..., "call": {{"call": "c17", "state": "RINGING", ...}}}},
      {{"type": "seat", "seq": 814, "at": ..., "seat": {{"seat": "seat07", "state": "RINGING", ...}}}},
      {{"type": "queue", "seq": 814, "at": ..., "queue": {{"queue": "tax/main", "waiting": 3, ...}}}},
      {{"type": "count", "seq": 815, "at": ..., "count": {{"project": "tax", "start": 1778115600, "outcome": "answered",
       "waited": 12, "calls": 4}}}},
      {{"type": "gone", "seq": 816, "at": ..., "kind": "call", "id": "c16"}}]}}

`seq` never falls; it has gaps where others see more. A thing of which nothing is told has not changed, but `seconds`,
`wait` and `expected_wait` go on: count them from `since`, or ask again. A project that its hours open or close says
nothing either. Who sits down at another seat is sent a new snapshot. Who does not read is cut off: connect again, and
the snapshot has everything.

With `GET {STREAM}?{TICKS}=1` there is a further frame right after each snapshot, and then every second: what goes on
without a change, each list whole. All changes up to its `seq` were told before.

    {{"type": "tick", "seq": 816, "at": ..., "alarms": [...], "queues": [...], "projects": [...]}}

A `count` says how many callers' calls of a project are alike: arrived in the half-hour that began at `start`, ended
with `outcome` (empty: arrived, whatever becomes of them) after `waited` whole seconds in the line (-1: never in it).
`calls` takes the place of what was told before; 0 is none any more. The snapshot has those of today, by the project's
clock.

Of calls a person sees those of the projects that he serves or supervises, and the one that he has. The number of the
other party is whole for who has the call or supervises its project; for others its last four digits are `*`. That
somebody is listened to is told to those alone who supervise the project. A seat is seen by who serves or supervises one
of its projects, or supervises a project that is heard from there; in a call, a seat that he does not see has no name.

"""


def handbook() -> str:
    """The whole text."""
    rows = "\n".join(map(_row, ROUTES))
    rights = "\n".join(f"- `{right}`: {rule}." for right, rule in RULES.items() if right != "none")
    told = "\n".join(f"- {status}: {text}." for status, text in REFUSALS.items())
    table = f"| | body | right | what it does | refusals |\n|---|---|---|---|---|\n{rows}\n"
    rules = f"Who may (`admin` may all of it):\n\n{rights}\n\nRefusals:\n\n{told}\n"
    return f"{HEAD}## Requests\n\n{table}\n{rules}\n{_watching()}\n{STREAMING}".rstrip() + "\n"


def _watching() -> str:
    rows = "\n".join(f"| `GET {path}` | {summary} |" for path, summary in WATCHING.items())
    return f"{WATCHED}\n| | |\n|---|---|\n{rows}\n"


def _row(route: Route) -> str:
    body = "" if route.body is Nothing else f"`{json.dumps(route.example, ensure_ascii=False)}`"
    told = " ".join(str(status) for status in refusals(route))
    return f"| `{route.method} {route.path}` | {body} | {route.right} | {route.summary} | {told} |"


if __name__ == "__main__":
    FILE.write_text(handbook(), encoding="utf-8")
