"""The benchmark of the monitor says what is missing before it measures anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from denwaban import main
from supervisor.bench import monitor
from supervisor.bench.failure import BenchError

pytestmark = pytest.mark.unit


def test_without_a_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "PROGRAM", str(tmp_path / "chromium"))
    with pytest.raises(BenchError, match=r"no .*chromium: run `./setup.sh bench`"):
        monitor.check_ready(tmp_path)


def test_without_the_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(monitor, "PROGRAM", "/bin/sh")
    with pytest.raises(BenchError, match=r"the page is not built: .*`make setup`"):
        monitor.check_ready(tmp_path)
    (tmp_path / "index.html").touch()
    monitor.check_ready(tmp_path)


def test_the_command_says_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(monitor, "PROGRAM", "/nowhere/chromium")
    assert main(["bench", "--only", "monitor"]) == 1
    assert "there is no /nowhere/chromium" in capsys.readouterr().err
