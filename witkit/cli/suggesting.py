"""A group of commands that offers the one that was probably meant."""

from __future__ import annotations

from collections.abc import Mapping

import click


class SuggestingGroup(click.Group):
    """A group whose message about an unknown command is worded as all of witkit's messages are.

    `synonyms` maps other names of commands, such as those of other tools, to the commands.
    """

    synonyms: Mapping[str, str] = {}

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        known = self.list_commands(ctx)
        if args[0] not in known and not args[0].startswith("-"):
            from witkit.text.suggest import closest

            near = self.synonyms.get(args[0]) or closest(args[0], known, likeness=0.7)
            ctx.fail(f"there is no command `{args[0]}`" + (f"; did you mean `{near}`?" if near else ""))
        return super().resolve_command(ctx, args)
