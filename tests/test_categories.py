from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

ROOT = Path(__file__).parents[1]


def collect(tmp_path: Path, marks: str) -> subprocess.CompletedProcess[str]:
    """pytest on one module with those marks, under the hook and the settings of this project."""
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_one.py").write_text(f"import pytest\n{marks}\ndef test_it():\n    pass\n")
    settings = ["-c", str(ROOT / "pyproject.toml"), "--rootdir", str(tmp_path), "-p", "no:cacheprovider"]
    command = [sys.executable, "-m", "pytest", "-q", *settings, str(tmp_path)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)


def test_a_module_with_one_category_runs(tmp_path: Path) -> None:
    done = collect(tmp_path, "pytestmark = pytest.mark.unit")
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("marks", "told"),
    [
        ("", "test_one.py declares no category"),
        ("pytestmark = [pytest.mark.unit, pytest.mark.live]", "test_one.py declares live and unit"),
    ],
)
def test_a_module_without_exactly_one_category_is_refused(tmp_path: Path, marks: str, told: str) -> None:
    done = collect(tmp_path, marks)
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert told in done.stdout + done.stderr


def test_an_unknown_mark_is_refused(tmp_path: Path) -> None:
    done = collect(tmp_path, "pytestmark = pytest.mark.untit")
    assert done.returncode != 0
    assert "untit" in done.stdout + done.stderr
