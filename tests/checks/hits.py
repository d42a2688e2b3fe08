"""What the rules find in the packages of other repositories, which lie in `../shared/corpus`.

python -m tests.checks.hits                   # how often each rule finds something, by repository
python -m tests.checks.hits unused-use        # each finding of some rules, with its place
python -m tests.checks.hits --write           # docs/rules/hits.md
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.checks.pages import FOLDER
from tests.conftest import CORPUS
from witkit.checks import Settings, check
from witkit.checks.settings import RuleChoice
from witkit.checks.table import NAMES, own_rules
from witkit.ir import load
from witkit.text import Diagnostic
from witkit.text.render_text import render

PAGE = FOLDER / "hits.md"
HEAD = """# What the rules find

After this page you can judge how many findings a rule brings in packages that are in use.

The number of findings of each rule in the packages of {repositories} public repositories: {packages} packages, without
their dependencies. Rules that need a target, a release or another version of the package are not among them.

"""


def packages() -> list[tuple[str, Path]]:
    """Every folder with WIT of its own, with the name of its repository."""
    root = CORPUS / "real"
    folders = sorted({path.parent for path in root.rglob("*.wit") if "deps" not in path.relative_to(root).parts})
    return [(folder.relative_to(root).parts[0], folder) for folder in folders]


def findings(rules: Sequence[str]) -> Iterator[tuple[str, Diagnostic]]:
    """What the rules find, with the name of the repository."""
    settings = Settings(preset="none", choices=(RuleChoice(select=tuple(rules)),))
    for repository, folder in packages():
        yield from ((repository, d) for d in check(load(folder), settings) if d.rule)


def table() -> str:
    """The page: a row for each rule, the numbers by repository."""
    counts = Counter((d.rule, repository) for repository, d in findings(NAMES))
    rows = ["| rule | findings | in repositories |", "|---|---|---|"]
    for rule in own_rules():
        by = sorted(((n, repository) for (name, repository), n in counts.items() if name == rule.name), reverse=True)
        if not rule.needs:
            where = ", ".join(f"{repository} {n}" for n, repository in by)
            rows.append(f"| [{rule.name}]({rule.name}.md) | {sum(n for n, _ in by)} | {where} |")
    head = HEAD.format(repositories=len({r for r, _ in packages()}), packages=len(packages()))
    return head + "\n".join(rows) + "\n"


def main(arguments: Sequence[str]) -> None:
    if "--write" in arguments:
        PAGE.write_text(table(), encoding="utf-8")
    elif arguments:
        for _, d in findings(arguments):
            print(render([d]))
    else:
        print(table(), end="")


if __name__ == "__main__":
    main(sys.argv[1:])
