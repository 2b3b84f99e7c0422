"""Each type of node, and what stands around the flow, with the mistakes that are made at it: see broken/nodes.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ivr.nodes import TYPES
from tests.ivr.project_file import told

pytestmark = pytest.mark.unit

FOLDER = Path(__file__).parent / "broken"
GOOD = (FOLDER / "tax.yaml").read_text(encoding="utf-8")
CASES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "nodes.yaml").read_text(encoding="utf-8"))


def test_the_good_file_is_good(tmp_path: Path) -> None:
    assert told(tmp_path, GOOD) == []


def test_no_type_of_node_is_left_out() -> None:
    assert {case["name"].partition(":")[0] for case in CASES if ":" in case["name"]} - {"a queue"} == set(
        TYPES
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_mistake_is_told_where_it_stands(tmp_path: Path, case: dict[str, Any]) -> None:
    assert GOOD.count(case["old"]) == 1
    assert told(tmp_path, GOOD.replace(case["old"], case["new"])) == case["told"]
