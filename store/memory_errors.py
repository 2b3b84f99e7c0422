"""What can be wrong with the engine's memory on disk so that nothing of it may be used."""

from __future__ import annotations

from pathlib import Path


class MemorySchemaError(Exception):
    """The memory on disk was written in another form than this version reads. Nothing was changed."""


class NewerMemoryError(MemorySchemaError):
    """By a newer version."""

    def __init__(self, file: Path, schema: int, known: int) -> None:
        super().__init__(
            f"{file} was written by a newer version (schema {schema}; this one knows {known}): start that "
            "version again, or let this one begin afresh beside it (its entries then stay in *.unreadable)"
        )


class OlderMemoryError(MemorySchemaError):
    """By a version that is too old."""

    def __init__(self, file: Path, schema: int, known: int) -> None:
        super().__init__(
            f"{file} was written by an older version (schema {schema}; this one reads {known}): start that "
            "version once more and end it in good order, so that the database has everything"
        )


def check_schema(file: Path, schema: int, known: int) -> None:
    """Raises NewerMemoryError or OlderMemoryError unless the schema is the known one."""
    if schema > known:
        raise NewerMemoryError(file, schema, known)
    if schema < known:
        raise OlderMemoryError(file, schema, known)


def aside(file: Path) -> Path:
    """Rename a file so that nobody reads it and nobody overwrites it; its new name."""
    number, target = 1, file.with_name(f"{file.name}.unreadable")
    while target.exists():
        number += 1
        target = file.with_name(f"{file.name}.{number}.unreadable")
    return file.rename(target)
