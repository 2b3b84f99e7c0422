"""`docs/simulator.md` is true: what of it needs real telephones is run, and prints what the page says."""

from __future__ import annotations

import pytest

from tests.simulator_page import ROOT, commands, missing, run

pytestmark = pytest.mark.live


@pytest.mark.parametrize(("command", "lines"), list(commands("live")))
def test_what_needs_telephones_does_what_the_page_says(command: str, lines: list[str]) -> None:
    code, printed = run(command, ROOT)
    assert missing(lines, printed) == [], printed
    assert code == 0, printed
