"""The aiohttp application of the monitor: its doors, and what is around each answer."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable

from aiohttp import web
from sqlalchemy.exc import SQLAlchemyError

from supervisor.monitor.describe import description
from supervisor.monitor.doors import Doors
from supervisor.monitor.live import LiveScreens
from supervisor.monitor.models import Problem
from supervisor.monitor.page_files import PageFiles
from supervisor.monitor.problems import ProblemError
from supervisor.monitor.routes import DESCRIPTION, JSON, LIVE, ROUTES, Route, body_of

log = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
LONGEST_BODY = 16 * 1024
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
HSTS = {"Strict-Transport-Security": "max-age=31536000"}
"""Only with a certificate that browsers trust: with one of our own it would lock everybody out."""


def make_app(doors: Doors, live: LiveScreens, page: PageFiles, *, trusted: bool) -> web.Application:
    """The application. `trusted`: its certificate is a real one."""
    app = web.Application(middlewares=[_told], client_max_size=LONGEST_BODY)
    for route in ROUTES:
        app.router.add_route(route.method, route.path, _handler(doors, route))
    app.router.add_get(DESCRIPTION, _describe)
    app.router.add_get(LIVE, live.handle)
    page.add_to(app)
    headers = HEADERS | (HSTS if trusted else {})

    async def around(request: web.Request, response: web.StreamResponse) -> None:
        response.headers.update(headers)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.pop("Server", None)

    app.on_response_prepare.append(around)
    return app


def _handler(doors: Doors, route: Route) -> Handler:
    do = getattr(doors, route.name)

    async def handle(request: web.Request) -> web.StreamResponse:
        guest = await doors.admit(route, request)
        return await do(guest, request, await body_of(route, request))

    return handle


async def _describe(request: web.Request) -> web.Response:
    return web.Response(body=json.dumps(description(), ensure_ascii=False).encode(), content_type=JSON)


@web.middleware
async def _told(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal and every fault is told as one JSON object."""
    try:
        return await handler(request)
    except ProblemError as problem:
        return _problem(problem)
    except web.HTTPRequestEntityTooLarge:
        return _problem(ProblemError("too_large", f"no body is longer than {LONGEST_BODY} bytes"))
    except web.HTTPMethodNotAllowed as error:
        methods = ", ".join(sorted(error.allowed_methods))
        told = ProblemError("bad_request", f"use {methods} for this path", headers={"Allow": methods})
        return _problem(told, 405)
    except web.HTTPNotFound:
        return _problem(
            ProblemError("not_found", f"there is nothing at this path; {DESCRIPTION} tells what there is")
        )
    except web.HTTPException as error:
        if error.status < 400:
            raise
        return _problem(ProblemError("bad_request", f"this cannot be done: {error.reason}"), error.status)
    except (SQLAlchemyError, OSError) as error:
        log.warning("a request could not be answered: %s", type(error).__name__)
        return _problem(ProblemError("store_away", "the database does not answer: try again when it does"))
    except Exception as error:  # a fault of ours must not end the connection without a word
        log.exception("a request to the monitor failed")
        return _problem(
            ProblemError("failed", f"the monitor failed ({type(error).__name__}); its log says more")
        )


def _problem(problem: ProblemError, status: int | None = None) -> web.Response:
    body = Problem(error=problem.error, code=problem.code, state=problem.state).model_dump_json().encode()
    return web.Response(
        body=body, status=status or problem.status, headers=problem.headers, content_type=JSON
    )
