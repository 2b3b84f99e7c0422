"""A fitted scenario as the YAML that `denwaban sim` reads, with what each part rests on as comments."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from sim.learn.fitted import Fitted, Part

_WIDTH = 110


def as_data(fitted: Fitted, project: Path, output: Path | None) -> dict[str, Any]:
    """The scenario as plain data; with `output`, empirical files are named as they will be written beside it."""
    data: dict[str, Any] = {"project": _named(project, output), "seed": 1}
    data |= {"from": fitted.first.isoformat(), "to": fitted.last.isoformat()}
    for key, part in fitted.parts.items():
        if part.value is not None:
            data[key] = part.value
            for path in part.files:
                _place(data, path)["file"] = quantile_file(output, path).name
    return data


def as_text(fitted: Fitted, project: Path, output: Path | None) -> str:
    """The scenario file."""
    data = as_data(fitted, project, output)
    lines = [
        f"# Learned by `denwaban fit` from {fitted.calls} calls of {fitted.project} on {fitted.days} open days."
    ]
    lines += [f"# {note}" for note in fitted.notes]
    lines += [f"{key}: {data[key]}" for key in ("project", "seed", "from", "to")]
    for key, part in fitted.parts.items():
        lines.append("")
        lines += [f"# {line}" for line in _told(key, part)]
        if key in data:
            lines.append(_dumped(key, data[key]))
    return "\n".join(lines) + "\n"


def write(fitted: Fitted, project: Path, output: Path) -> list[Path]:
    """Write the scenario and the files that it names; raises OSError. Answers with all that was written."""
    output.parent.mkdir(parents=True, exist_ok=True)
    written = [output]
    for part in fitted.parts.values():
        for path, quantiles in part.files.items() if part.value is not None else ():
            file = quantile_file(output, path)
            file.write_text("\n".join(f"{seconds:.3f}" for seconds in quantiles) + "\n", "utf-8")
            written.append(file)
    output.write_text(as_text(fitted, project, output), "utf-8")
    return written


def quantile_file(output: Path | None, path: tuple[str, ...]) -> Path:
    """Where the quantiles of an empirical part stand."""
    base = output or Path("scenario.yaml")
    return base.with_name("-".join((base.stem, *(name for name in path if name != "classes"))) + ".csv")


def _place(data: dict[str, Any], path: tuple[str, ...]) -> dict[str, Any]:
    for name in path:
        data = data[name]
    return data


def _named(project: Path, output: Path | None) -> str:
    """As it is found from beside the scenario, where there is one."""
    return os.path.relpath(project, output.parent if output is not None else Path())


def _told(key: str, part: Part) -> Iterator[str]:
    told = [f"THIN - {remark}" for remark in part.thin] + part.told
    yield from told or [f"{key}: {part.observations} observations"]


def _dumped(key: str, value: Any) -> str:
    if not isinstance(value, dict):
        return f"{key}: {value}"
    text: str = yaml.safe_dump(
        {key: value}, allow_unicode=True, sort_keys=False, width=_WIDTH, default_flow_style=None
    )
    return text.rstrip()
