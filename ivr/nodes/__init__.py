"""One module per node type. `Node` is any of them, told apart by `type`."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from ivr.nodes.enqueue import Enqueue
from ivr.nodes.hangup import HangUp
from ivr.nodes.hours import Hours
from ivr.nodes.menu import Menu
from ivr.nodes.say import Say

Node = Annotated[Hours | Say | Menu | Enqueue | HangUp, Field(discriminator="type")]

TYPES = tuple(get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(get_args(Node)[0]))
"""The names of the node types, as YAML writes them."""
