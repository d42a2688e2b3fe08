"""`witkit explain`: what a code, a rule or a category means, and what to do."""

from __future__ import annotations

import click


@click.command(short_help="Explain a code, a rule or a category of rules.")
@click.argument("name", metavar="CODE|RULE|CATEGORY")
def command(name: str) -> int:
    """Print the page of a rule (`unused-use`), of a category (`names`) or of a code (`WIT0203`) as Markdown."""
    from witkit.checks.chosen import rules_of_project
    from witkit.checks.explained import explained, known_names
    from witkit.text import did_you_mean

    rules = rules_of_project()
    # In other linters, names of rules begin with `no-`, or have other marks between their words.
    habitual = "-".join(name.lower().replace("_", " ").replace("-", " ").split()).removeprefix("no-")
    found = next((found for each in (name, name.upper(), habitual) if (found := explained(each, rules))), None)
    if found is None:
        near = did_you_mean(name, known_names(rules)) or "`witkit rules` lists the rules"
        raise click.UsageError(f"there is no code, rule or category `{name}`; {near}")
    click.echo(found.page, nl=False)
    return 0
