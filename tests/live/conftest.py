from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest

from telephony.asterisk import EmbeddedAsterisk
from tests.live.instances import make_plan, make_secrets


@pytest.fixture(scope="session")
def asterisk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedAsterisk]:
    """One Asterisk for all tests that only make calls. A test leaves no channel and no bridge in it."""
    plan = make_plan(tmp_path_factory.mktemp("asterisk"))
    # A loop of its own: each test has another one, and this Asterisk outlives them all.
    with asyncio.Runner() as runner:
        running = EmbeddedAsterisk(plan, make_secrets(plan))
        runner.run(running.start())
        try:
            yield running
        finally:
            runner.run(running.stop())
