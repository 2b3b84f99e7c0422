"""One module per node type. `Node` is any of them, told apart by `type`."""

from __future__ import annotations

from typing import Annotated, get_args

from pydantic import Field

from ivr.nodes.branch import Branch
from ivr.nodes.call import Call
from ivr.nodes.callback import Callback
from ivr.nodes.collect import Collect
from ivr.nodes.enqueue import Enqueue
from ivr.nodes.goto import Goto
from ivr.nodes.hangup import HangUp
from ivr.nodes.hours import Hours
from ivr.nodes.language import Language
from ivr.nodes.menu import Menu
from ivr.nodes.message import Message
from ivr.nodes.notify import Notify
from ivr.nodes.say import Say
from ivr.nodes.set import Set
from ivr.nodes.sms import Sms
from ivr.nodes.transfer import Transfer

Node = Annotated[
    Hours
    | Say
    | Menu
    | Collect
    | Branch
    | Language
    | Set
    | Goto
    | Call
    | Enqueue
    | Transfer
    | Message
    | Callback
    | Sms
    | Notify
    | HangUp,
    Field(discriminator="type"),
]

TYPES = tuple(get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(get_args(Node)[0]))
"""The names of the node types, as YAML writes them."""
