"""The shape of attributes, which have their own little grammar after the `@` (WIT.md, "Feature gates")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from witkit.syntax import habits, words
from witkit.syntax.tokens import Scan, Token, begins_line
from witkit.text import Diagnostic, did_you_mean, error

BAD_ATTRIBUTE = "WIT0110"

_Shape: TypeAlias = tuple[tuple[str, str], ...]
"""The tokens after an attribute's name; a pair with a text is a name that has to be spelt so."""

_VERSION: _Shape = (("LPAR", ""), ("ID", "version"), ("EQUAL", ""), ("SEMVER", ""), ("RPAR", ""))
_SHAPES: dict[str, _Shape] = {
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
_MOST_FINDINGS = 200
_ENDS = words.ITEM_STARTS | {"SEMICOLON", "$END"}
_BEFORE = frozenset({"SEMICOLON", "COMMA", "LBRACE", "RBRACE", "RPAR"})
"""What can be before an attribute on its line."""


def take_out_bad_attributes(scan: Scan) -> None:
    """Report attributes that the language does not have or that are badly put, and drop their tokens."""
    if "@" not in scan.tokens[-1].source.text:
        return
    tokens = scan.tokens
    gates = (n for n, token in enumerate(tokens) if token.type == "AT")
    at = next((n for n in gates if _is_attribute(tokens, n) and not is_well_shaped(tokens, n)), None)
    if at is None:
        return
    known = {d.primary.start for d in scan.diagnostics if d.primary}
    found, kept = 0, tokens[:at]
    while at < len(tokens):
        token = tokens[at]
        is_bad = token.type == "AT" and _is_attribute(tokens, at) and not is_well_shaped(tokens, at)
        if not is_bad:
            kept.append(token)
            at += 1
            continue
        end = _end(tokens, at)
        if not known.intersection(t.start for t in tokens[at:end]) and found < _MOST_FINDINGS:
            scan.diagnostics.append(_explain(tokens, at))
            found += 1
        # The item keeps the comments that are before its attribute.
        tokens[end].comments = token.comments
        at = end
    tokens[:] = kept


def _is_attribute(tokens: list[Token], at: int) -> bool:
    """Whether this `@` begins an attribute: elsewhere than before an item, and by another name, it begins a version."""
    name = tokens[at + 1]
    if name.type != "ID" or begins_line(tokens, at) or name.id.name in _SHAPES:
        return name.type == "ID"
    return tokens[at - 1].type in _BEFORE or (at > 1 and tokens[at - 2].type == "AT")


def is_well_shaped(tokens: Sequence[Token], at: int) -> bool:
    """Whether the attribute whose `@` is `tokens[at]` is one that the language has."""
    shape = _SHAPES.get(tokens[at + 1].id.name)
    return shape is not None and _first_wrong(tokens, at, shape) is None


def _first_wrong(tokens: Sequence[Token], at: int, shape: _Shape) -> tuple[str, Token] | None:
    """What an attribute should have where it departs from its shape, and the token that it has there."""
    for (kind, text), token in zip(shape, tokens[at + 2 : at + 2 + len(shape)], strict=False):
        if token.type != kind or (text and token.id.name != text):
            return f"`{text}`" if text else words.expected({kind}), token
    return None


def _explain(tokens: list[Token], at: int) -> Diagnostic:
    """What is wrong with an attribute that is not well shaped."""
    name = tokens[at + 1].id.name
    shape = _SHAPES.get(name)
    wrong = _first_wrong(tokens, at, shape) if shape is not None else None
    if wrong is None:
        meant = habits.ATTRIBUTE_NAMES.get(name)
        help = f"write `{_EXAMPLES[meant]}`" if meant else did_you_mean(name, _SHAPES)
        help = help or f"the attributes are {', '.join(f'`@{n}`' for n in _SHAPES)}"
        span = tokens[at].span.to(tokens[at + 1].span)
        return error(BAD_ATTRIBUTE, f"there is no attribute `@{name}`", span, help=help)
    wanted, token = wrong
    message = f"expected {wanted}, found {words.found(token)}"
    return error(BAD_ATTRIBUTE, message, token.span, help=f"write `{_EXAMPLES[name]}`")


def _end(tokens: list[Token], at: int) -> int:
    """Index after a bad attribute; a `@deprecated` that follows goes with it: alone it would be one more finding."""
    end = _end_of_one(tokens, at)
    is_deprecated = tokens[end].type == "AT" and tokens[end + 1].text == "deprecated"
    return _end_of_one(tokens, end) if is_deprecated else end


def _end_of_one(tokens: list[Token], at: int) -> int:
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
