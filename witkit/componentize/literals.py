"""Find what a guest names in texts that a component does not have: encodings, hashes, ways to compress."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from encodings import aliases, normalize_encoding
from hashlib import algorithms_guaranteed
from typing import Final, NamedTuple

from witkit.componentize.reading import ReadModule
from witkit.componentize.reads import dotted, imported_names
from witkit.interpreter import library

_CODING: Final = {
    "decode", "encode", "getdecoder", "getencoder", "getincrementaldecoder", "getincrementalencoder", "getreader",
    "getwriter", "iterdecode", "iterencode", "lookup", "open",
}  # fmt: skip
"""Functions and methods that take the name of an encoding, `codecs.lookup` and `str.encode` among them."""
_HASHING: Final = ("hashlib.new", "hmac.digest", "hmac.new")
_PACKED: Final = {"bz2": "bz2", "xz": "lzma", "zst": "compression.zstd"}
_CONSTANTS: Final = {
    "zipfile.ZIP_BZIP2": "bz2",
    "zipfile.ZIP_LZMA": "lzma",
    "zipfile.ZIP_ZSTANDARD": "compression.zstd",
}


class Lacking(NamedTuple):
    """A use of what a component lacks: the place, what it raises, and what it needs."""

    node: ast.expr
    what: str
    raised: str
    need: str


def lacking_literals(module: ReadModule) -> Iterator[Lacking]:
    """The uses of names in texts that always fail in a component."""
    known = imported_names(module)
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call):
            yield from _in_call(node, known)
        elif isinstance(node, ast.Attribute | ast.Name) and (need := _CONSTANTS.get(dotted(node, known))):
            yield Lacking(node, f"`{dotted(node, known)}`", "RuntimeError", f"the module `{need}`")


def _in_call(node: ast.Call, known: dict[str, str]) -> Iterator[Lacking]:
    name = dotted(node.func, known)
    texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    chosen = {each.arg: each.value.value for each in node.keywords if isinstance(each.value, ast.Constant)}
    if name in _HASHING:
        for text in [*texts, chosen.get("digestmod"), chosen.get("digest"), chosen.get("name")]:
            if isinstance(text, str) and text.lower() not in algorithms_guaranteed:
                yield Lacking(node, f"the hash `{text}`", "ValueError", "OpenSSL")
    elif name == "tarfile.open":
        for text in [*texts, chosen.get("mode")]:
            if isinstance(text, str) and (need := _PACKED.get(text.partition(":")[2] or text.partition("|")[2])):
                yield Lacking(node, f"the mode `{text}` of `tarfile.open`", "CompressionError", f"the module `{need}`")
    else:
        method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
        builtin = node.func.id if isinstance(node.func, ast.Name) else ""
        candidates = texts if method in _CODING or builtin in ("str", "bytes", "bytearray") else []
        for text in [*candidates, chosen.get("encoding")]:
            if isinstance(text, str) and (need := _needed_by(text)):
                yield Lacking(node, f"the encoding `{text}`", "LookupError", need)


def _needed_by(encoding: str) -> str:
    """What a component does not have, so that it does not know an encoding. Empty if it does, or if nobody knows it."""
    name = normalize_encoding(encoding).lower()
    missing = library().fails.get(f"encodings.{aliases.aliases.get(name, name)}")
    if missing is None:
        return ""
    return f"the module `{missing.lstrip('_')}`" if missing.isidentifier() else "Windows"
