"""A stack of its own for demos, benches and tests: free ports of 127.0.0.1, a folder of its own, no service touched."""

from __future__ import annotations

import socket
from pathlib import Path

from engine.centre import Centre
from telephony.ports import free_ports, free_udp_block
from telephony.site import AsteriskSite, PhonesSite, Ports, Site, TrunkSite
from telephony.stack import Stack, stack_of

RTP_PORTS = 600
"""Two for each leg: 34 talks, as many callers waiting, and those that just end."""


def own_ports(rtp_ports: int) -> Ports:
    """Ports of 127.0.0.1 that are free, with a block of `rtp_ports` for audio."""
    http, ami, agi, api, monitor = free_ports(5)
    [sip] = free_ports(1, socket.SOCK_DGRAM)
    first, last = free_udp_block(rtp_ports)
    return Ports(
        sip=sip, http=http, ami=ami, agi=agi, api=api, monitor=monitor, rtp_first=first, rtp_last=last
    )


def own_stack(var: Path, centre: Centre, config: Path, tree: Path, trunk: TrunkSite | None = None) -> Stack:
    """A stack below `var` with the Asterisk tree `tree`; the test clock is allowed."""
    site = Site(
        asterisk=AsteriskSite(tree=tree.absolute()),
        ports=own_ports(RTP_PORTS),
        trunk=trunk or TrunkSite(),
        # Robots register once; a telephone would do so again and again.
        phones=PhonesSite(registration_max_s=7200),
        var_directory=var,
        allow_test_clock=True,
    )
    return stack_of(site, centre, config)
