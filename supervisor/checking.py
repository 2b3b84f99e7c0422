"""`denwaban check`: every mistake of every configuration file, without anything that a check has no use for."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path

from engine.build import load_centre
from engine.centre import Centre
from engine.extensions_file import listed_extensions
from engine.number_plan import NumberPlan
from engine.people_file import listed_people
from engine.seats_file import listed_seats
from engine.shifts_file import load_shifts
from ivr.hours_model import Calendar
from ivr.loader import load, load_projects
from ivr.yaml_marks import ConfigurationError, Document, Problem, read
from supervisor.guidance_checking import check_folder, check_wavs

Loading = Callable[[], object]


def check(config: Path, paths: Sequence[Path] = ()) -> int:
    """Tell the mistakes of some files and folders (none: of the whole configuration) on standard error.

    The exit code: 1 if there is any.
    """
    loads = [load for path in paths for load in _below(path, config)] if paths else list(_everything(config))
    problems = sorted(set(_problems(loads)))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


def _problems(loads: Iterable[Loading]) -> Iterator[Problem]:
    for load_it in loads:
        try:
            load_it()
        except ConfigurationError as error:
            yield from error.problems


def _everything(config: Path) -> Iterator[Loading]:
    yield lambda: _check_centre(config)
    yield lambda: _check_site(config / "site.yaml")
    yield lambda: load_shifts(config / "shifts.yaml", None)
    yield lambda: check_folder(config / "guidance")
    yield lambda: check_wavs(sorted((config / "projects").glob("*.yaml")), config / "guidance")
    for path in sorted((config / "calendars").glob("*.yaml")):
        yield partial(load, path, Calendar)


def _below(path: Path, config: Path) -> Iterator[Loading]:
    """What there is to load at a path that somebody has named."""
    if (path / "projects").is_dir():
        yield from _everything(path)
    elif path.is_dir():
        yield from _folder(path, config)
    else:
        yield _file(path, config)


def _folder(path: Path, config: Path) -> Iterator[Loading]:
    files = sorted(path.glob("*.yaml"))
    if not files:
        yield lambda: _complain(path, "there is no .yaml file in this folder")
    elif path.name in ("calendars", "guidance"):
        yield from (_file(file, config) for file in files)
    else:
        yield lambda: _check_projects(files, calendars_for(path, config))


def _file(path: Path, config: Path) -> Loading:
    """A file is what its name or its folder says; anything else is a project."""
    if path.parent.name == "calendars":
        return partial(load, path, Calendar)
    if path.parent.name == "guidance":
        return partial(check_folder, path.parent)
    by_name: dict[str, Loading] = {
        "site.yaml": lambda: _check_site(path),
        "seats.yaml": lambda: _check_numbers(path),
        "people.yaml": lambda: _check_numbers(path),
        "extensions.yaml": lambda: _check_numbers(path),
        "shifts.yaml": lambda: load_shifts(path, None),
    }
    return by_name.get(path.name, lambda: _check_projects([path], calendars_for(path.parent, config)))


def calendars_for(folder: Path, config: Path) -> Path:
    """The calendars that project files of a folder mean: those beside the folder, else the configuration's."""
    beside = folder.absolute().parent / "calendars"
    return beside if beside.is_dir() else config / "calendars"


def _check_projects(files: Sequence[Path], calendars: Path) -> None:
    load_projects(files, calendars)
    check_wavs(files, calendars.parent / "guidance")


def _check_centre(config: Path) -> None:
    centre = load_centre(config)
    loads: list[Loading] = [
        lambda: load_shifts(config / "shifts.yaml", centre),
        lambda: _check_gateways(config, centre),
    ]
    if problems := list(_problems(loads)):
        raise ConfigurationError(problems)


def _check_gateways(config: Path, centre: Centre) -> None:
    from telephony.gateway_checks import check_gateways
    from telephony.site import load_site

    try:
        site = load_site(config / "site.yaml")
    except ConfigurationError:
        return  # its mistakes are told for themselves
    check_gateways(config, centre, site)


def _check_site(path: Path) -> None:
    from telephony.site import load_site

    load_site(path)


def _check_numbers(path: Path) -> None:
    """A file of telephones or people, with those beside it, since they share one space of numbers and ids."""
    seats, people, extensions = (
        read(path.with_name(f"{name}.yaml")) for name in ("seats", "people", "extensions")
    )
    numbers = NumberPlan()
    ids = set(listed_seats(seats, None, numbers))
    listed_people(people, None, ids, numbers)
    listed_extensions(extensions, ids, numbers)
    problems = [problem for document in (seats, people, extensions) for problem in document.problems]
    if told := [problem for problem in problems if problem.file == str(path)]:
        raise ConfigurationError(told)


def _complain(path: Path, message: str) -> None:
    document = Document(str(path))
    document.complain((), message)
    raise ConfigurationError(document.problems)
