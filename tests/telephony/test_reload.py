"""Which changes a running Asterisk takes, and which need a restart."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from telephony.plan import AsteriskPlan, Phone, plan_for
from telephony.reload import changed_files, check_plans, complaints, endpoints_listed, endpoints_of
from telephony.render import rendered, write_files
from telephony.secrets import Secrets
from telephony.site import Ports, Site, TrunkSite
from telephony.tree import AsteriskError

pytestmark = pytest.mark.unit

SECRETS = Secrets(ari="one", ami="two", phones={"seat01": "three", "seat02": "four"})


@pytest.fixture
def plan(tmp_path: Path) -> AsteriskPlan:
    return plan_for(Site(var_directory=tmp_path), [Phone("seat01")])


def test_nothing_has_changed(plan: AsteriskPlan) -> None:
    check_plans(plan, dataclasses.replace(plan))
    assert changed_files(rendered(plan, SECRETS), rendered(plan, SECRETS)) == {}


def test_a_seat_and_the_trunk_are_read_again(plan: AsteriskPlan) -> None:
    phones = (*plan.phones, Phone("seat02"))
    wanted = dataclasses.replace(plan, phones=phones, trunk=TrunkSite(caller_id_from="From"))
    check_plans(plan, wanted)
    changed = changed_files(rendered(plan, SECRETS), rendered(wanted, SECRETS))
    assert changed.keys() == {"pjsip.conf", "extensions.conf"}
    assert "[seat02](phone)" in changed["pjsip.conf"]


def test_what_needs_a_restart_is_told(plan: AsteriskPlan) -> None:
    with pytest.raises(AsteriskError, match=r"next start only: ports, app\. Restart"):
        check_plans(plan, dataclasses.replace(plan, ports=Ports(sip=6060), app="other"))
    another = dataclasses.replace(SECRETS, ari="five")
    with pytest.raises(AsteriskError, match=r"reads ari\.conf at its start only"):
        changed_files(rendered(plan, SECRETS), rendered(plan, another))


def test_files_are_written_whole_and_nothing_else_is_left(plan: AsteriskPlan) -> None:
    plan.etc.mkdir(parents=True)
    (plan.etc / "pjsip.conf").write_text("old")
    write_files(plan, {"pjsip.conf": "new"})
    assert [(path.name, path.read_text()) for path in plan.etc.iterdir()] == [("pjsip.conf", "new")]
    assert (plan.etc / "pjsip.conf").stat().st_mode & 0o077 == 0


def test_the_endpoints_that_asterisk_lists(plan: AsteriskPlan) -> None:
    answer = (
        " Endpoint:  <Endpoint/CID........>  <State.....>  <Channels.>\n=====\n\n"
        " Endpoint:  ext35/35             Unavailable   0 of 1\n"
        " Endpoint:  trunk                Not in use    0 of inf\n\nObjects found: 2\n"
    )
    assert endpoints_listed(answer) == {"ext35", "trunk"}
    assert endpoints_of(plan) == {"seat01", "trunk"}
    watched = dataclasses.replace(plan, trunk=TrunkSite(server="sip.example"))
    assert endpoints_of(watched) == {"seat01", "trunk", "trunk-watch"}


def test_only_complaints_about_files_count() -> None:
    of_a_file = "[...] ERROR[7] res_sorcery_config.c: Could not create an object of type 'endpoint'"
    of_a_call = "[...] WARNING[7][C-1] res_stasis_playback.c: 1.2: Playback failed for sound:x"
    assert complaints([of_a_call, of_a_file]) == [of_a_file]
