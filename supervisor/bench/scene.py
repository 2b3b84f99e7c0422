"""The configuration of the stage: the projects of `config/`, open day and night, on ports of their own."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from telephony.ports import free_ports
from telephony.site import Ports, Site

ROOT = Path(__file__).resolve().parents[2]
TAX, WALKING = "saitama-autotax", "saitama-alkoo"
TAX_NUMBER, WALKING_NUMBER = "0570012229", "0570015566"
SEATS = tuple(f"seat{number:02d}" for number in range(1, 35))
"""The seats at which the callers of the tax project are answered."""
WALKING_SEATS = tuple(f"seat{number}" for number in range(41, 46))
SITTING: Mapping[str, str] = {
    **{seat: f"op{number}" for number, seat in enumerate(SEATS, 101)},
    **{seat: f"op{number}" for number, seat in enumerate(WALKING_SEATS, 141)},
    "leader01": "leader181",
    "supervisor01": "supervisor191",
    "leader41": "leader184",
}
"""Who sits where: seats and the people at them."""
_KEPT = ("calendars", "guidance", "seats.yaml", "extensions.yaml")
NOBODY: Mapping[str, str] = {}
_LIMITS = {"max_waiting": 1000, "max_wait_s": 7200, "last_call_s": 1}


def write_config(folder: Path, names: Mapping[str, str] = NOBODY, root: Path = ROOT) -> Path:
    """A whole `config/` folder below `folder`, and its `var/`; the folder of the configuration.

    `names`: those of some people, by their ids as they stand in `config/people.yaml`.
    """
    config, var = folder / "config", folder / "var"
    (config / "projects").mkdir(parents=True)
    var.mkdir(exist_ok=True)
    for name in _KEPT:
        _copy(root / "config" / name, config / name)
    for file in sorted((root / "config/projects").glob("*.yaml")):
        project = _day_and_night(yaml.safe_load(file.read_text("utf-8")))
        (config / "projects" / file.name).write_text(
            json.dumps(project, ensure_ascii=False, default=str), "utf-8"
        )
    people = yaml.safe_load((root / "config/people.yaml").read_text("utf-8"))
    for person in people["people"]:
        person.update({"name": names[person["id"]]} if person["id"] in names else {})
    (config / "people.yaml").write_text(json.dumps(people, ensure_ascii=False), "utf-8")
    (config / "site.yaml").write_text(_site(var.resolve()).model_dump_json(), "utf-8")  # JSON is YAML
    return config


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    else:
        shutil.copyfile(source, target)


def _day_and_night(project: dict[str, Any]) -> dict[str, Any]:
    """The stage plays at any hour; nobody is turned away at the tax centre, so that its line can be as long as wanted.

    Texts keep their length, which is not what is looked at here.
    """
    project["hours"] = {"weekly": {"mon-sun": ["00:00-24:00"]}}
    if project["project"] == TAX:
        for queue in project["queues"].values():
            queue.update(_LIMITS)
    return project


def _site(var: Path) -> Site:
    named = [name for name in ("http", "ami", "agi", "api", "monitor") if name in Ports.model_fields]
    ports = Ports.model_validate(dict(zip(named, free_ports(len(named)), strict=True)))
    return Site(ports=ports, var_directory=var)
