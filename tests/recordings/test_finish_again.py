"""A recording that cannot be finished now is tried again by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.recordings.test_finish import SECOND, House, full_disk

pytestmark = pytest.mark.unit


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


async def test_what_fails_is_tried_again_by_itself(house: House) -> None:
    raw = house.raw(SECOND * 4)
    finisher = house.new_finisher(again_s=0.001)
    with full_disk(len(SECOND)):
        await finisher.start()
        for _ in range(2):
            assert (await house.failure()).recording_id == "call-1"
    assert (await house.report()).seconds == 4.0
    await finisher.stop()
    assert not raw.exists()
    assert house.reports.empty()


async def test_at_the_end_nothing_is_tried_again(house: House) -> None:
    raw = house.raw(SECOND * 4)
    finisher = house.new_finisher(again_s=3600)
    await finisher.start()
    with full_disk(len(SECOND)):
        await house.failure()
    [again] = finisher._later.values()
    await finisher.stop()
    assert again.cancelled()
    assert raw.exists()  # for the next start
