"""What findings become: diagnostics, with the rule and the path of the item that they are about."""

from __future__ import annotations

from typing import Any, Final

from witkit.checks.rule import Finding, Rule
from witkit.ir.places import name_span
from witkit.syntax import nodes

_UNNAMED: Final = (nodes.Path, nodes.PackageHeader, nodes.NestedPackage)


def fields(rule: Rule, finding: Finding, above: str, node: object) -> tuple[Any, ...]:
    """The fields of the diagnostic for a finding about a node; `above` is what the node's path begins with."""
    return (
        rule.code,
        rule.severity,
        finding.message,
        finding.span,
        finding.label,
        finding.related,
        finding.help,
        _fix(rule, finding),
        "",
        rule.name,
        path_of(node, above),
    )


def path_of(node: object, above: str) -> str:
    """The path of a node, without versions: `ns:pkg/store.bucket.get`."""
    return above + name if (name := name_in_path(node)) else above[:-1]


def name_in_path(node: object) -> str:
    """What stands for a node in the paths of items; nothing for what has no name of its own."""
    if not isinstance(node, nodes.Item) or isinstance(node, _UNNAMED):
        return ""
    span = name_span(node)
    return "" if span is None else span.text.removeprefix("%")


def _fix(rule: Rule, finding: Finding) -> object:
    if not callable(finding.fix):
        return finding.fix
    try:
        return finding.fix()
    except Exception as defect:
        # Whoever reads this can go on with `--ignore`.
        raise RuntimeError(f"rule {rule.name}, its fix: {type(defect).__name__}: {defect}") from defect
