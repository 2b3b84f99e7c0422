"""Asterisk instances for live tests: own ports, own directory, so that any number run side by side."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

from telephony.plan import AsteriskPlan, Phone
from telephony.ports import free_ports, free_udp_block
from telephony.secrets import Secrets, load_or_make
from telephony.site import Bind, Ports, TrunkSite

ROOT = Path(__file__).parents[2]
PHONES = (*(Phone(f"seat{number:02}") for number in range(1, 35)), Phone("ext35", "35", "自動車税事務所"))


def make_plan(directory: Path, **changes: Any) -> AsteriskPlan:
    """34 seats, the 35th phone and a trunk, all on 127.0.0.1; `changes` are fields of AsteriskPlan."""
    http, ami, agi = free_ports(3)
    [sip] = free_ports(1, socket.SOCK_DGRAM)
    rtp_first, rtp_last = free_udp_block(400)
    fields: dict[str, Any] = {
        "tree": ROOT / "var/asterisk",
        "instance": directory,
        "ports": Ports(sip=sip, http=http, ami=ami, agi=agi, rtp_first=rtp_first, rtp_last=rtp_last),
        "bind": Bind(),
        "trunk": TrunkSite(),
        "phones": PHONES,
    }
    return AsteriskPlan(**(fields | changes))


def make_secrets(plan: AsteriskPlan) -> Secrets:
    return load_or_make(plan.instance / "secrets", [phone.id for phone in plan.phones])
