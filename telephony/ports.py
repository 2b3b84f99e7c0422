"""Is a port free? Asked before Asterisk starts, because Asterisk itself goes on without the port."""

from __future__ import annotations

import os
import socket
from itertools import chain

from telephony.plan import AsteriskPlan
from telephony.tree import AsteriskError


def check_ports(plan: AsteriskPlan) -> None:
    """Raises AsteriskError that names every port taken, and the settings that choose them."""
    wanted = (
        (str(plan.bind.sip), plan.ports.sip, socket.SOCK_DGRAM, "sip", "UDP"),
        (str(plan.bind.http), plan.ports.http, socket.SOCK_STREAM, "http", "TCP"),
        (str(plan.bind.ami), plan.ports.ami, socket.SOCK_STREAM, "ami", "TCP"),
    )
    problems = [
        f"{protocol} port {port} on {host} {reason}: choose another for `ports.{name}` in site.yaml, "
        "or end the program that has it"
        for host, port, kind, name, protocol in wanted
        if (reason := _problem(host, port, kind))
    ]
    if problems:
        raise AsteriskError("\n".join(problems))


def _problem(host: str, port: int, kind: socket.SocketKind) -> str | None:
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind == socket.SOCK_STREAM:  # connections of a moment ago that still fade away are no reason
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as problem:
            return f"cannot be used ({problem.strerror})"
    return None


def free_ports(count: int, kind: socket.SocketKind = socket.SOCK_STREAM) -> list[int]:
    """Ports of 127.0.0.1 that nobody has at this moment: for instances side by side, in tests and benches."""
    probes = [socket.socket(socket.AF_INET, kind) for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def free_udp_block(size: int, first: int = 20000, last: int = 32000) -> tuple[int, int]:
    """First and last of `size` UDP ports in a row that nobody has. Raises AsteriskError where there are none.

    The search begins at a place of this process' own, so that several of us at once do not meet.
    """
    starts = range(first, last - size, size)
    own = os.getpid() % len(starts)
    for start in chain(starts[own:], starts[:own]):
        if all(_problem("0.0.0.0", port, socket.SOCK_DGRAM) is None for port in range(start, start + size)):  # noqa: S104
            return start, start + size - 1
    raise AsteriskError(f"no {size} free UDP ports in a row between {first} and {last}")
