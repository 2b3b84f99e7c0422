from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ivr.nodes import TYPES
from ivr.schema import project_schema
from ivr.yaml_marks import read
from tests.ivr.every_node import EVERY_NODE

pytestmark = pytest.mark.unit

PROJECTS = sorted((Path(__file__).parents[2] / "config/projects").glob("*.yaml"))
SCHEMA = project_schema()


def mistakes(data: Any) -> list[str]:
    return [error.json_path for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def every_node(folder: Path) -> Any:
    path = folder / "city.yaml"
    path.write_text(EVERY_NODE, encoding="utf-8")
    return read(path).data


def test_it_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("path", PROJECTS, ids=lambda path: path.stem)
def test_the_projects_that_come_along_are_valid(path: Path) -> None:
    assert mistakes(read(path).data) == []


def test_every_node_type_is_valid(tmp_path: Path) -> None:
    assert mistakes(every_node(tmp_path)) == []


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("hours", "weekly", "mon-fri"), ["8.30 to 17.15"]),
        (("hours", "days_off"), []),
        (("flow", "nodes", "bye", "type"), "hangupp"),
        (("flow", "nodes", "bye", "guidance"), 5),
        (("version",), 0),
        (("numbr",), "0466-25-1111"),
    ],
)
def test_a_mistake_is_underlined(tmp_path: Path, place: tuple[str, ...], value: object) -> None:
    data = every_node(tmp_path)
    here = data
    for step in place[:-1]:
        here = here[step]
    here[place[-1]] = value
    assert len(mistakes(data)) == 1


def test_every_node_type_has_a_description_with_an_example() -> None:
    described = {
        definition["properties"]["type"]["const"]: definition["description"]
        for definition in SCHEMA["$defs"].values()
        if "const" in definition.get("properties", {}).get("type", {})
    }
    assert set(described) == set(TYPES)
    assert all(f"type: {kind}" in text for kind, text in described.items())


def test_fields_are_described() -> None:
    menu = SCHEMA["$defs"]["Menu"]["properties"]
    assert menu["attempts"]["description"] == "how often it is said in all"
    assert "title" not in menu["attempts"]
