"""Attributes: stability and the external id (WIT.md, "feature gates" and "external ids")."""

from __future__ import annotations

from witkit._semver import version_key
from witkit.ir.features import Features
from witkit.ir.model import PackageName, Stability, Stable, Unstable
from witkit.ir.report import Report, first_defined
from witkit.syntax import nodes
from witkit.text import Related, Span
from witkit.text.values import value

SINCE_TOO_NEW = "WIT0401"
SINCE_WITHOUT_VERSION = "WIT0402"
DEPRECATED_ALONE = "WIT0404"
ATTRIBUTES_DO_NOT_COMBINE = "WIT0405"

_GATES = ("since", "unstable", "deprecated")


def stability_of(attributes: list[nodes.Attribute], report: Report) -> Stability | None:
    """The stability that `@since`, `@unstable` and `@deprecated` declare together."""
    if not attributes:
        return None
    gates = [a for a in attributes if a.name.name in _GATES]
    names = [a.name.name for a in gates]
    if not gates:
        return None
    if names == ["deprecated"]:
        report.error(
            DEPRECATED_ALONE,
            "`@deprecated` requires `@since` or `@unstable`",
            gates[0].span,
            help="add `@since(version = …)` with the version that introduced the item",
        )
        return None
    if len(gates) > 2 or (len(gates) == 2 and names.count("deprecated") != 1):
        report.error(
            ATTRIBUTES_DO_NOT_COMBINE,
            "these attributes cannot be combined",
            gates[1].span,
            help="keep one `@since` or `@unstable`, and at most one `@deprecated`",
        )
        return None
    versions = [value for a in gates if isinstance(value := _value(a), nodes.Version)]
    if any(report.is_misread(version.span) for version in versions):
        return None
    values = {a.name.name: argument_text(a) for a in gates}
    deprecated = values.get("deprecated")
    if "since" in values:
        return Stable(values["since"], deprecated, next(a.span for a in gates if a.name.name == "since"))
    return Unstable(values["unstable"], deprecated)


def external_id_of(attributes: list[nodes.Attribute], report: Report) -> str | None:
    """The string of `@external-id("…")`, if there is one."""
    ids = [a for a in attributes if a.name.name == "external-id"]
    for another in ids[1:2]:
        report.error(
            ATTRIBUTES_DO_NOT_COMBINE,
            "an item can have only one `@external-id`",
            another.span,
            related=first_defined(ids[0].span),
            help="remove one of the two",
        )
    return argument_text(ids[0]) if ids else None


def argument_text(attribute: nodes.Attribute) -> str:
    """The value of an attribute's one argument."""
    value = _value(attribute)
    if isinstance(value, nodes.Id):
        return value.name
    return value.text if isinstance(value, nodes.Version) else value


def _value(attribute: nodes.Attribute) -> nodes.Id | nodes.Version | str:
    return attribute.arguments[0].value if attribute.arguments else ""


@value(frozen=True, slots=True, eq=False)
class Gates:
    """Decides which items of one package are included, and checks the versions in `@since`.

    If the package's header could not be understood, `is_versioned` is False: there is no version to compare with.
    """

    package: PackageName
    features: Features
    report: Report
    is_versioned: bool = True

    def includes(self, stability: Stability | None, span: Span | None) -> bool:
        """Whether an item with this stability is included; `span` is the place of findings about it."""
        if stability is None:
            return True
        if isinstance(stability, Unstable):
            return self.features.has(stability.feature)
        if span is not None and self.is_versioned:
            self._check_since(stability.since, stability.span or span, span)
        return True

    def _check_since(self, since: str, gate: Span, item: Span) -> None:
        version = self.package.version
        if version is None:
            self.report.error(
                SINCE_WITHOUT_VERSION,
                f"`@since` needs a package with a version, but `{self.package}` has none",
                item,
                related=_at(gate, item),
                help=f"write a version in the package header: `package {self.package}@0.1.0;`",
            )
        elif version_key(since) > version_key(version):
            self.report.error(
                SINCE_TOO_NEW,
                f"`@since` names version {since}, which is later than the package's own version {version}",
                item,
                related=_at(gate, item),
                help=f"lower `@since` to {version} or raise the version of package `{self.package}`",
            )


def _at(gate: Span, item: Span) -> tuple[Related, ...]:
    """The gate as a second place. The first one is the item, as in wasm-tools."""
    return (Related(gate, "the gate"),) if gate is not item else ()
