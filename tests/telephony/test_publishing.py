"""Publishing from the config folder to the running service and back, without a telephone and without a voice."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from calls.events import CallArrived, HoursOverridden, LegEnded, PhoneRegistered
from ivr.bundle import project_of
from ivr.loader import load_projects
from ivr.yaml_marks import ConfigurationError
from store.audit import FILE, AuditLog
from store.versions import VersionError
from telephony.control import Control, ControlError, ControlRefusedError, Reply, Request
from telephony.publishing import PublishError
from telephony.stack import load_stack
from telephony.versions import files_of, live_versions, read_published
from tests.telephony.office import Office, Running, loaded, silent, wrapup

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config"


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


@pytest.fixture
async def running(office: Office) -> AsyncIterator[Running]:
    service = Running(office)
    async with service.control:
        yield service
    assert service.replays()


def queues(wrapup_s: int) -> dict[str, dict[str, int]]:
    return {"main": {"wrapup_s": wrapup_s}}


def test_without_a_service_the_version_is_for_the_next_start(office: Office) -> None:
    assert loaded(office) == {}
    put = office.publisher().publish("tax", "the deadline is near")
    assert (put.version.number, put.new, put.live) == (1, True, None)
    office.write("tax", queues=queues(99))
    assert loaded(office) == {"tax": 1}
    assert load_stack(office.config).centre.projects["tax"].queues["main"].wrapup_s == 30
    about = office.store.version("tax", 1).about
    assert about is not None
    assert (about.by, about.note) == ("hana", "the deadline is near")


def test_which_version_it_starts_with_is_told(office: Office) -> None:
    office.publisher().publish("tax")
    load_stack(office.config, office.told.append)
    assert office.told == ["tax: version 1", "water: from its file, never published"]


def test_what_has_not_changed_is_no_new_version(office: Office) -> None:
    for new in (True, False):
        put = office.publisher().publish("tax")
        assert (put.version.number, put.new) == (1, new)
    (office.config / "calendars/jp.yaml").write_text("holidays: JP")
    assert office.publisher().publish("tax").version.number == 2


def test_a_version_needs_nothing_of_the_config_folder(office: Office) -> None:
    office.publisher().publish("tax")
    [calendar] = load_stack(office.config).centre.projects["tax"].hours.days_off
    office.file("tax").unlink()
    (office.config / "calendars/jp.yaml").write_text("holidays: DE")
    project = load_stack(office.config).centre.projects["tax"]
    assert project.hours.days_off == (calendar,)
    assert calendar.holidays == "JP"


@pytest.mark.parametrize("file", sorted((CONFIG / "projects").glob("*.yaml")), ids=lambda file: file.stem)
def test_a_bundle_is_the_project_itself(file: Path) -> None:
    [project] = load_projects([file], CONFIG / "calendars").values()
    bundle = files_of(CONFIG, project)["bundle.json"].decode()
    assert project_of(bundle) == project


def test_a_broken_file_changes_nothing(office: Office) -> None:
    office.publisher().publish("tax")
    office.write("tax", flow={"start": "lin", "nodes": {"line": {"type": "hangup"}}})
    with pytest.raises(ConfigurationError, match="there is no node 'lin'; did you mean 'line'"):
        office.publisher().publish("tax")
    assert loaded(office) == {"tax": 1}


def test_somebody_elses_broken_draft_stops_nobody(office: Office) -> None:
    office.file("water").write_text("project: [")
    assert office.publisher().publish("tax").version.number == 1


def test_a_number_of_another_project_is_refused(office: Office) -> None:
    office.publisher().publish("water")
    office.write("water", numbers=[{"number": "048-000-0009"}])  # not published: 0002 is still water's
    office.write("tax", numbers=[{"number": "048-000-0002"}])
    with pytest.raises(ConfigurationError, match="this number belongs to the project 'water' already"):
        office.publisher().publish("tax")


def test_a_project_without_a_file(office: Office) -> None:
    with pytest.raises(PublishError, match=r"there is no file .*gas\.yaml"):
        office.publisher().publish("gas")


def test_rollback_is_the_old_content_as_a_new_version(office: Office) -> None:
    office.publisher().publish("tax")
    office.write("tax", queues=queues(5))
    office.publisher().publish("tax")
    put = office.publisher("taro").rollback("tax", 1, "too fast")
    assert put.version.about is not None
    assert (put.version.number, put.version.about.by, put.version.about.again) == (3, "taro", 1)
    assert load_stack(office.config).centre.projects["tax"].queues["main"].wrapup_s == 30
    assert office.store.files(put.version) == office.store.files(office.store.version("tax", 1))


def test_rollback_to_a_number_that_belongs_to_somebody_else_by_now(office: Office) -> None:
    office.publisher().publish("tax")
    office.write("tax", numbers=[{"number": "048-000-0003"}])
    office.publisher().publish("tax")
    office.write("water", numbers=[{"number": "048-000-0001"}])
    office.publisher().publish("water")
    with pytest.raises(PublishError, match="0480000001 of tax belongs to the project water already"):
        office.publisher().rollback("tax", 1)


def test_a_gateway_that_the_site_does_not_have(office: Office) -> None:
    sends = {"line": {"type": "notify", "gateway": "mail", "text": "a call", "next": "end"}}
    office.write("tax", flow={"start": "line", "nodes": sends | {"end": {"type": "hangup"}}}, queues={})
    with pytest.raises(ConfigurationError, match="there is no gateway 'mail'"):
        office.publisher().publish("tax")
    assert office.store.versions("tax") == []


def test_a_broken_draft_does_not_stop_the_service_from_starting(office: Office) -> None:
    office.publisher().publish("tax")
    office.publisher().publish("water")
    for broken in ("project: [", json.dumps(silent("tax", flow={"start": "?", "nodes": {}}))):
        office.file("tax").write_text(broken)
        assert loaded(office) == {"tax": 1, "water": 1}


def test_rollback_to_what_was_never_there(office: Office) -> None:
    with pytest.raises(VersionError, match="tax has no version 3"):
        office.publisher().rollback("tax", 3)


def test_the_start_passes_a_damaged_version_over_and_says_so(office: Office) -> None:
    office.publisher().publish("tax")
    office.write("tax", queues=queues(5))
    folder = office.publisher().publish("tax").version.folder
    (folder / "content/bundle.json").write_text("{")
    assert loaded(office) == {"tax": 1}
    live_versions(office.store, office.told.append)
    assert "version 2 of tax is damaged" in office.told[-1]


def test_a_version_that_this_release_does_not_understand(office: Office) -> None:
    files = {"bundle.json": b'{"project": {"project": "tax", "colour": "red"}, "calendars": {}}'}
    put = office.publisher().publish("tax")
    assert put.version.about is not None
    strange = office.store.add("tax", files, "hana", "", dt.datetime.now(dt.UTC))
    with pytest.raises(VersionError, match="cannot be used by this release"):
        read_published(office.store, strange)
    assert loaded(office) == {"tax": 1}


# ---- with a running service


async def test_the_running_service_takes_the_new_version(office: Office, running: Running) -> None:
    office.write("tax", queues=queues(5))
    put = await office.publish("tax")
    assert (put.version.number, put.live, put.seated) == (1, 1, True)
    assert wrapup(running) == 5
    back = await asyncio.to_thread(office.publisher().rollback, "tax", 1)
    assert (back.new, back.live) == (False, 1)


async def test_a_call_in_progress_stays_on_its_version(office: Office, running: Running) -> None:
    running.feed(PhoneRegistered("seat01"))
    running.feed(CallArrived("anna", "0480000001"))
    office.write("tax", queues=queues(5))
    await office.publish("tax")
    running.feed(CallArrived("ben", "0480000001"))
    calls = running.engine.floor.calls.values()
    assert [(call.version, call.settings.wrapup_s) for call in calls] == [(0, 30), (1, 5)]
    for caller in ("anna", "ben"):
        running.feed(LegEnded(caller))


async def test_a_broken_file_does_not_reach_the_service(office: Office, running: Running) -> None:
    await office.publish("tax")
    office.file("tax").write_text("project: tax\n\tflow: {}")
    with pytest.raises(ConfigurationError):
        await office.publish("tax")
    assert running.engine.floor.centre.versions == {"tax": 1}


async def test_a_version_that_the_service_refuses_is_never_in_service(
    office: Office, running: Running
) -> None:
    await office.publish("tax")
    office.write("water", numbers=[{"number": "048-000-0009"}])
    office.write("tax", numbers=[{"number": "048-000-0002"}])
    # To the command line the number is free: the file has given it up. The service still works by the old file.
    with pytest.raises(ControlRefusedError, match="belongs to the project water already"):
        await office.publish("tax")
    assert [version.refused for version in office.store.versions("tax")] == [False, True]
    assert (loaded(office), running.engine.floor.centre.versions) == ({"tax": 1}, {"tax": 1})


async def test_two_who_publish_at_once_and_the_later_version_stays(office: Office, running: Running) -> None:
    await asyncio.gather(*(office.publish("tax", by) for by in ("hana", "taro")))
    newest = office.store.newest("tax")
    assert newest is not None
    assert running.engine.floor.centre.versions == {"tax": newest.number}
    assert (await running.publication.publish("tax", 1))["live"] == newest.number  # an old one comes too late


async def test_a_project_that_no_seat_serves_is_told(office: Office, running: Running) -> None:
    (office.config / "seats.yaml").write_text("seats: [{ids: seat01, projects: [tax, water, gas]}]")
    office.file("gas").write_text(
        office.file("tax").read_text().replace("tax", "gas").replace("0001", "0005")
    )
    put = await office.publish("gas")
    assert (put.live, put.seated) == (1, False)
    running.feed(CallArrived("anna", "0480000005"))
    assert running.engine.floor.calls == {}  # told that there is nobody, and ended


async def test_a_version_without_a_disaster_flow_while_it_is_needed(office: Office, running: Running) -> None:
    nodes = {"line": {"type": "hangup"}, "flood": {"type": "hangup"}}
    office.write("tax", flow={"start": "line", "nodes": nodes}, disaster="flood", queues={})
    await office.publish("tax")
    running.feed(HoursOverridden("tax", "disaster", 2e9, "flood", "hana"))
    office.write("tax")
    with pytest.raises(ControlRefusedError, match="take that back with: denwaban override tax none"):
        await office.publish("tax")
    running.feed(HoursOverridden("tax", "none", 0.0, "", "hana"))
    assert (await office.publish("tax")).live == 3


async def test_who_publishes_stands_in_the_audit_log(office: Office, running: Running) -> None:
    await office.publish("tax")
    [entry] = AuditLog(running.stack.site.var_directory / FILE).entries()
    assert {**entry, "at": ""} == {
        "at": "", "by": "hana", "what": "publish", "why": "", "project": "tax", "version": 1,
    }  # fmt: skip


async def test_nonsense_at_the_socket(office: Office, running: Running) -> None:
    for project, number, told in (("tax", 7, "no version 7"), ("gas", 1, "no version 1")):
        with pytest.raises(ControlError, match=told):
            await running.publication.publish(project, number)
    for request in ({}, {"project": 1, "version": 1}, {"project": "tax", "version": "1"}):
        with pytest.raises(ControlError, match="the name of a project and the number of a version"):
            await running.publication.routes()["publish"](request)


async def test_a_service_that_ends_in_the_middle(office: Office) -> None:
    async def dies(request: Request) -> Reply:
        raise asyncio.CancelledError

    async with Control(office.socket, {"publish": dies}):
        with pytest.raises(ControlError, match="version 1 is kept and will be in service at the next start"):
            await office.publish("tax")
    assert loaded(office) == {"tax": 1}
