from __future__ import annotations

from pathlib import Path

import pytest

from engine.ranges import expand_ids
from ivr.yaml_marks import ConfigurationError
from telephony.plan import Phone, load_phones, plan_for
from telephony.site import Site, load_site

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config"


def told(path: Path, text: str) -> list[str]:
    """The mistakes of a site.yaml, without its name."""
    path.write_text(text)
    with pytest.raises(ConfigurationError) as refused:
        load_site(path)
    return [line.removeprefix(f"{path}:") for line in str(refused.value).splitlines()]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "site.yaml"


def test_the_site_that_comes_along_says_what_an_empty_one_means(file: Path) -> None:
    file.write_text("{}")
    come_along = load_site(CONFIG / "site.yaml")
    assert [gateway.name for gateway in come_along.gateways] == ["sms"]  # the one that a project names
    assert come_along.model_copy(update={"gateways": ()}) == load_site(file) == Site()


def test_nothing_is_open_to_a_network_unless_somebody_says_so() -> None:
    bind = Site().bind
    assert bind.sip.is_loopback
    assert bind.http.is_loopback
    assert bind.ami.is_loopback
    assert bind.monitor.is_loopback
    assert not Site().allow_test_clock


def test_the_store_and_the_secrets_are_below_var(file: Path) -> None:
    file.write_text("var_directory: /srv/denwaban")
    site = load_site(file)
    assert site.secrets == Path("/srv/denwaban/secrets")
    assert site.store_url == "sqlite+aiosqlite:////srv/denwaban/denwaban.db"


def test_a_trunk_with_registration(file: Path) -> None:
    file.write_text('trunk: {match: [192.0.2.0/24], registration: {user: "048", server: "sip.example:5070"}}')
    trunk = load_site(file).trunk
    assert [str(address) for address in trunk.match] == ["192.0.2.0/24"]
    assert trunk.registration is not None
    assert trunk.registration.server == "sip.example:5070"


@pytest.mark.parametrize(
    ("text", "mistakes"),
    [
        ("prots: {}", ["1:1: error: 'prots' means nothing here; did you mean 'ports'?"]),
        (
            "ports:\n  sip: 5060\n  rpt_first: 1",
            ["3:3: error: 'rpt_first' means nothing here; did you mean 'rtp_first'?"],
        ),
        (
            "trunk:\n  registration:\n    usr: x\n    user: x\n    server: y",
            ["3:5: error: 'usr' means nothing here; did you mean 'user'?"],
        ),
        ("ports: {sip: 99999}", ["1:14: error: this must be less than or equal to 65535"]),
        (
            "asterisk:\n  mode: external\n  host: a b\nvoice: {speed: 9}",
            [
                "3:9: error: String should match pattern '^[A-Za-z0-9.-]+$'",
                "4:16: error: this must be less than or equal to 2",
            ],
        ),
        (
            "asterisk: {host: 192.0.2.1}",
            ["1:1: error: host belongs to `mode: external`; where our own listens is set under `bind`"],
        ),
        ("- 1", ["1:1: error: names with values (name: value) are expected here"]),
    ],
)
def test_a_mistake_is_told_with_its_place(file: Path, text: str, mistakes: list[str]) -> None:
    assert told(file, text) == mistakes


def test_a_missing_file_is_told(file: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"site\.yaml:1:1: error: there is no such file"):
        load_site(file)


def test_the_telephones_that_come_along() -> None:
    phones = load_phones(CONFIG / "seats.yaml", CONFIG / "extensions.yaml")
    numbers = {phone.id: phone.number for phone in phones}
    assert next(iter(numbers)) == "seat01"
    assert {seat: numbers[seat] for seat in expand_ids("seat33-seat34")} == {"seat33": "233", "seat34": "234"}
    assert len(numbers) == len(phones)
    assert phones[-1] == Phone("ext35", "35", "自動車税事務所 (転送先)")


@pytest.mark.parametrize(
    ("ids", "all_of_them"),
    [("seat7", ["seat7"]), ("s9-s9", ["s9"]), ("a098-a101", ["a098", "a099", "a100", "a101"])],
)
def test_a_range_of_ids(ids: str, all_of_them: list[str]) -> None:
    assert expand_ids(ids) == all_of_them


@pytest.mark.parametrize("ids", ["seat01-desk02", "seat02-seat01", "seat1-seat10", "seat-seat2"])
def test_a_range_that_is_none_is_told(tmp_path: Path, ids: str) -> None:
    (tmp_path / "seats.yaml").write_text(f"seats:\n  - {{ids: {ids}}}\n")
    with pytest.raises(ConfigurationError, match="write it like seat01-seat34") as refused:
        load_phones(tmp_path / "seats.yaml", CONFIG / "extensions.yaml")
    assert str(refused.value).startswith(f"{tmp_path}/seats.yaml:2:11: error: ")


def test_a_telephone_that_is_there_twice_is_told(tmp_path: Path) -> None:
    (tmp_path / "seats.yaml").write_text("seats: [{ids: ext35}]")
    with pytest.raises(ConfigurationError, match="'ext35' is there already"):
        load_phones(tmp_path / "seats.yaml", CONFIG / "extensions.yaml")


def test_how_long_a_telephone_may_be_silent(file: Path) -> None:
    assert Site().phones.rtp_timeout_s == 30
    file.write_text("phones: {rtp_timeout_s: 5, hold_timeout_s: 60, session_expires_s: 90}")
    phones = load_site(file).phones
    assert (phones.rtp_timeout_s, phones.hold_timeout_s, phones.session_expires_s) == (5, 60, 90)
    assert told(file, "phones: {session_expires_s: 30}") == [
        "1:29: error: this must be greater than or equal to 90"
    ]


def test_the_plan_of_a_site_is_below_its_var_directory(tmp_path: Path) -> None:
    plan = plan_for(Site(var_directory=tmp_path), [Phone("seat01")])
    assert (plan.tree, plan.instance) == (tmp_path / "asterisk", tmp_path / "run/asterisk")
    assert plan.phones == (Phone("seat01"),)


def test_the_monitor_s_certificate_and_key_belong_together(file: Path) -> None:
    file.write_text("monitor: {certificate: a.pem, key: a.key, names: [monitor.city.example, 192.0.2.7]}")
    monitor = load_site(file).monitor
    assert (monitor.certificate, monitor.key) == (Path("a.pem"), Path("a.key"))
    together = "1:1: error: certificate and key belong together: give both, or neither for one of our own"
    assert told(file, "monitor: {certificate: a.pem}") == [together]
    assert told(file, "monitor: {key: a.key}") == [together]


@pytest.mark.parametrize(
    "mistake",
    [
        "names: [https://x]",
        "names: ['*.city.example']",
        "names: ['']",
        "session_hours: 25",
        "idle_minutes: 4",
    ],
)
def test_what_the_monitor_cannot_be_told(file: Path, mistake: str) -> None:
    assert len(told(file, f"monitor: {{{mistake}}}")) == 1
