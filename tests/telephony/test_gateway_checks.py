from __future__ import annotations

from pathlib import Path

import pytest

from engine.build import load_centre
from ivr.yaml_marks import ConfigurationError
from telephony.gateway_checks import check_gateways
from telephony.gateway_site import GatewaySite
from telephony.site import Site

pytestmark = pytest.mark.unit

PROJECT = """\
project: tax
name: Tax
numbers: [{number: 0570-012-229}]
hours: {weekly: {mon-fri: ["08:30-17:15"]}}
subflows:
  tell:
    start: by_chat
    nodes:
      by_chat: {type: notify, gateway: chat, text: hello, next: return}
flow:
  start: by_sms
  nodes:
    by_sms: {type: sms, gateway: smss, text: hello, next: inform}
    inform: {type: call, flow: tell, next: bye}
    bye: {type: hangup}
"""


def site(*names: str) -> Site:
    return Site(gateways=tuple(GatewaySite(name=name, url="https://gateway.example") for name in names))


def test_gateways_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "projects").mkdir()
    (tmp_path / "projects" / "tax.yaml").write_text(PROJECT, encoding="utf-8")
    (tmp_path / "seats.yaml").write_text("seats: [{ids: s1, projects: [tax]}]\n", encoding="utf-8")
    centre = load_centre(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        check_gateways(tmp_path, centre, site("sms"))
    told = [str(problem).removeprefix(f"{tmp_path}/projects/") for problem in caught.value.problems]
    assert told == [
        "tax.yaml:13:34: error: there is no gateway 'smss' in site.yaml; did you mean 'sms'?",
        "tax.yaml:9:40: error: there is no gateway 'chat' in site.yaml",
    ]
    check_gateways(tmp_path, centre, site("smss", "chat"))


def test_two_gateways_of_one_name() -> None:
    with pytest.raises(ValueError, match="two gateways have the name 'sms'"):
        site("sms", "sms")
