"""Gets Asterisk 22 into `var/asterisk/`: `python -m telephony.provision [TARGET]`.

Debian 12 has no Asterisk; Debian testing has 22 LTS. Its packages are unpacked, not installed: the host's
own packages stay as they are, and nothing but our child processes ever sees that tree.
Standard library only.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from telephony.tree import MINIMUM_VERSION, AsteriskError, AsteriskTree, version_text

SUITE = "forky"
PACKAGES = "asterisk,asterisk-core-sounds-en-wav"
DEFAULT_TARGET = Path("var/asterisk")

_EXPIRED = re.compile(r"Release file .*(is expired|not valid yet)|Release file for .* is expired", re.DOTALL)
_IGNORE_EXPIRY = ('--aptopt=Acquire::Check-Valid-Until "false"',)


def provision(target: Path) -> AsteriskTree:
    """Makes sure that `target` holds an Asterisk that is recent enough; quick when it does already.

    Raises AsteriskError where the packages cannot be fetched or what came does not run.
    """
    tree = AsteriskTree(target)
    found = tree.version()
    if found is not None and found >= MINIMUM_VERSION:
        _say(f"Asterisk {version_text(found)} is in {target}")
        return tree
    _replace(target)
    return tree


def _replace(target: Path) -> None:
    """Builds beside `target` and renames: a broken download never takes the place of what was there."""
    target.parent.mkdir(parents=True, exist_ok=True)
    building = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        _fetch(building)
        _verify(building)
        _swap(building, target)
    finally:
        _remove(building)


def _fetch(building: Path) -> None:
    started = time.monotonic()
    _say(f"fetching Asterisk from Debian {SUITE} (about 290 MB unpacked, half a minute)")
    output = _bootstrap(building)
    if output is not None and _EXPIRED.search(output):
        _say("the package list of that suite is past its date: its signature is checked, its date is not")
        _remove(building)
        output = _bootstrap(building, _IGNORE_EXPIRY)
    if output is not None:
        raise AsteriskError(_fetch_failed(output))
    _own(building)
    _say(f"fetched and unpacked in {time.monotonic() - started:.0f} s")


def _bootstrap(building: Path, options: Sequence[str] = ()) -> str | None:
    """Unpacks the packages; None on success, else what the program said."""
    if shutil.which("mmdebstrap") is None:
        raise AsteriskError("mmdebstrap is missing: run ./setup.sh, or install it with apt-get")
    command = ["mmdebstrap", "--variant=extract", f"--include={PACKAGES}", *options, SUITE, str(building)]
    done = subprocess.run(
        [*_as_root(), *command],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return None if done.returncode == 0 else done.stdout


def _as_root() -> list[str]:
    return [] if os.geteuid() == 0 else ["sudo"]


def _own(building: Path) -> None:
    if os.geteuid() != 0:
        owner = f"{os.geteuid()}:{os.getegid()}"
        subprocess.run([*_as_root(), "chown", "-R", owner, str(building)], check=True)


def _verify(building: Path) -> None:
    found = AsteriskTree(building).version()
    if found is None:
        raise AsteriskError(
            "the Asterisk that was fetched does not run on this machine: it needs Linux on x86-64. "
            "Elsewhere, name an Asterisk that runs already: `asterisk: {mode: external}` in site.yaml"
        )
    if found < MINIMUM_VERSION:
        raise AsteriskError(
            f"Debian {SUITE} gave Asterisk {version_text(found)}; "
            f"{version_text(MINIMUM_VERSION)} or later is needed"
        )


def _swap(building: Path, target: Path) -> None:
    outdated = target.with_name(f".{target.name}.old.{os.getpid()}")
    if target.exists():
        target.rename(outdated)
    building.rename(target)
    _remove(outdated)
    found = AsteriskTree(target).version()
    _say(f"Asterisk {version_text(found) if found else '?'} is in {target}")


def _remove(path: Path) -> None:
    """Removes a tree of ours; one that was left half built by root goes the same way it came."""
    try:
        if path.exists():
            shutil.rmtree(path)
    except PermissionError:
        subprocess.run([*_as_root(), "rm", "-rf", "--one-file-system", str(path)], check=True)


def _fetch_failed(output: str) -> str:
    tail = "\n".join(f"    {line}" for line in output.strip().splitlines()[-12:])
    return (
        f"Asterisk could not be fetched from Debian {SUITE}:\n{tail}\n"
        "Check the network and the name resolution of this machine (it asks the servers of Debian by HTTP) "
        "and run this again, or name an Asterisk that runs already: `asterisk: {mode: external}` in site.yaml"
    )


def _say(text: str) -> None:
    print(f"asterisk: {text}", file=sys.stderr, flush=True)


def main() -> int:
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else DEFAULT_TARGET
    try:
        provision(target)
    except AsteriskError as problem:
        _say(f"error: {problem}")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
