"""Every test module says what kind of test it is; one that does not, or says two kinds, is not collected."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from hypothesis import settings

# Machines are slow at times: a test says what is right, not how fast it is.
settings.register_profile("denwaban", deadline=None)
settings.load_profile("denwaban")

CATEGORIES = frozenset({"unit", "replay", "theory", "live", "browser"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    problems = sorted(set(filter(None, map(_problem, _modules(items)))))
    if problems:
        raise pytest.UsageError("\n".join(problems))


def _modules(items: Iterable[pytest.Item]) -> set[pytest.Module]:
    found = (item.getparent(pytest.Module) for item in items)
    return {module for module in found if module is not None}


def _problem(module: pytest.Module) -> str | None:
    declared = sorted(mark.name for mark in module.own_markers if mark.name in CATEGORIES)
    if len(declared) == 1:
        return None
    told = f"declares {' and '.join(declared)}" if declared else "declares no category"
    known = ", ".join(sorted(CATEGORIES))
    return f"{module.nodeid} {told}: write `pytestmark = pytest.mark.X` with exactly one of {known}"
