"""Files whose names look like options: pre-commit gives all names as they are, without `--` before them."""

from __future__ import annotations

import os
from typing import Final

import click

_OF_PACKAGES: Final = (".wit", ".wasm", ".toml", ".lock")


class OfFiles(click.Command):
    """A command whose arguments are files, for hooks. A file that exists is a file, even if it is called `-x.wit`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        # A file `--baseline=x.wit` must not be an option: it could come with a pull request of anybody.
        return super().parse_args(ctx, [f".{os.sep}{each}" if _is_file(each) else each for each in args])


def _is_file(argument: str) -> bool:
    return argument.startswith("-") and argument.endswith(_OF_PACKAGES) and os.path.lexists(argument)
