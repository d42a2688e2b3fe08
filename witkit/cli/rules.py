"""`witkit rules`: the rules of `witkit check`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from witkit.checks.rule import Rule


@click.command(short_help="List the rules of check.")
@click.argument("names", nargs=-1, metavar="")
@click.option("--json", "is_json", is_flag=True, help="Print all that is known about the rules, for programs.")
def command(names: tuple[str, ...], is_json: bool) -> int:
    """List the rules that `witkit check` can run, with the smallest preset that has each of them."""
    if names:
        raise click.UsageError(
            f"`witkit rules` lists all rules: `witkit explain {names[0]}` explains one, or a category"
        )
    from witkit.checks.chosen import rules_of_project

    rules = rules_of_project()
    if is_json:
        import json

        click.echo(json.dumps([_as_json(rule) for rule in rules], indent=2))
        return 0
    width = max(len(rule.name) for rule in rules)
    for rule in rules:
        fix = f" (fix: {rule.fix})" if rule.fix else ""
        preset = rule.presets[0] if rule.presets else "-"
        click.echo(f"{rule.code:<7}  {rule.name:<{width}}  {preset:<8}  {rule.summary.removesuffix('.')}{fix}")
    return 0


def _as_json(rule: Rule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "name": rule.name,
        "category": rule.category,
        "severity": str(rule.severity),
        "summary": rule.summary,
        "presets": list(rule.presets),
        "fix": rule.fix or None,
        "needs": rule.needs or None,
        "options": dict(rule.options),
    }
