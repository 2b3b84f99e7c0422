from pathlib import Path

import pytest

from store.durable import write_atomically

pytestmark = pytest.mark.unit


def test_the_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"old and longer")
    write_atomically(tmp_path / "a", b"new")
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("a", b"new")]


def test_a_failure_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    with pytest.raises(OSError, match="a"):
        write_atomically(tmp_path / "a", b"new")
    assert [file.name for file in tmp_path.iterdir()] == ["a"]
