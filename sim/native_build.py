"""`python -m sim.native_build`: compiles the pure packages with mypyc (see `sim.native`); about a minute and a half.

Needs mypy (of the development packages), a C compiler and the headers of Python.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from sim.native import FOLDER, ROOT, SUFFIX, digest, sources

LEVEL = "2"
"""Of the C compiler's optimisation: 3 takes half as long again and is no faster, measured."""


def build() -> Path:
    """The folder of what was compiled of these sources; made, unless it is there already.

    Raises SystemExit or an exception of the compiler where it cannot be made.
    """
    folder = FOLDER / digest()
    if (folder / "complete").exists():
        return folder
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=FOLDER) as work:
        made = _compile(Path(work))
        for old in FOLDER.iterdir():
            if old != Path(work):
                shutil.rmtree(old)
        made.rename(folder)
    (folder / "complete").touch()
    return folder


def _compile(work: Path) -> Path:
    from mypyc.build import mypycify
    from setuptools import Distribution  # type: ignore[import-untyped]

    os.chdir(ROOT)
    modules = mypycify(
        ["--explicit-package-bases", *sources()],
        opt_level=LEVEL,
        debug_level="0",
        target_dir=str(work / "c"),
        group_name="denwaban",
        multi_file=False,
    )
    distribution = Distribution({"name": "denwaban-compiled", "ext_modules": modules})
    command = distribution.get_command_obj("build_ext")
    command.build_lib, command.build_temp = str(work / "lib"), str(work / "objects")
    distribution.run_command("build_ext")
    return _flat(work / "lib", work / "flat")


def _flat(lib: Path, flat: Path) -> Path:
    flat.mkdir()
    for path in lib.rglob(f"*{SUFFIX}"):
        name = ".".join(path.relative_to(lib).parts).removesuffix(SUFFIX)
        shutil.copy2(path, flat / f"{name}{SUFFIX}")
    return flat


if __name__ == "__main__":
    print(f"compiled into {build().relative_to(ROOT)}", file=sys.stderr)
