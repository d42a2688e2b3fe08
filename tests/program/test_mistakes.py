"""Mistakes in configurations: whatever somebody writes, each has a place, and all are reported together."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Final

import pytest

from tests.program.test_slightfile import ORDERS
from witkit.backends.connect import Connections
from witkit.program.project import examine_configuration
from witkit.text import Diagnostic, WitkitError

WITKIT: Final = """[key-value]
backend = "sqlite"
path = "data/stores.db"
timeout = 5

[key-value.names.orders]
backend = "redis"
url = "redis://127.0.0.1:1/0"

[configs]
backend = "memory"
[configs.values]
greeting = "hello"
count = 3

[http-client]
backend = "network"
allow = ["api.example.com", "https://b.example:8443"]
private = ["10.0.0.0/8"]

[messaging]
backend = "kafka"
url = "kafka://127.0.0.1:9092"
[[messaging.subscriptions]]
topic = "orders"
group = "shop"

[providers]
"example:weather/forecast@1.2.0" = "weather:Forecast"

[grants]
env = ["LANG", "MODE=test"]
network = ["tcp://db.example.com:5432"]

[limits]
memory = "64MiB"
timeout = 30
untrusted = true

[http]
address = "127.0.0.1:0"
"""

SLIGHT: Final = f"""{ORDERS}
[[capability]]
resource = "configs.envvars"
name = "*"
"""

OLD_SLIGHT: Final = """specversion = "0.1"
secret_store = "configs.envvars"

[[capability]]
name = "kv.redis"
[[capability]]
name = "http"
"""

FILES: Final = {"witkit.toml": WITKIT, "slightfile.toml": SLIGHT, "old-slightfile.toml": OLD_SLIGHT}

VALUES: Final = [
    *('""', '"x"', "0", "-1", "1.5", "nan", "-inf", "true", "[]", "{}", "[1]", '["a", 1]', "{a = {b = [1]}}", "1e400"),
    *("1979-05-27", "07:32:00", "9" * 30, '"${env:NOT_THERE}"', '"${env:"', '"${x:y}"', '"${${env:A}}"', '"$${"'),
    *('"ü\\u0000"', '"\\U0001F600"', "[[1], [2]]", "[{a=1}]", '"a\\nb"', "'''m\n'''", '[""]', '"\\u001b[31m"'),
]

LINES: Final = [
    *("names = 3", "backend = 3", "backend = 'none'", "backend = 'nope'", "'' = 1", '"a.b" = 2', "a.b.c = 1"),
    *("names.x.backend = 'memory'", "names = {x = 1}", "'ü' = 1", "[]", "[[]]", "[x]", "[[x]]", "[grants]", "\ufeff"),
]

MARKS: Final = '-_."[]=#é'


def changed(text: str, chance: random.Random) -> bytes:
    """The text with one to three changes that somebody might make."""
    lines = text.split("\n")
    for _ in range(chance.choice([1, 1, 2, 3])):
        at = chance.randrange(len(lines))
        line = lines[at]
        within = chance.randrange(len(line) + 1)
        key, equals, _value = line.partition("=")
        lines[at] = chance.choice(
            [
                f"{key}{equals} {chance.choice(VALUES)}" if equals else f"[{line}]",
                f"{line[:within]}{line[within + 1 :]}",
                f"{line[:within]}{chance.choice(MARKS)}{line[within:]}",
                f"{line}\n{line}",
                f"{line}\n{chance.choice(LINES)}",
                line.swapcase(),
            ]
        )
    joined = "\n".join(lines)
    return chance.choice([joined, joined, joined.replace("\n", "\r\n"), f"\ufeff{joined}"]).encode()


def mistakes(file: Path) -> list[Diagnostic]:
    try:
        found = examine_configuration(file)
    except WitkitError as wrong:
        return list(wrong.diagnostics)
    return [*found.problems, *Connections({}, found.choices).miswritten()]


@pytest.mark.parametrize("name", FILES)
def test_the_files_that_are_changed_have_none(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(FILES[name])
    assert mistakes(tmp_path / name) == []


@pytest.mark.parametrize("number", range(100))
@pytest.mark.parametrize("name", FILES)
def test_each_has_its_line_and_is_there_once(name: str, number: int, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_bytes(changed(FILES[name], random.Random(f"{name} {number}")))
    found = mistakes(file)
    for said in found:
        assert said.primary is not None, said
        assert said.message.isprintable()
    assert len(found) == len(set(found))


def test_a_mistake_in_each_table_is_reported(tmp_path: Path) -> None:
    file = tmp_path / "witkit.toml"
    file.write_text(
        """[key-value]
backend = "redis"
url = "redis://h?max_connections=3"
foo = 1
[configs.values]
b = [1]
[messaging]
backend = "kafka"
url = "x"
[[messaging.subscriptions]]
topic = 3
[grants]
env = ["=", 3]
network = ["x", 1]
[limits]
fuel = 0
[http]
address = "x"
[providers]
"a" = 3
"""
    )
    assert sorted(said.primary.source.position(said.primary.start)[0] for said in mistakes(file) if said.primary) == [
        *(3, 4, 6, 9, 11, 13, 13, 14, 14, 16, 18, 20)
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[http]\n[http]\n", "cannot declare `http` twice"),
        ('["a\'b".c]\n["a\'b".c]\n', 'cannot declare `"a\'b".c` twice'),
        ("a = {b = 1}\na.c = 2\n", "cannot mutate immutable namespace `a`"),
    ],
)
def test_tables_that_are_there_twice_are_named_as_in_the_file(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(text)
    (found,) = mistakes(tmp_path / "witkit.toml")
    assert found.message == f"this is not valid TOML: {said}"
