"""Another program has another digest."""

from __future__ import annotations

from pathlib import Path

import pytest

from telephony.program import digest

pytestmark = pytest.mark.unit


def test_every_source_file_counts(tmp_path: Path) -> None:
    assert digest() == digest()
    empty = digest(tmp_path)
    source = tmp_path / "store" / "deeper" / "rows.py"
    source.parent.mkdir(parents=True)
    source.write_text("ONE = 1\n")
    one = digest(tmp_path)
    source.write_text("ONE = 2\n")
    assert len({empty, one, digest(tmp_path)}) == 3
    source.rename(source.with_name("columns.py"))
    assert len({empty, one, digest(tmp_path)}) == 3
