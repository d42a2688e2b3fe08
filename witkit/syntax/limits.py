"""How deep types and packages may be nested: deeper text is refused before anything has to walk it."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax import nodes
from witkit.syntax.repair import Placeholder
from witkit.syntax.tokens import Scan, Token
from witkit.text import Diagnostic, error

TOO_DEEP = "WIT0108"
NESTED_IN_NESTED = "WIT0109"
ATTRIBUTE_ON_PACKAGE = "WIT0113"

DEEPEST = 100

_BRACKETS = frozenset({"LESSTHAN", "MORETHAN"})
_OUTSIDE_TYPES = frozenset({"SEMICOLON", "COLON", "ARROW", "LPAR", "RPAR", "LBRACE", "RBRACE", "$END"})
"""What cannot be between `<` and `>`: if it is, a `>` is missing, and depth counts from zero."""


def flatten_deep_types(scan: Scan) -> None:
    """Report types that are nested too deep, and put a name in place of each.

    No type has that name, which is at the finding: when the resolver looks for it, nothing is reported again.
    """
    tokens = scan.tokens
    if tokens[-1].source.text.count("<") < DEEPEST or not _are_deep(tokens):
        return
    depth = 0
    kept: list[Token] = []
    for i, token in enumerate(tokens):
        if token.type == "LESSTHAN":
            depth += 1
            if depth == DEEPEST:
                _replace_last(kept, tokens[i + 1], scan.diagnostics)
        elif token.type == "MORETHAN" and depth:
            depth -= 1
            if depth == DEEPEST - 1:
                continue
        elif token.type in _OUTSIDE_TYPES:
            depth = 0
        if depth < DEEPEST:
            kept.append(token)
    tokens[:] = kept


def _are_deep(tokens: Sequence[Token]) -> bool:
    """Whether types may be nested too deep: a cheap look before one at each token."""
    depth = 0
    for kind in [token.type for token in tokens if token.type in _BRACKETS]:
        depth += 1 if kind == "LESSTHAN" else -1
        if depth == DEEPEST:
            return True
        depth = max(depth, 0)
    return False


def _replace_last(kept: list[Token], inner: Token, found: list[Diagnostic]) -> None:
    """Put a name in place of the type that was kept last, whose arguments begin with `inner`."""
    message = f"types are nested more than {DEEPEST} deep"
    found.append(error(TOO_DEEP, message, inner.span, help="name an inner type with `type`"))
    if kept and kept[-1].type not in {"LESSTHAN", "COMMA"}:
        kept.pop()
    kept.append(Placeholder("ID", inner.source, inner.start, inner.start))


def check_packages(header: nodes.PackageHeader | None, items: list[nodes.FileItem]) -> list[Diagnostic]:
    """Packages inside nested packages, however deep, and attributes on packages."""
    found: list[Diagnostic] = []
    headers = [header] if header else []
    level = [(item, 1) for item in items if isinstance(item, nodes.NestedPackage)]
    headers += [item.header for item, _ in level]
    for item, _ in level:
        found += _check_inside(item)
    for each in headers:
        if each.attributes:
            message = "a package cannot have attributes"
            found.append(
                error(ATTRIBUTE_ON_PACKAGE, message, each.name.span, help="remove what begins with `@` before it")
            )
    return found


def _check_inside(package: nodes.NestedPackage) -> list[Diagnostic]:
    """At most one finding for one package: it is one mistake, however many packages are inside."""
    first: nodes.NestedPackage | None = None
    level, depth = [package], 1
    while level:
        depth += 1
        level = [item for outer in level for item in outer.items if isinstance(item, nodes.NestedPackage)]
        if level and depth > DEEPEST:
            return [error(TOO_DEEP, f"packages are nested more than {DEEPEST} deep", level[0].header.span)]
        first = first or next(iter(level), None)
    if first is None:
        return []
    help = f"move it out of `{package.header.name.span.text}`"
    return [
        error(NESTED_IN_NESTED, "a nested package cannot contain another package", first.header.name.span, help=help)
    ]
