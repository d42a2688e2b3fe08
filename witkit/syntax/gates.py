"""The shape of attributes, which have their own little grammar after the `@` (WIT.md, "Feature gates")."""

from __future__ import annotations

from collections.abc import Sequence

from witkit.syntax import words
from witkit.syntax.tokens import Scan, Token, begins_line
from witkit.text import Diagnostic, did_you_mean, error

BAD_ATTRIBUTE = "WIT0110"

# Each attribute's tokens after its name; a pair is a name that has to be spelt so.
_VERSION = (("LPAR", ""), ("ID", "version"), ("EQUAL", ""), ("SEMVER", ""), ("RPAR", ""))
_SHAPES: dict[str, tuple[tuple[str, str], ...]] = {
    "since": _VERSION,
    "deprecated": _VERSION,
    "unstable": (("LPAR", ""), ("ID", "feature"), ("EQUAL", ""), ("ID", ""), ("RPAR", "")),
    "external-id": (("LPAR", ""), ("QUOTED", ""), ("RPAR", "")),
}
_EXAMPLES = {
    "since": "@since(version = 1.2.3)",
    "deprecated": "@deprecated(version = 1.2.3)",
    "unstable": "@unstable(feature = name)",
    "external-id": '@external-id("…")',
}
_ENDS = words.ITEM_STARTS | {"SEMICOLON", "$END"}
_BEFORE = frozenset({"SEMICOLON", "COMMA", "LBRACE", "RBRACE", "RPAR"})
"""What can stand before an attribute on its line."""


def take_out_bad_attributes(scan: Scan) -> None:
    """Report attributes that the language does not have or that are badly put, and drop their tokens."""
    if "@" not in scan.tokens[-1].source.text:
        return
    known = {d.primary.start for d in scan.diagnostics if d.primary}
    places = [i for i, token in enumerate(scan.tokens) if token.type == "AT" and _is_attribute(scan.tokens, i)]
    for at in reversed(places):
        wrong = check(scan.tokens, at)
        if wrong is not None:
            end = _end(scan.tokens, at)
            if [t.text for t in scan.tokens[end : end + 2]] == ["@", "deprecated"]:
                end = _end(scan.tokens, end)  # alone it would be one more finding
            if not any(token.start in known for token in scan.tokens[at:end]):
                scan.diagnostics.append(wrong)
            # The item keeps the comments that stand before its attribute.
            scan.tokens[end].comments = scan.tokens[at].comments
            del scan.tokens[at:end]


def _is_attribute(tokens: list[Token], at: int) -> bool:
    """Whether this `@` begins an attribute: elsewhere than before an item, and by another name, it begins a version."""
    name = tokens[at + 1]
    if name.type != "ID" or begins_line(tokens, at) or name.id.name in _SHAPES:
        return name.type == "ID"
    return tokens[at - 1].type in _BEFORE or (at > 1 and tokens[at - 2].type == "AT")


def check(tokens: Sequence[Token], at: int) -> Diagnostic | None:
    """What is wrong with the attribute whose `@` is `tokens[at]`, if anything."""
    name = tokens[at + 1].id.name
    shape = _SHAPES.get(name)
    if shape is None:
        span = tokens[at].span.to(tokens[at + 1].span)
        return error(
            BAD_ATTRIBUTE,
            f"there is no attribute `@{name}`",
            span,
            help=did_you_mean(name, _SHAPES) or f"the attributes are {', '.join(f'`@{n}`' for n in _SHAPES)}",
        )
    for (kind, text), token in zip(shape, tokens[at + 2 : at + 2 + len(shape)], strict=False):
        if token.type != kind or (text and token.id.name != text):
            wanted = f"`{text}`" if text else words.expected({kind})
            message = f"expected {wanted}, found {words.found(token)}"
            return error(BAD_ATTRIBUTE, message, token.span, help=f"write `{_EXAMPLES[name]}`")
    return None


def _end(tokens: list[Token], at: int) -> int:
    """Index after an attribute: after its `)`, or before what begins something else, or a line outside of brackets."""
    end, depth = at + 2, 0
    while tokens[end].type not in _ENDS and not _begins_function(tokens, end):
        if depth <= 0 and begins_line(tokens, end):
            return end
        kind = tokens[end].type
        depth += (kind == "LPAR") - (kind == "RPAR")
        end += 1
        if kind in {"RPAR", "RBRACE"}:
            return end
    return end


def _begins_function(tokens: list[Token], at: int) -> bool:
    kinds = [t.type for t in tokens[at : at + 3]]
    return kinds[:2] == ["ID", "COLON"] and kinds[-1] in {"FUNC", "ASYNC", "STATIC", "LPAR"}
