"""What is compiled does what the sources do, to the last entry of the journal."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import Any

import msgspec
import pytest
from pydantic import BaseModel

from sim import native

pytestmark = pytest.mark.replay

SCENARIOS = ["bare-queue", "fujisawa-contact-month", "hatsukaichi-mynumber-peak", "saitama-autotax-may"]
"""Of config/scenarios: every kind of node and of waiting notice that the four projects have."""


def digests(*scenarios: str, sources: bool) -> dict[str, Any]:
    """What `tests.sim.journal_digest` tells, run by the sources or by what was compiled of them."""
    environment = {name: value for name, value in os.environ.items() if name != native.OFF}
    done = subprocess.run(
        [sys.executable, "-m", "tests.sim.journal_digest", *scenarios],
        cwd=native.ROOT,
        env=environment | ({native.OFF: "1"} if sources else {}),
        capture_output=True,
        text=True,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_journals_are_the_same() -> None:
    files = [f"config/scenarios/{name}.yaml" for name in SCENARIOS]
    compiled, sources = digests(*files, sources=False), digests(*files, sources=True)
    assert compiled.pop("compiled"), "nothing is compiled of these sources: run `make compiled`"
    assert not sources.pop("compiled")
    assert compiled == sources


def test_no_structure_and_no_model_is_compiled() -> None:
    """The compiler drops what stands in the head of their classes, and the types of their fields."""
    for source in native.sources():
        module = importlib.import_module(source.removesuffix(".py").replace("/", "."))
        own = [kind for kind in vars(module).values() if getattr(kind, "__module__", "") == module.__name__]
        told = [
            kind for kind in own if isinstance(kind, type) and issubclass(kind, msgspec.Struct | BaseModel)
        ]
        assert told == [], f"{source} must not be compiled: name it in NOT_COMPILED"


def test_other_sources_have_another_digest(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    for name in native.sources():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((native.ROOT / name).read_bytes())
    (tmp_path / "requirements.lock").write_bytes((native.ROOT / "requirements.lock").read_bytes())
    here = native.digest()
    monkeypatch.setattr(native, "ROOT", tmp_path)
    assert native.digest() == here
    with (tmp_path / "acd" / "router.py").open("a") as file:
        file.write("# changed\n")
    assert native.digest() != here


def test_what_is_imported_already_stays() -> None:
    import engine.engine  # noqa: F401

    assert not native.use()
    assert not native.in_use()
