"""`docs/operations.md`, the alarms and metrics of the code and the alerts for Prometheus say the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from telephony.alarms import SEVERITY, AlarmName, Alarms
from telephony.loop_watch import LoopWatch
from telephony.metrics import Metrics, Sources
from telephony.sd_notify import Systemd
from tests.supervisor.api_office import Centrale

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
RULES = ROOT / "config/prometheus/denwaban.rules.yml"
ALARM = re.compile(
    r"^### `(\w+)` \((\w+)\)\n\n\*\*Means\.\*\* (.+?)\n\n\*\*Do\.\*\* (.+?)(?=\n<a |\Z)",
    re.MULTILINE | re.DOTALL,
)
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
METRIC = re.compile(r"^\| `(denwaban_\w+)` \| ([\w, ]*)\|", re.MULTILINE)
DURATION = re.compile(r"\d+(ms|s|m|h|d)")
NAME = re.compile(r"[a-zA-Z_:][a-zA-Z0-9_:]*")
WORDS = {"sum", "by", "increase", "up", "and"}
"""What stands in our expressions besides metrics and labels."""


def rules() -> list[dict[str, Any]]:
    """All alerts."""
    read = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return [rule for group in read["groups"] for rule in group["rules"]]


def anchors() -> set[str]:
    """What a link into the page may name."""
    headings = {re.sub(r"[^\w -]", "", name.lower()).replace(" ", "-") for name in HEADING.findall(PAGE)}
    return headings | set(re.findall(r'<a id="(\w+)">', PAGE))


@pytest.fixture
def scrape(tmp_path: Path) -> dict[str, set[str]]:
    """The metrics of a service at work, by their name in the page, with their labels."""
    centre = Centrale(tmp_path)
    loop = LoopWatch(Systemd({}))
    metrics = Metrics(lambda: centre.engine.floor, Alarms(), Sources(), loop, lambda: centre.now)
    centre.waits("A")
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        found[name] = {label for sample in family.samples for label in sample.labels} - {"le"}
    return found


def test_the_page_has_every_alarm_its_severity_meaning_and_what_to_do() -> None:
    told = [(name, severity) for name, severity, means, do in ALARM.findall(PAGE) if means and do]
    assert told == [(name.value, SEVERITY[name].value) for name in AlarmName]


def test_the_page_has_every_metric_with_its_labels(scrape: dict[str, set[str]]) -> None:
    ours = {name: labels for name, labels in scrape.items() if name.startswith("denwaban_")}
    told = {name: set(labels.replace(",", " ").split()) for name, labels in METRIC.findall(PAGE)}
    assert told.keys() == ours.keys()
    for name, labels in ours.items():  # with nothing counted yet a metric has no labels to be seen
        assert not labels or told[name] == labels, name


def test_every_link_within_the_page_leads_somewhere() -> None:
    assert set(re.findall(r"\]\(#([\w-]+)\)", PAGE)) <= anchors()


def test_the_alerts_are_of_the_form_that_prometheus_reads() -> None:
    read = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    assert read.keys() == {"groups"}
    names = [group["name"] for group in read["groups"]]
    assert len(set(names)) == len(names)
    for group in read["groups"]:
        assert group.keys() == {"name", "rules"}
    for rule in rules():
        assert rule.keys() - {"for"} == {"alert", "expr", "labels", "annotations"}, rule
        assert NAME.fullmatch(rule["alert"])
        assert DURATION.fullmatch(rule.get("for", "0s"))
        assert rule["labels"].keys() == {"severity"}
        assert rule["labels"]["severity"] in SEVERITY.values()
        assert rule["annotations"].keys() == {"summary", "runbook"}
    assert len({rule["alert"] for rule in rules()}) == len(rules())


def test_every_alarm_has_its_alert() -> None:
    of = {
        found.group(1): rule
        for rule in rules()
        if (found := re.fullmatch(r'denwaban_alarm\{alarm="(\w+)"\} == 1', rule["expr"]))
    }
    assert list(of) == [name.value for name in AlarmName]
    for name, rule in of.items():
        assert rule["labels"]["severity"] == SEVERITY[AlarmName(name)]
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{name}"
        assert rule["alert"] == f"Denwaban{name.title().replace('_', '')}"


def test_every_alert_asks_for_what_there_is(scrape: dict[str, set[str]]) -> None:
    known = set(scrape) | WORDS
    labels = {label for name in METRIC.findall(PAGE) for label in name[1].replace(",", " ").split()} | {"job"}
    for rule in rules():
        plain = re.sub(r'"[^"]*"', "", rule["expr"])
        assert set(NAME.findall(re.sub(r"\d\w*", "", plain))) <= known | labels, rule["expr"]
        assert rule["annotations"]["runbook"].partition("#")[2] in anchors(), rule["alert"]


def test_the_sample_for_scraping_names_the_rules_the_port_and_the_path() -> None:
    read = yaml.safe_load((RULES.parent / "scrape.yml").read_text(encoding="utf-8"))
    [job] = read["scrape_configs"]
    assert read["rule_files"] == [RULES.name]
    assert (job["job_name"], job["metrics_path"]) == ("denwaban", "/metrics")
    assert job["static_configs"] == [{"targets": ["127.0.0.1:8090"]}]
