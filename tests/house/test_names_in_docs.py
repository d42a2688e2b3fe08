"""The modules, files and names that the documentation mentions exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [REPOSITORY / "README.md", REPOSITORY / "CONTRIBUTING.md", *sorted((REPOSITORY / "docs").rglob("*.md"))]
FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
FOREIGN = {
    ".cache/",
    "Binary.md",
    "PYTHONHASHSEED",
    "WITKIT_TEST_CACHE",
    "async",
    "borrow",
    "componentize-py.toml",
    "contextlib",
    "deps",
    "deps.toml",
    "deps/",
    "keyvalue",
    "library.json",
    "own",
    "place",
    "receipt",
    "test_a_missing_key_is_key_not_found",
    "use",
    "witkit.toml",
    "witkit/_data/",
}
"""Words in backticks of the two pages about the code that are not names of witkit's own."""


@cache
def modules() -> dict[str, Path]:
    """Every module and package of witkit by its dotted name."""
    found = {}
    for path in (REPOSITORY / "witkit").rglob("*.py"):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def defined(path: Path) -> frozenset[str]:
    """The names that a module defines, also in its classes; those that a package lists are strings."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.ClassDef(name=name) | ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.Name(id=name, ctx=ast.Store()):
                names.add(name)
            case ast.ImportFrom(names=imported):
                names.update(alias.asname or alias.name for alias in imported)
            case ast.Constant(value=str(name)) if path.name == "__init__.py" and name.isidentifier():
                names.add(name)
    return frozenset(names)


@cache
def loggers() -> frozenset[str]:
    """The names of witkit's loggers."""
    texts = [path.read_text(encoding="utf-8") for path in modules().values()]
    return frozenset(name for text in texts for name in re.findall(r'getLogger\("([a-z.]+)"\)', text))


def mentioned(page: Path) -> list[str]:
    return CODE.findall(FENCE.sub("", page.read_text(encoding="utf-8")))


def exists(dotted: str) -> bool:
    """Whether `dotted`, with or without the packages before it, is a module, or a name of a module."""
    head, _, last = dotted.rpartition(".")
    ends = tuple("." + name for name in (dotted, head))
    for name, path in modules().items():
        if ("." + name).endswith(ends[0]):
            return True
        if (
            not head or ("." + name).endswith(ends[1]) or (head[:1].isupper() and head in defined(path))
        ) and last in defined(path):
            return True
    return False


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_dotted_name_of_witkit_exists(page: Path) -> None:
    dotted = [name.partition("(")[0] for name in mentioned(page) if re.match(r"witkit\.[a-z_]", name)]
    ours = [name for name in dotted if not name.endswith((".toml", ".db"))]
    assert [name for name in ours if not exists(name) and name not in loggers()] == []


@pytest.mark.parametrize("name", ["docs/architecture.md", "CONTRIBUTING.md"])
def test_every_name_in_pages_about_the_code_exists(name: str) -> None:
    unknown = []
    for text in mentioned(REPOSITORY / name):
        plain = text.partition("(")[0]
        if text in FOREIGN or not re.fullmatch(r"[\w][\w.-]*/?(?:[\w.-]+/?)*", plain):
            continue
        if any((REPOSITORY / folder / plain).exists() for folder in ("", "witkit", "witkit/ir", "witkit/bindgen")):
            continue
        if not exists(plain.removesuffix(".py").replace("/", ".").strip(".")):
            unknown.append(text)
    assert unknown == []


def test_the_floors_of_the_architecture_are_all_of_witkit() -> None:
    rows = re.findall(r"^\| \d? *\| (`witkit\..*?) \|", (REPOSITORY / "docs/architecture.md").read_text("utf-8"), re.M)
    named = sorted(name.removeprefix("witkit.") for row in rows for name in CODE.findall(row))
    found = {path.stem for path in (REPOSITORY / "witkit").glob("*.py")} - {"__init__", "__main__"}
    found |= {path.parent.name for path in (REPOSITORY / "witkit").glob("*/__init__.py")}
    assert named == sorted(found)


@pytest.mark.parametrize("name", ["witkit.text.Diagnostic", "ir.load.files", "lexer", "Diagnostic"])
def test_a_name_exists(name: str) -> None:
    assert exists(name)


@pytest.mark.parametrize("name", ["witkit.text.Diagnosis", "ir.load.filez", "lexicon", "text.lexer"])
def test_a_name_that_does_not_exist_is_noticed(name: str) -> None:
    assert not exists(name)
