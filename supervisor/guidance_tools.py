"""`denwaban guidance`: the texts that callers hear, their sound, who has approved them, and what a call heard."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import getpass
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from calls.record import CallRecord
from ivr.approvals import FILE_NAME, approved, dump_approvals, read_approvals
from ivr.messages import nearest
from ivr.project import Project
from ivr.yaml_marks import ConfigurationError
from store.database import Database, DatabaseUrlError
from store.durable import write_atomically
from store.migrations import upgrade
from store.records import read_record
from supervisor.flow_tools import ToolError, named_project
from supervisor.guidance_rows import as_lines, as_mapping, guidance_rows
from supervisor.heard import HeardText, heard_texts, kept_versions
from telephony.guidance import GuidanceError, GuidanceStore
from telephony.site import load_site
from telephony.sounds import guidance_store
from telephony.versions import version_store


def guidance(given: argparse.Namespace) -> int:
    """`denwaban guidance list|render|play|approve|heard`; the exit code."""
    tools: dict[str, Callable[[argparse.Namespace], None]] = {
        "list": _list,
        "render": _render,
        "play": _play,
        "approve": _approve,
        "heard": _heard,
    }
    try:
        tools[given.what](given)
    except (ConfigurationError, ToolError, GuidanceError, DatabaseUrlError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _folder(given: argparse.Namespace) -> Path:
    folder: Path = given.config / "guidance"
    return folder


def _store(given: argparse.Namespace) -> GuidanceStore:
    return guidance_store(load_site(given.config / "site.yaml"), given.config)


def _known(project: Project, names: list[str]) -> list[str]:
    for name in names:
        if name not in project.guidance:
            raise ToolError(f"there is no guidance text '{name}'{nearest(name, project.guidance)}")
    return names or list(project.guidance)


def _list(given: argparse.Namespace) -> None:
    project = named_project(given.config, given.project)
    approvals = read_approvals(_folder(given)).get(project.project, {})
    rows = guidance_rows(project, approvals, _store(given), _folder(given))
    if given.json:
        print(json.dumps([as_mapping(row) for row in rows], ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_lines(rows)))


def _render(given: argparse.Namespace) -> None:
    """All texts, or some; each that cannot be spoken is told, and the others are rendered all the same."""
    project, store = named_project(given.config, given.project), _store(given)
    wanted = {
        spoken: name for name in _known(project, given.ids) for spoken in project.guidance[name].all_spoken()
    }
    failures = []
    missing = store.missing(wanted)
    for spoken in missing:
        try:
            store.prepare([spoken])
        except GuidanceError as error:
            failures.append(f"{wanted[spoken]}.{spoken.language}: {error}")
    print(f"{len(missing) - len(failures)} rendered, {len(wanted) - len(missing)} were there already")
    for name, language in _not_written(project, set(wanted.values())):
        print(f"{name} has no text in '{language}': callers hear it in '{project.language}'")
    if failures:
        raise ToolError("\n".join(failures))


def _not_written(project: Project, names: set[str]) -> list[tuple[str, str]]:
    """The texts of these that are missing in a language that the project offers."""
    return [
        (name, language)
        for name in project.guidance
        if name in names
        for language in project.languages
        if language not in project.guidance[name].texts
    ]


def _play(given: argparse.Namespace) -> None:
    project, store = named_project(given.config, given.project), _store(given)
    [name] = _known(project, [given.id])
    text = project.guidance[name]
    language = given.language or next(iter(text.texts))
    if language not in text.texts:
        raise ToolError(f"{name} has no text in '{language}' (there are: {', '.join(text.texts)})")
    media = store.prepare([text.spoken(language)])[text.spoken(language)]
    print(text.texts[language], file=sys.stderr)
    _sound(Path(media.removeprefix("sound:") + ".wav"), given.output)


def _sound(wav: Path, output: Path | None) -> None:
    """As a telephone plays it: 8,000 samples per second."""
    if output is not None:
        try:
            output.write_bytes(wav.read_bytes())
        except OSError as error:
            raise ToolError(f"{output} cannot be written: {error.strerror}") from None
        print(f"written: {output}", file=sys.stderr)
        return
    if shutil.which("aplay") is None:
        raise ToolError("there is no program `aplay` here (Debian package alsa-utils): use --output FILE.wav")
    if subprocess.run(["aplay", "-q", str(wav)], check=False).returncode:
        raise ToolError("aplay could not play it: use --output FILE.wav")


def _approve(given: argparse.Namespace) -> None:
    project, folder = named_project(given.config, given.project), _folder(given)
    by = given.by or getpass.getuser()
    now = dt.datetime.now(ZoneInfo(project.timezone)).replace(microsecond=0)
    approvals = read_approvals(folder)
    for name in _known(project, given.ids):
        text = project.guidance[name]
        try:
            approvals = approved(approvals, project.project, name, text, folder, by, now)
        except OSError as error:
            raise ToolError(f"{error.filename} cannot be read: {error.strerror}") from None
        for language, words in text.texts.items():
            print(f"{name} (version {text.version}, {language}): {words}")
    folder.mkdir(parents=True, exist_ok=True)
    write_atomically(folder / FILE_NAME, dump_approvals(approvals).encode())
    print(f"approved by {by}: {folder / FILE_NAME}", file=sys.stderr)


def _heard(given: argparse.Namespace) -> None:
    site = load_site(given.config / "site.yaml")
    record = asyncio.run(_record(site.store_url, given.call))
    if record is None:
        raise ToolError(f"there is no call '{given.call}' in the records")
    projects = list(kept_versions(version_store(site.var_directory), record))
    projects += _configured(given.config, record.project)
    texts = heard_texts(record, projects)
    if given.json:
        print(json.dumps([text.__dict__ for text in texts], ensure_ascii=False, indent=2))
    else:
        print("\n".join(map(_line, texts)) or "this caller heard no text")


def _configured(config: Path, project: str) -> list[Project]:
    try:
        return [named_project(config, project)]
    except (ToolError, ConfigurationError):
        return []  # a draft with mistakes, or a project that is no more: the kept versions have to do


def _line(heard: HeardText) -> str:
    words = "(its words are kept nowhere any more)" if heard.text is None else heard.text
    return f"{heard.guidance} (version {heard.version}, {heard.language}): {words}"


async def _record(url: str, call: str) -> CallRecord | None:
    await upgrade(url)
    async with Database(url) as database:
        return await read_record(database, call)
