"""A house of its own for a drill: configuration, ports and `var/` in a folder that is thrown away afterwards."""

from __future__ import annotations

import json
import shutil
import tempfile
import wave
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.live.stack import own_ports
from sim.live.tones import SAMPLE_RATE, tone
from telephony.plan import AsteriskPlan
from telephony.secrets import Secrets, load_or_make
from telephony.site import AsteriskSite, PhonesSite, Site, StoreSite
from telephony.stack import load_stack

PROJECT, NUMBER = "drill", "0480000001"
NOTICE_HZ, NOTICE_S = 2200, 0.6
"""The guidance is a tone that no robot speaks: who hears it has been answered by the engine."""
_RTP_PORTS = 800
_GUIDANCE = "guidance"


@dataclass(frozen=True)
class House:
    """`folder` holds everything; `config` is what the engine is started with; `var` may be a file system of its own."""

    root: Path
    folder: Path
    site: Site
    seats: tuple[str, ...]

    @property
    def config(self) -> Path:
        return self.folder / "config"

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def recordings(self) -> Path:
        """Finished recordings: `<project>/<date>/<call>.wav` below it."""
        return self.var / "recordings"

    def plan_and_secrets(self) -> tuple[AsteriskPlan, Secrets]:
        """Of the embedded Asterisk. Passwords are made if they are not there."""
        stack = load_stack(self.config)
        return stack.plan, stack.secrets

    def passwords(self) -> dict[str, str]:
        """Of the seats' telephones; made if they are not there."""
        return load_or_make(self.site.secrets, self.seats).phones

    def furnish(self) -> None:
        """Write the configuration, and have `var/` there."""
        self.var.mkdir(exist_ok=True)
        (self.config / "projects").mkdir(parents=True, exist_ok=True)
        (self.config / "guidance").mkdir(exist_ok=True)
        self._write("projects/drill.yaml", _project())
        self._write("extensions.yaml", {"extensions": []})
        self._write("seats.yaml", {"seats": [{"ids": seat, "projects": [PROJECT]} for seat in self.seats]})
        self.write_site(self.site)
        _write_wav(self.config / "guidance" / "notice.wav")

    def write_site(self, site: Site) -> None:
        """Another site for the engine's next start."""
        (self.config / "site.yaml").write_text(site.model_dump_json(), encoding="utf-8")

    def _write(self, name: str, content: dict[str, Any]) -> None:
        (self.config / name).write_text(json.dumps(content), encoding="utf-8")  # JSON is YAML

    def borrow_guidance(self, cache: Path) -> None:
        """What an earlier drill has had spoken need not be spoken again."""
        if cache.exists():
            shutil.copytree(cache, self.var / _GUIDANCE, dirs_exist_ok=True)

    def lend_guidance(self, cache: Path) -> None:
        """For the next drill."""
        if not cache.exists() and (self.var / _GUIDANCE).exists():
            half = cache.with_name(f"{cache.name}.{self.folder.name}")
            shutil.copytree(self.var / _GUIDANCE, half)
            try:
                half.rename(cache)
            except OSError:  # another drill, at the same time, was first
                shutil.rmtree(half)

    def remove(self) -> None:
        """As if it had never been there."""
        shutil.rmtree(self.folder)


def new_house(root: Path, seats: int, store_url: str | None = None) -> House:
    """In a temporary folder, not furnished yet. `root`: of the project."""
    folder = Path(tempfile.mkdtemp(prefix="denwaban-drill-"))
    site = Site(
        asterisk=AsteriskSite(tree=(root / "var" / "asterisk").absolute()),
        ports=own_ports(_RTP_PORTS),
        phones=PhonesSite(registration_max_s=7200),  # robots register once
        store=StoreSite(url=store_url),
        var_directory=folder / "var",
    )
    return House(root, folder, site, tuple(f"seat{number:02}" for number in range(1, seats + 1)))


def _project() -> dict[str, Any]:
    """Open at all times: a notice, then the line, whose seats need no time for the record."""
    notice = {"texts": {"ja": "お電話ありがとうございます。"}, "wav": {"ja": "notice.wav"}}
    line = {"type": "enqueue", "queue": "main", "full": "busy", "no_seats": "busy", "timeout": "busy"}
    return {
        "project": PROJECT,
        "name": PROJECT,
        "numbers": [{"number": NUMBER}],
        "hours": {"weekly": {"mon-sun": ["00:00-24:00"]}},
        "guidance": {"notice": notice},
        "flow": {
            "start": "notice",
            "nodes": {
                "notice": {"type": "say", "guidance": "notice", "next": "line"},
                "line": line,
                "busy": {"type": "hangup", "guidance": "notice", "outcome": "overflowed"},
            },
        },
        "queues": {
            "main": {"ring_timeout_s": 20, "misses": 9, "wrapup_s": 0, "max_waiting": 500, "max_wait_s": 900}
        },
    }


def _write_wav(path: Path) -> None:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(SAMPLE_RATE)
        file.writeframes(tone(NOTICE_HZ, NOTICE_S).tobytes())
