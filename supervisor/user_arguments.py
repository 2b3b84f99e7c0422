"""The arguments of `denwaban user`; light, because every command reads them."""

from __future__ import annotations

import argparse

ROLES = ("auditor", "leader", "supervisor", "administrator")
"""Those of `supervisor.users.roles`; a test holds the two equal."""


def add_user_arguments(parser: argparse.ArgumentParser) -> None:
    """Those of `denwaban user` and of its own commands."""
    tools = parser.add_subparsers(dest="what", required=True)

    def tool(name: str, text: str) -> argparse.ArgumentParser:
        return tools.add_parser(name, help=text, description=text)

    add = tool("add", "let somebody log in to the monitor; his password is asked for twice")
    add.add_argument("id", metavar="ID", help="what he logs in by; that of people.yaml if he is there")
    add.add_argument("--name", default="", help="for the screen; none: that of people.yaml")
    add.add_argument("--role", required=True, choices=ROLES, help="what he is for these projects")
    add.add_argument(
        "--project",
        required=True,
        action="append",
        dest="projects",
        metavar="P",
        help="can be given several times; '*': all",
    )
    _password(add)
    users = tool("list", "who may log in, and as what")
    users.add_argument("--json", action="store_true")
    role = tool("role", "what somebody is for a project; he has to log in anew")
    _id(role)
    role.add_argument("role", metavar="ROLE", choices=ROLES, help=", ".join(ROLES))
    role.add_argument("--project", required=True, metavar="P", help="'*': all")
    role.add_argument("--remove", action="store_true", help="he is this no more")
    password = tool("password", "a new password for somebody; he has to log in anew")
    _id(password)
    _password(password)
    for name, text in (
        ("disable", "somebody may not log in until further notice, and is logged out"),
        ("enable", "he may again"),
        ("remove", "forget somebody; what he did stays in the audit log"),
    ):
        _id(tool(name, text))


def _id(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID")


def _password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="one line of standard input, for programs"
    )
