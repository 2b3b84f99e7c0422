from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.engine.city import OPEN, City, centre

MakeCity = Callable[..., City]


@pytest.fixture
def city() -> Iterator[MakeCity]:
    """Makes cities (see `centre` for what may be given); at the end each one is checked and replayed."""
    made: list[City] = []

    def make(start: float = OPEN, **fields: Any) -> City:
        made.append(City(centre(**fields), start))
        return made[-1]

    yield make
    for each in made:
        each.check()
