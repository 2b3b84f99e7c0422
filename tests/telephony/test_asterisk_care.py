"""Which Asterisk it is, one of ours or one elsewhere, and when its calls are gone."""

from __future__ import annotations

import logging
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from telephony import asterisk_care
from telephony.alarms import AlarmName, Alarms
from telephony.asterisk import EmbeddedAsterisk
from telephony.asterisk_care import CRASHED, RESTARTED, AsteriskCare
from telephony.asterisk_check import AsteriskAddress
from telephony.plan import plan_for
from telephony.secrets import Secrets
from telephony.site import Site
from telephony.stack import Stack
from telephony.tree import AsteriskError
from telephony.vitals import Verdict
from tests.live.centre import small_centre

pytestmark = pytest.mark.unit

SECRETS = Secrets("ari", "ami", {}, None)


class Elsewhere:
    """An Asterisk of somebody else: since when it runs, None where it does not answer."""

    def __init__(self) -> None:
        self.born: str | None = "2026-05-07T08:00:00.000+0900"
        self.checked = 0

    async def info(self, address: AsteriskAddress, secrets: Secrets) -> dict[str, Any]:
        """As ARI tells it."""
        if self.born is None:
            raise AsteriskError("ARI does not answer")
        return {"status": {"startup_time": self.born}}

    async def check(self, address: AsteriskAddress, secrets: Secrets) -> None:
        """It has all that is needed."""
        self.checked += 1


class Ward:
    """One engine after the other on one site; `told` is what was said of calls that are gone."""

    def __init__(self, var: Path, mode: str) -> None:
        site = Site.model_validate({"asterisk": {"mode": mode}, "var_directory": str(var)})
        self._stack = Stack(site, small_centre(), plan_for(site, ()), SECRETS, var)
        self.told: list[str] = []
        self.alarms = Alarms()

    def care(self) -> AsteriskCare:
        """The next engine's."""
        return AsteriskCare(self._stack, self.alarms, self.told.append, lambda text: None)

    async def met(self) -> AsteriskCare:
        """The same, once Asterisk is up."""
        care = self.care()
        async with AsyncExitStack() as undo:
            await care.up(undo)
        return care

    def standing(self) -> dict[AlarmName, str]:
        """The alarms and what they say."""
        return {alarm.name: alarm.text for alarm in self.alarms.standing()}


@pytest.fixture
def elsewhere(monkeypatch: pytest.MonkeyPatch) -> Elsewhere:
    there = Elsewhere()
    monkeypatch.setattr(asterisk_care, "ari_info", there.info)
    monkeypatch.setattr(asterisk_care, "check_asterisk", there.check)
    return there


@pytest.fixture
def ward(tmp_path: Path) -> Ward:
    return Ward(tmp_path, "external")


async def test_one_that_was_never_met_is_not_the_same(ward: Ward, elsewhere: Elsewhere) -> None:
    care = await ward.met()
    assert (care.embedded, care.same, elsewhere.checked) == (None, False, 1)
    assert ward.told == []


async def test_the_next_engine_knows_it_by_its_start(ward: Ward, elsewhere: Elsewhere) -> None:
    await ward.met()
    assert (await ward.met()).same
    elsewhere.born = "2026-05-07T09:00:00.000+0900"
    assert not (await ward.met()).same
    assert (await ward.met()).same


async def test_one_that_was_started_anew_has_lost_its_calls(ward: Ward, elsewhere: Elsewhere) -> None:
    care = await ward.met()
    await care.connected_again()
    assert ward.told == []  # only the connection was gone
    elsewhere.born = "2026-05-07T09:00:00.000+0900"
    for _ in range(2):
        await care.connected_again()
    assert ward.told == [RESTARTED]


async def test_one_that_is_away_again_is_asked_later(
    ward: Ward, elsewhere: Elsewhere, caplog: pytest.LogCaptureFixture
) -> None:
    care = await ward.met()
    elsewhere.born = None
    with caplog.at_level(logging.WARNING):
        await care.connected_again()
    assert ward.told == []
    assert "ARI does not answer" in caplog.text
    elsewhere.born = "2026-05-07T09:00:00.000+0900"
    await care.connected_again()
    assert ward.told == [RESTARTED]


async def test_one_that_does_not_answer_at_the_start_is_an_error(ward: Ward, elsewhere: Elsewhere) -> None:
    elsewhere.born = None
    with pytest.raises(AsteriskError):
        await ward.met()


def test_only_one_that_is_dead_has_lost_its_calls(ward: Ward) -> None:
    care = ward.care()
    for verdict in Verdict:
        care._verdict(verdict, "no answer")
    assert ward.told == [CRASHED]


def test_one_elsewhere_runs_on_anyway(ward: Ward) -> None:
    care = ward.care()
    care.leave_running()
    care.give_back()


# ---- ours


class Ours(EmbeddedAsterisk):
    """One that was taken over; `left` is what cannot be brought up to date."""

    left: tuple[str, ...] = ()
    fault = ""

    async def refresh(self) -> tuple[str, ...]:
        """As far as it goes."""
        if self.fault:
            raise AsteriskError(self.fault)
        return self.left


@pytest.fixture
def home(tmp_path: Path) -> Ward:
    return Ward(tmp_path, "embedded")


def ours(ward: Ward) -> Ours:
    return Ours(ward._stack.plan, SECRETS)


async def test_a_connection_to_ours_says_nothing_of_its_calls(home: Ward) -> None:
    care = home.care()
    assert care.embedded is not None
    await care.connected_again()
    assert home.told == []


def test_at_the_end_it_is_left_to_the_next_engine(home: Ward) -> None:
    care = home.care()
    assert care.embedded is not None
    assert not care.embedded.left_running
    care.leave_running()
    assert care.embedded.left_running


def test_a_start_that_fails_gives_back_only_what_was_taken_over(home: Ward) -> None:
    for adopted in (False, True):
        care = home.care()
        assert care.embedded is not None
        care.embedded.adopted = adopted
        care.give_back()
        assert care.embedded.left_running is adopted


async def test_an_older_configuration_is_an_alarm_until_it_is_started_anew(home: Ward) -> None:
    care, asterisk = home.care(), ours(home)
    await care._renew_configuration(asterisk)
    assert home.standing() == {}
    asterisk.left = ("http.conf", "logger.conf")
    await care._renew_configuration(asterisk)
    assert "older http.conf, logger.conf" in home.standing()[AlarmName.ASTERISK_OUTDATED]
    care._back()
    assert (home.standing(), care.restarts) == ({}, 1)


async def test_files_that_it_does_not_take_are_an_alarm_too(
    home: Ward, caplog: pytest.LogCaptureFixture
) -> None:
    care, asterisk = home.care(), ours(home)
    asterisk.fault, asterisk.outdated = "it refuses pjsip.conf", ("pjsip.conf",)
    await care._renew_configuration(asterisk)
    assert "older pjsip.conf" in home.standing()[AlarmName.ASTERISK_OUTDATED]
    assert "it refuses pjsip.conf" in caplog.text
