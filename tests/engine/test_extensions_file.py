from __future__ import annotations

from pathlib import Path

import pytest

from engine.extensions_file import Extension, listed_extensions
from engine.ranges import expand_numbers
from ivr.yaml_marks import Document, read

pytestmark = pytest.mark.unit

CONFIG = Path(__file__).parents[2] / "config"


def listed(folder: Path, text: str) -> tuple[list[Extension], list[str]]:
    """The telephones of a file, and what is told of it."""
    path = folder / "extensions.yaml"
    path.write_text(text, encoding="utf-8")
    document: Document = read(path)
    return listed_extensions(document, {"seat01"}), [
        str(problem).removeprefix(f"{path}:") for problem in document.problems
    ]


def test_one_and_a_range(tmp_path: Path) -> None:
    one, line = '{id: ext35, number: "35", name: Tax}', "{id: f098-f100, number: 0998-1000, via: trunk}"
    assert listed(tmp_path, f"extensions: [{one}, {line}]") == (
        [
            Extension("ext35", "35", "Tax", "phone"),
            Extension("f098", "0998", "", "trunk"),
            Extension("f099", "0999", "", "trunk"),
            Extension("f100", "1000", "", "trunk"),
        ],
        [],
    )


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (
            "{id: a1-a3, number: 10-11}",
            "1:14: error: the range of `id` has 3 telephones, that of `number` has 2",
        ),
        ('{id: seat01, number: "10"}', "1:19: error: the telephone 'seat01' is there already"),
        ('{id: a1, number: "10"}, {id: a2, number: "10"}', "1:55: error: the number '10' is given twice"),
        ("{id: a1, number: 35}", "1:31: error: a text is expected here; put it in quotes"),
        (
            '{id: a1, number: "10", via: carrier}',
            "1:42: error: 'carrier' is not known here (known: phone, trunk)",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(tmp_path: Path, entry: str, told: str) -> None:
    assert listed(tmp_path, f"extensions: [{entry}]")[1] == [told]


@pytest.mark.parametrize("numbers", ["", "1a", "9-10", "20-10", "-", "10-", "00000-99999"])
def test_numbers_that_are_none(numbers: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        expand_numbers(numbers)


def test_the_directory_that_comes_along() -> None:
    document = read(CONFIG / "extensions.yaml")
    directory = {one.number: one for one in listed_extensions(document, set())}
    assert document.problems == []
    assert [number for number in directory if len(number) == 4 and number < "7"] == expand_numbers(
        "1000-1899"
    )
    assert {one.via for number, one in directory.items() if len(number) == 4} == {"trunk"}
    assert directory["35"].via == "phone"
