"""Grammars as Lark loads them: tables kept in the user's cache folder, trees built by a module's functions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import ModuleType

from lark import Lark

from witkit._resources import cache_folder, data_folder
from witkit.syntax import build, build_2022
from witkit.syntax.lexer import WitLexer


@dataclass(frozen=True, slots=True)
class Grammar:
    """A grammar ready for use: Lark's tables, and the lexer that reads its terminals."""

    lark: Lark
    lexer: WitLexer


@cache
def wit() -> Grammar:
    """The grammar of today's WIT."""
    return load("wit", build)


@cache
def wit_2022() -> Grammar:
    """The grammar of the dialect of 2022."""
    return load("wit-2022", build_2022)


def load(name: str, builder: ModuleType) -> Grammar:
    """The grammar `grammars/NAME.lark`, with the functions of `builder` as its tree builders.

    Lark writes its tables to the cache folder and checks on reading that grammar, options and versions
    are the same; it goes on without where the folder cannot be written or the file is no good.
    """
    lark = Lark(
        (data_folder("grammars") / f"{name}.lark").read_text(encoding="utf-8"),
        parser="lalr",
        lexer=WitLexer,
        transformer=builder,
        keep_all_tokens=True,
        maybe_placeholders=True,
        cache=_cache_file(name),
    )
    return Grammar(lark, WitLexer(lark))


def _cache_file(name: str) -> str | bool:
    """Where the tables of a grammar are kept, or False where no folder can be made."""
    folder = cache_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return str(folder / f"{name}.lark-tables")
