"""The model of packages has what they mean. What only printers need is in `witkit.ir.written`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path

from witkit.ir import model


def of_the_model() -> Iterator[tuple[str, str]]:
    """Each field of a class of the model, with the name of the class."""
    for name, made in vars(model).items():
        if isinstance(made, type) and made.__module__ == model.__name__ and is_dataclass(made):
            yield from ((name, field.name) for field in fields(made))


def read(text: str) -> set[str]:
    """The attributes that a module reads, or takes apart by name or by place in a pattern."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
            found.add(node.attr)
        elif isinstance(node, ast.MatchClass):
            kind = getattr(model, ast.unparse(node.cls).rpartition(".")[2], None)
            found |= {*node.kwd_attrs, *getattr(kind, "__match_args__", ())[: len(node.patterns)]}
    return found


def test_no_field_of_the_model_is_read_by_printers_alone(repository: Path) -> None:
    code, used = repository / "witkit", set[str]()
    for path in code.rglob("*.py"):
        if not path.is_relative_to(code / "ir" / "show") and path != code / "ir" / "model.py":
            used |= read(path.read_text(encoding="utf-8"))
    assert [f"{kind}.{field}" for kind, field in of_the_model() if field not in used] == []


def test_a_field_counts_as_read_in_expressions_and_patterns_but_not_when_it_is_set() -> None:
    assert read("x.name = y.docs\nmatch z:\n    case model.Record(parts): pass") == {"docs", "fields", "Record"}
