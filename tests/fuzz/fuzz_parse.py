"""Fuzz target for the parsers of both dialects: `python tests/fuzz/fuzz_parse.py [libFuzzer options] [corpus folder]`.

Needs atheris (`pip install atheris`), which is not a dependency of the tests: they run `one_input` on their own.
"""

from __future__ import annotations

import sys
from importlib import import_module

from witkit.syntax import parse, parse_2022
from witkit.text import Source


def one_input(data: bytes) -> None:
    """Read any bytes. Lone surrogates replace what is not UTF-8, as they would come from a file name."""
    text = data.decode("utf-8", "surrogateescape")
    source = Source("fuzz.wit", text)
    for found in (*parse(source).diagnostics, *parse_2022(source, "fuzz").diagnostics):
        assert found.primary is not None
        assert 0 <= found.primary.start <= found.primary.end <= len(text)


def main() -> None:
    atheris = import_module("atheris")
    with atheris.instrument_imports(include=["witkit.syntax"]):
        import_module("witkit.syntax.parser")
    atheris.Setup(sys.argv, one_input)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
