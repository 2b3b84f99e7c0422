"""The engine as bytes, and back: what it knows survives the process that it lives in.

A thawed engine goes on exactly as the frozen one would have: the same events lead to the same commands. The bytes mean
nothing to another version of this code: whoever keeps them keeps a digest of the code beside them, and compares.

An engine is made of parts that are always the same, and of what they know. Only the latter is frozen: each part names
it in its `remembers`. Where something that is known points at a part, the part's name is frozen instead.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable, Mapping
from typing import Any, cast

import msgspec

from engine.call import Call, Callback, Message, Party
from engine.engine import Engine

_PROTOCOL = 5
DATA = (Call, Callback, Message, Party)
"""What parts work on, and are not made of."""


def freeze(engine: Engine) -> bytes:
    """Everything that an engine knows, between two steps."""
    parts = parts_of(engine)
    known = {
        name: {field: getattr(part, field) for field in remembered(part)} for name, part in parts.items()
    }
    target = io.BytesIO()
    freezer = _Freezer(target, parts)
    freezer.dump(engine.floor.centre)  # first: an engine is made of it
    freezer.dump(known)
    return target.getvalue()


def thaw(frozen: bytes) -> Engine:
    """The engine that `freeze` was given.

    The bytes must be our own and of the same code (see `telephony.program`): those of somebody else may do anything.
    """
    thawer = _Thawer(io.BytesIO(frozen))
    engine = Engine(thawer.load())
    thawer.parts = parts = parts_of(engine)
    for name, known in thawer.load().items():
        for field, value in known.items():
            setattr(parts[name], field, value)
    return engine


def remembered(part: object) -> tuple[str, ...]:
    """The attributes in which a part keeps what it knows."""
    return getattr(type(part), "remembers", ())


def parts_of(engine: Engine) -> dict[str, Any]:
    """The parts that an engine is made of, by the way to them from the engine."""
    found: dict[str, Any] = {}
    _find("", engine, found, set())
    return found


def _find(name: str, part: object, found: dict[str, Any], seen: set[int]) -> None:
    seen.add(id(part))
    found[name] = part
    for field, value in vars(part).items():
        if field not in remembered(part) and _is_part(value) and id(value) not in seen:
            _find(f"{name}.{field}", value, found, seen)


def _is_part(value: object) -> bool:
    if isinstance(value, DATA):
        return False
    return type(value).__module__.partition(".")[0] == "engine" and hasattr(value, "__dict__")


class _Freezer(pickle.Pickler):
    def __init__(self, target: io.BytesIO, parts: Mapping[str, object]) -> None:
        super().__init__(target, _PROTOCOL)
        self._names = {id(part): name for name, part in parts.items()}

    def reducer_override(self, obj: Any) -> Any:
        """How what pickle alone would do wrong is to be made again."""
        if (name := self._names.get(id(obj))) is not None:
            return _part, (name,)
        kind = type(obj)
        if isinstance(obj, msgspec.Struct) and not kind.__struct_config__.frozen:
            # Structs know each other (a call and its parties): they are made first and filled afterwards.
            return (
                _blank,
                (kind,),
                tuple(getattr(obj, name) for name in obj.__struct_fields__),
                None,
                None,
                _fill,
            )
        return NotImplemented


class _Thawer(pickle.Unpickler):
    parts: Mapping[str, object] = {}

    def find_class(self, module: str, name: str) -> Any:
        """The parts are those of the engine in hand."""
        if (module, name) == (__name__, _part.__name__):
            return self.parts.__getitem__
        return super().find_class(module, name)


def _part(name: str) -> object:
    raise LookupError(f"{name} is a part of no engine here")  # only its name is ever pickled


def _blank(kind: Callable[..., msgspec.Struct]) -> msgspec.Struct:
    return kind(**dict.fromkeys(cast(type[msgspec.Struct], kind).__struct_fields__))


def _fill(struct: msgspec.Struct, values: tuple[Any, ...]) -> None:
    for name, value in zip(struct.__struct_fields__, values, strict=True):
        setattr(struct, name, value)
