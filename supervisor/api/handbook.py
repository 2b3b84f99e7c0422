"""docs/api.md, made of the table of routes: `python -m supervisor.api.handbook` writes it."""

from __future__ import annotations

import json
from pathlib import Path

from supervisor.api.bodies import Nothing
from supervisor.api.openapi import REFUSALS, refusals
from supervisor.api.rights import RULES
from supervisor.api.routes import OPENAPI, ROUTES, STREAM, WATCHING
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
     "callbacks": [...], "ears": [...], "projects": [...]}}

Every further frame has one or more changes, each with the whole of the thing as it is now, or `gone`:

    {{"type": "changes", "changes": [
      {{"type": "call", "seq": 813, "at": ..., "call": {{"call": "c17", "state": "RINGING", ...}}}},
      {{"type": "seat", "seq": 814, "at": ..., "seat": {{"seat": "seat07", "state": "RINGING", ...}}}},
      {{"type": "queue", "seq": 814, "at": ..., "queue": {{"queue": "tax/main", "waiting": 3, ...}}}},
      {{"type": "gone", "seq": 815, "at": ..., "kind": "call", "id": "c16"}}]}}

`seq` never falls; it has gaps where others see more. A thing of which nothing is told has not changed, but `seconds`,
`wait` and `expected_wait` go on: count them from `since`, or ask again. A project that its hours open or close says
nothing either. Who sits down at another seat is sent a new snapshot. Who does not read is cut off: connect again, and
the snapshot has everything.

Of calls a person sees those of the projects that he serves or supervises, and the one that he has. The number of the
other party is whole for who has the call or supervises its project; for others its last four digits are `*`. That
somebody is listened to is told to those alone who supervise the project.

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
