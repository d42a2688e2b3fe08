"""Grammars as Lark loads them: tables kept in the user's cache folder, trees built by a module's functions."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from types import ModuleType
from typing import Final

from lark import Lark
from lark import __version__ as lark_version

from witkit._kept import DiskCache
from witkit._resources import cache_folder, data_folder
from witkit._version import __version__
from witkit.syntax import build, build_2022
from witkit.syntax.lexer import WitLexer

_CACHE: Final = DiskCache(limit=8 << 20)


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
    """The grammar `grammars/NAME.lark`, with the functions of `builder` as its tree builders."""
    text = (data_folder("grammars") / f"{name}.lark").read_text(encoding="utf-8")
    place = _place(text)
    kept = _CACHE.get(place)
    if kept is not None:
        # Lark's own way to give options to kept tables, as the parsers that it generates do.
        lark = Lark.__new__(Lark)._load(BytesIO(kept), transformer=builder)
        return Grammar(lark, WitLexer(lark))
    lark = Lark(text, parser="lalr", lexer=WitLexer, transformer=builder, keep_all_tokens=True, maybe_placeholders=True)
    tables = BytesIO()
    lark.save(tables, exclude_options=("transformer",))
    _CACHE.put(place, tables.getvalue())
    return Grammar(lark, WitLexer(lark))


def _place(text: str) -> Path:
    """What decides the tables: the grammar, the versions, and the options that this file sets."""
    versions = f"{__version__} {lark_version} {sys.version_info[:3]} {Path(__file__).stat().st_mtime_ns}"
    return cache_folder() / "grammars" / sha256(f"{versions}\0{text}".encode()).hexdigest()[:40]
