"""The JSON Schema of a project file: editors complete names and underline mistakes by it while one types."""

from __future__ import annotations

import inspect
import re
import sys
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from ivr.nodes.base import NodeModel
from ivr.project import Project

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_SENTENCE_ENDS = re.compile(r"(?<=[.;])\s+")


def project_schema() -> dict[str, Any]:
    """The schema (draft 2020-12) of one project file, as data for JSON.

    It knows the shape only: names that lead nowhere and all that follows from them are told by `denwaban check`.
    """
    schema = Project.model_json_schema(by_alias=True, schema_generator=_Described)
    return {"$schema": DIALECT, **schema, "title": "Denwaban project"}


class _Described(GenerateJsonSchema):
    """Says of everything what the models' own docstrings say of it."""

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        """A model: what it is, and of each field the sentence that speaks of it."""
        model: type[BaseModel] = schema["cls"]
        made = super().model_schema(schema)
        about = inspect.cleandoc(model.__doc__ or "")
        made["description"] = _module_text(model) if issubclass(model, NodeModel) else about
        for name, field in made.get("properties", {}).items():
            field.pop("title", None)  # the name again, with capitals
            if told := _sentence(about, name):
                field.setdefault("description", told)
        return made

    def tagged_union_schema(self, schema: core_schema.TaggedUnionSchema) -> JsonSchemaValue:
        """`discriminator` is no word of JSON Schema: strict editors complain of it."""
        made = super().tagged_union_schema(schema)
        made.pop("discriminator", None)
        return made


def _module_text(model: type[BaseModel]) -> str:
    """A node's module says what it is for and gives an example."""
    return inspect.cleandoc(sys.modules[model.__module__].__doc__ or "")


def _sentence(text: str, name: str) -> str:
    """What a docstring says of `name`, on one line."""
    sentences = _SENTENCE_ENDS.split(" ".join(text.split()))
    begins = re.compile(rf"(`\w+`(, | and ))*`{name}`")
    found = next((sentence for sentence in sentences if begins.match(sentence)), "")
    return found.removeprefix(f"`{name}`: ").rstrip(";")
