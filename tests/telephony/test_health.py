from __future__ import annotations

from pathlib import Path

import pytest

from telephony.alarms import NO_CALLS, SEVERITY, AlarmName, Alarms, Severity
from telephony.health import Alive, Health, count_start

pytestmark = pytest.mark.unit


def test_it_takes_calls_only_between_start_and_end() -> None:
    health = Health(Alarms())
    assert health.ready().reasons == ["service: it is starting"]
    health.phase = "running"
    assert health.ready().ready
    health.phase = "ending"
    assert health.ready().reasons == ["service: it is ending"]


def test_what_it_needs() -> None:
    lacking = ""
    health = Health(Alarms())
    health.phase = "running"
    health.need("ari", lambda: lacking)
    assert health.ready().ready
    lacking = "there is no connection to Asterisk"
    assert health.ready().reasons == ["ari: there is no connection to Asterisk"]


@pytest.mark.parametrize("name", list(AlarmName))
def test_alarms_that_stand_against_it(name: AlarmName) -> None:
    alarms = Alarms()
    health = Health(alarms)
    health.phase = "running"
    alarms.sound(name, "so it is")
    assert health.ready().reasons == ([f"{name.value}: so it is"] if name in NO_CALLS else [])
    alarms.clear(name)
    assert health.ready().ready


def test_every_alarm_has_its_severity() -> None:
    assert SEVERITY.keys() == set(AlarmName)
    assert {SEVERITY[name] for name in NO_CALLS} == {Severity.CRITICAL}


def test_it_lives() -> None:
    times = iter([100.0, 160.5])
    health = Health(Alarms(), "r1", lambda: 0.01234567, lambda: next(times))
    assert health.alive() == Alive("r1", "starting", 60.5, 0.0123)


def test_starts_are_counted_over_all_lives(tmp_path: Path) -> None:
    assert [count_start(tmp_path) for _ in range(3)] == [1, 2, 3]
    (tmp_path / "starts").write_text("torn")
    assert count_start(tmp_path) == 1


def test_a_disk_that_takes_nothing_does_not_stop_the_start(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    count_start(tmp_path)
    (tmp_path / "starts.new").mkdir()
    assert count_start(tmp_path) == 1
    assert "is not counted" in caplog.text
