"""Every key and value of a TOML document has its place, however the document is written."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from witkit.text import Source
from witkit.text.toml_places import Path, TomlPlaces, dotted

HOSTILE = "aé.\"'\\ \t\n#=[]{},😀"
KEYS = st.one_of(st.sampled_from(["url", "a", "b-1", "7"]), st.text(HOSTILE, max_size=4))
SCALARS = st.one_of(
    st.integers(-(2**62), 2**62).map(str),
    st.sampled_from(["true", "1.5", "-2.5e3", "1979-05-27 07:32:00", "07:32:00", "0xFF", '"""a\n[b]\nc = 1 # d"""']),
    st.sampled_from(["'''\n[[x]]\ny = \"'''", '"""a""""', "'C:\\x # {'", '"\\U0001F600 \\" ]"', '""', "''"]),
    st.text(HOSTILE, max_size=6).map(lambda text: _quoted(text)),
)
SPACES = st.sampled_from(["", " ", "\t "])
LINES = st.sampled_from(["\n", "\n\n", " # [no] = {\n", "\r\n"])


def _quoted(text: str) -> str:
    """A text as a basic string: JSON's, except for characters beyond ASCII."""
    return json.dumps(text) if text.isascii() else '"' + "".join(f"\\U{ord(c):08X}" for c in text) + '"'


def _key(name: str) -> str:
    return name if dotted((name,)) == name else _quoted(name)


@st.composite
def inline(draw: st.DrawFn, depth: int = 2) -> str:
    """A value that is written after `=`."""
    kind = draw(st.sampled_from(["scalar", "array", "table"])) if depth else "scalar"
    if kind == "scalar":
        return draw(SCALARS)
    values = draw(st.lists(inline(depth - 1), max_size=3))
    space = draw(SPACES)
    if kind == "array":
        line = draw(st.sampled_from(["", "\n", " # ]\n"]))
        return f"[{line}" + f"{space},{line}{space}".join(values) + f"{line}]"
    names = draw(st.lists(KEYS, min_size=len(values), max_size=len(values), unique=True))
    return (
        "{" + ", ".join(f"{_key(name)}{space}={space}{v}" for name, v in zip(names, values, strict=True)) + space + "}"
    )


@st.composite
def documents(draw: st.DrawFn) -> str:
    """Tables, arrays of tables and dotted keys; perhaps not valid, because keys may be there twice."""
    parts = []
    for _ in range(draw(st.integers(0, 4))):
        if draw(st.booleans()):
            name = ".".join(map(_key, draw(st.lists(KEYS, min_size=1, max_size=3))))
            parts.append(draw(st.sampled_from(["[{}]", "[[{}]]", "  [ {} ]"])).format(name) + draw(LINES))
        for _ in range(draw(st.integers(0, 3))):
            name = f" {draw(SPACES)}.".join(map(_key, draw(st.lists(KEYS, min_size=1, max_size=2))))
            parts.append(f"{draw(SPACES)}{name}{draw(SPACES)}={draw(SPACES)}{draw(inline())}{draw(LINES)}")
    return "".join(parts)


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """All values with their paths, those in tables and arrays as well."""
    if path:
        yield path, value
    pairs = value.items() if isinstance(value, Mapping) else enumerate(value) if isinstance(value, list) else ()
    for key, below in pairs:
        yield from leaves(below, (*path, key))


@settings(deadline=None)
@given(documents())
def test_every_value_is_found_at_its_path(text: str) -> None:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    source, places = Source("witkit.toml", text), TomlPlaces(text)
    for path, value in leaves(document):
        key = places.of(source, path)
        assert key is not None, path
        if isinstance(path[-1], str) and not key.text.startswith("["):
            assert tomllib.loads(f"{key.text} = 1") == {path[-1]: 1}
        if (found := places.of_value(source, path)) is not None:
            assert tomllib.loads(f"value = {found.text}") == {"value": value}
        else:
            assert isinstance(value, dict | list), path


def test_paths_that_are_not_there_have_no_place() -> None:
    text = 'a = [1, {b = 2}]\n[[c]]\nd = "e = 3"\n'
    source, places = Source("witkit.toml", text), TomlPlaces(text)
    for path in [(), ("b",), ("a", 2), ("a", 0, "b"), ("c", 1), ("e",), ("c", "d")]:
        assert places.of(source, path) is None
        assert places.of_value(source, path) is None


def test_a_path_is_shown_as_in_a_header() -> None:
    assert dotted(("key-value", "names", "my shop")) == 'key-value.names."my shop"'
    assert dotted(("messaging", "subscriptions", 3, "topic")) == "messaging.subscriptions.topic"
