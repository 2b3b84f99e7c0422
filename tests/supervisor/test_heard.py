import datetime as dt
from pathlib import Path

import pytest

from calls.record import CallRecord
from ivr.bundle import bundle_of
from store.versions import VersionStore
from supervisor.heard import HeardText, heard_texts, kept_versions
from telephony.versions import BUNDLE
from tests.engine.city import TAX, plain

pytestmark = pytest.mark.unit

NOON = dt.datetime(2026, 5, 7, 12, tzinfo=dt.UTC)


def publish(store: VersionStore, at: dt.datetime, words: str, version: int) -> None:
    texts = plain("tax", TAX)["guidance"] | {"notice": {"texts": {"ja": words}, "version": version}}
    bundle = bundle_of(plain("tax", TAX, guidance=texts), {})
    store.add("tax", {BUNDLE: bundle.encode()}, "tanaka", "", at)


def record(at: dt.datetime, *heard: str) -> CallRecord:
    return CallRecord(
        call="c1", leg="leg1", project="tax", number=TAX, caller="", arrived_at=at.timestamp(), heard=heard
    )


def words(store: VersionStore, call: CallRecord) -> list[str | None]:
    return [text.text for text in heard_texts(call, kept_versions(store, call))]


def test_the_words_are_those_of_the_version_that_was_in_service(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    hour = dt.timedelta(hours=1)
    publish(store, NOON, "最初", 1)
    publish(store, NOON + 2 * hour, "訂正", 1)  # other words, and the version was forgotten
    publish(store, NOON + 4 * hour, "二番", 2)
    assert words(store, record(NOON + hour, "notice@1.ja")) == ["最初"]
    assert words(store, record(NOON + 3 * hour, "notice@1.ja", "notice@2.ja")) == ["訂正", "二番"]
    assert words(store, record(NOON + 5 * hour, "notice@2.ja", "notice@3.ja")) == ["二番", None]


def test_a_version_that_is_damaged_is_passed_over(tmp_path: Path) -> None:
    store = VersionStore(tmp_path)
    publish(store, NOON, "最初", 1)
    publish(store, NOON, "二番", 1)
    (store.version("tax", 2).content / BUNDLE).write_text("{}")
    assert words(store, record(NOON, "notice@1.ja")) == ["最初"]


def test_an_entry_of_an_earlier_release_keeps_its_name() -> None:
    assert heard_texts(record(NOON, "notice"), []) == [HeardText("notice", 0, "", None)]
