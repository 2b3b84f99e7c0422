from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from telephony.modules import REQUIRED
from telephony.numbers import number_rules
from telephony.plan import AsteriskPlan, BenchQueue, Phone, plan_for
from telephony.render import quoted_setting, render, rendered
from telephony.secrets import Secrets, load_given, load_or_make
from telephony.site import DegradedSite, PhonesSite, Registration, Site, TrunkSite
from telephony.tree import AsteriskError

pytestmark = pytest.mark.unit

SECRETS = Secrets(ari="ari-secret", ami="ami-secret", phones={"seat01": "one", "ext35": "two"}, trunk="three")


@pytest.fixture
def plan(tmp_path: Path) -> AsteriskPlan:
    return plan_for(Site(var_directory=tmp_path), [Phone("seat01"), Phone("ext35", "35", '税務"; 課')])


def section(text: str, name: str, kind: str) -> list[str]:
    """The lines of the section `name` that is of that type, without comments."""
    parts = re.split(r"^\[", text, flags=re.MULTILINE)
    [found] = [part for part in parts if part.startswith(f"{name}]") and kind in part]
    return [line for line in found.splitlines()[1:] if line and not line.startswith(";")]


def test_every_telephone_has_its_own_password(plan: AsteriskPlan) -> None:
    pjsip = rendered(plan, SECRETS)["pjsip.conf"]
    assert section(pjsip, "seat01", "(phone-auth)") == ["username = seat01", "password = one"]
    assert section(pjsip, "ext35", "(phone-auth)") == ["username = ext35", "password = two"]


def test_a_name_cannot_break_out_of_its_line(plan: AsteriskPlan) -> None:
    pjsip = rendered(plan, SECRETS)["pjsip.conf"]
    assert 'callerid = "税務\\; 課" <35>' in section(pjsip, "ext35", "(phone)\n")
    assert quoted_setting('a\nb"<c>\\') == "abc"


def test_the_trunk_is_known_by_its_addresses_alone(plan: AsteriskPlan) -> None:
    site = Site.model_validate({"trunk": {"name": "ngn", "match": ["192.0.2.1", "198.51.100.0/24"]}})
    pjsip = rendered(dataclasses.replace(plan, trunk=site.trunk), SECRETS)["pjsip.conf"]
    matches = [line for line in section(pjsip, "ngn", "type = identify") if line.startswith("match")]
    assert matches == ["match = 192.0.2.1", "match = 198.51.100.0/24"]
    assert "identify_by = ip" in section(pjsip, "ngn", "type = endpoint")
    assert "registration" not in re.sub("^;.*", "", pjsip, flags=re.MULTILINE).split("[phone]")[0]


def test_a_trunk_that_registers(plan: AsteriskPlan) -> None:
    trunk = TrunkSite(registration=Registration(user="048", server="sip.example"))
    pjsip = rendered(dataclasses.replace(plan, trunk=trunk), SECRETS)["pjsip.conf"]
    assert "password = three" in section(pjsip, "trunk", "type = auth\n")
    assert "client_uri = sip:048@sip.example" in section(pjsip, "trunk", "type = registration")


@pytest.mark.parametrize(
    ("trunk", "asked"),
    [
        (TrunkSite(), ""),
        (TrunkSite(server="out.example:5070", qualify_s=0), ""),
        (TrunkSite(server="out.example:5070"), "sip:out.example:5070"),
        (TrunkSite(registration=Registration(user="048", server="sip.example")), "sip:sip.example"),
        (
            TrunkSite(server="out.example", registration=Registration(user="048", server="sip.example")),
            "sip:out.example",
        ),
    ],
)
def test_a_carrier_is_asked_whether_it_lives_under_a_name_of_its_own(
    plan: AsteriskPlan, trunk: TrunkSite, asked: str
) -> None:
    pjsip = rendered(dataclasses.replace(plan, trunk=trunk), SECRETS)["pjsip.conf"]
    assert ("[trunk-watch]" in pjsip) == bool(asked) == trunk.watched
    if asked:
        watch = section(pjsip, "trunk-watch", "type = aor")
        assert [f"contact = {asked}", "qualify_frequency = 60"] == [line for line in watch if "=" in line][1:]
        assert "identify_by = auth_username" in section(pjsip, "trunk-watch", "type = endpoint")
        assert not any(line.startswith("qualify") for line in section(pjsip, "trunk", "type = aor"))


@pytest.mark.parametrize("registered", [False, True])
def test_calls_to_the_outside_go_to_the_server_of_the_trunk(plan: AsteriskPlan, registered: bool) -> None:
    registration = Registration(user="048", server="sip.example") if registered else None
    trunk = TrunkSite(server="out.example:5070", registration=registration)
    pjsip = rendered(dataclasses.replace(plan, trunk=trunk), SECRETS)["pjsip.conf"]
    assert "contact = sip:out.example:5070" in section(pjsip, "trunk", "type = aor")
    assert "aors = trunk" in section(pjsip, "trunk", "type = endpoint")
    assert ("outbound_auth = trunk" in section(pjsip, "trunk", "type = endpoint")) == registered


def test_only_a_trunk_that_vouches_for_its_callers_is_believed(plan: AsteriskPlan) -> None:
    believed = rendered(plan, SECRETS)
    doubted = rendered(dataclasses.replace(plan, trunk=TrunkSite(caller_id_from="From")), SECRETS)
    assert "trust_id_inbound = yes" in section(believed["pjsip.conf"], "trunk", "type = endpoint")
    assert "trust_id_inbound = no" in section(doubted["pjsip.conf"], "trunk", "type = endpoint")
    assert "P-Asserted-Identity" in believed["extensions.conf"]
    assert "P-Asserted-Identity" not in doubted["extensions.conf"]


def test_what_finds_a_telephone_that_vanished(plan: AsteriskPlan) -> None:
    rules = PhonesSite(rtp_timeout_s=7, hold_timeout_s=70, session_expires_s=100)
    phone = section(
        rendered(dataclasses.replace(plan, phone_rules=rules), SECRETS)["pjsip.conf"], "phone", "endpoint"
    )
    assert {
        "rtp_timeout = 7",
        "rtp_timeout_hold = 70",
        "timers = always",
        "timers_sess_expires = 100",
    } <= set(phone)


def test_no_call_moves_behind_the_back_of_the_engine(plan: AsteriskPlan) -> None:
    """REFER, INVITE with Replaces, and 302."""
    pjsip = rendered(plan, SECRETS)["pjsip.conf"]
    phone, trunk = section(pjsip, "phone", "type = endpoint"), section(pjsip, "trunk", "type = endpoint")
    assert "set_var = PJSIP_TRANSFER_HANDLING()=ari-only" in phone
    assert "allow_transfer = no" in trunk
    assert all("set_var = FORWARD_CONTEXT=nowhere" in endpoint for endpoint in (phone, trunk))
    assert section(rendered(plan, SECRETS)["extensions.conf"], "nowhere", "") == []


def test_who_dials_is_the_endpoint_and_not_what_it_claims(plan: AsteriskPlan) -> None:
    [dialled] = [
        line
        for line in section(rendered(plan, SECRETS)["extensions.conf"], "phones", "exten")
        if "Stasis(" in line
    ]
    assert "Stasis(denwaban,phone,${FILTER(+0-9*#,${EXTEN})},${CHANNEL(endpoint)})" in dialled
    assert 'callerid = "" <seat01>' in section(rendered(plan, SECRETS)["pjsip.conf"], "seat01", "(phone)\n")


def test_the_rival_of_the_benchmark_is_there_only_when_asked_for(plan: AsteriskPlan) -> None:
    service = rendered(plan, SECRETS)
    queue = BenchQueue("8000", ("seat01",))
    bench = rendered(dataclasses.replace(plan, bench_queue=queue, channel_events=True), SECRETS)
    assert "Queue(bench" not in service["extensions.conf"]
    assert "[bench]" not in service["queues.conf"]
    assert "Queue(bench" in bench["extensions.conf"]
    assert section(bench["queues.conf"], "bench", "strategy")[-1] == "member => PJSIP/seat01"
    assert "enable = yes" in bench["cel.conf"]


def test_a_caller_waits_for_an_engine_that_is_restarted_as_long_as_the_site_says(plan: AsteriskPlan) -> None:
    for wait_s, tries in ((0.0, 0), (3.0, 6), (30.0, 60)):
        rules = dataclasses.replace(plan, degraded_rules=DegradedSite(wait_s=wait_s))
        dialplan = rendered(rules, SECRETS)["extensions.conf"]
        assert dialplan.count(f"Set(DENWABAN_TRIES={tries})") == 2  # callers, and telephones of ours


def test_asterisk_finds_the_script_that_serves_callers_alone(plan: AsteriskPlan) -> None:
    render(plan, SECRETS)
    script = plan.instance / "agi-bin" / "denwaban-degraded"
    assert script.stat().st_mode & 0o777 == 0o700
    assert str(plan.degraded) in script.read_text()
    assert (plan.degraded / "calls").stat().st_mode & 0o777 == 0o700


def test_modules_are_named_one_by_one(plan: AsteriskPlan) -> None:
    loaded = re.findall(r"^load = (\w+)\.so$", rendered(plan, SECRETS)["modules.conf"], re.MULTILINE)
    assert tuple(loaded) == REQUIRED
    assert len(set(REQUIRED)) == len(REQUIRED)


def test_a_path_too_long_for_a_socket_is_told(plan: AsteriskPlan, tmp_path: Path) -> None:
    with pytest.raises(AsteriskError, match="Choose a shorter `var_directory`"):
        render(dataclasses.replace(plan, instance=tmp_path / ("x" * 100)), SECRETS)


def test_rendering_again_overwrites_and_keeps_the_music(plan: AsteriskPlan) -> None:
    render(plan, SECRETS)
    [music] = plan.music.iterdir()
    made = music.stat().st_mtime_ns
    render(plan, dataclasses.replace(SECRETS, ari="another"))
    assert "password = another" in (plan.etc / "ari.conf").read_text()
    assert music.stat().st_mtime_ns == made


def test_secrets_are_made_once_and_shown_to_nobody(tmp_path: Path) -> None:
    first = load_or_make(tmp_path, ["seat01"])
    again = load_or_make(tmp_path, ["seat01", "seat02"])
    assert again.ari == first.ari
    assert again.phones["seat01"] == first.phones["seat01"]
    assert len({again.ari, again.ami, *again.phones.values()}) == 4
    assert all(secret not in repr(again) for secret in (again.ari, again.ami, *again.phones.values()))
    assert (tmp_path / "phones/seat01").stat().st_mode & 0o777 == 0o600


def test_a_password_that_is_missing_or_unusable_is_told(tmp_path: Path) -> None:
    with pytest.raises(AsteriskError, match=r"/ari is missing: put the password into it"):
        load_given(tmp_path)
    (tmp_path / "ari").write_text("two words\n")
    with pytest.raises(AsteriskError, match="holds no usable password"):
        load_given(tmp_path)


@pytest.mark.parametrize(("code", "pattern"), [("81", "_+81Z."), ("1", "_+1Z.")])
def test_number_rules_follow_the_country_code(code: str, pattern: str) -> None:
    [rule] = [rule for rule in number_rules(code) if rule.pattern == pattern]
    assert (rule.prefix, rule.skip) == ("0", len(code) + 1)
