"""Choices on the command line: which backend, with which settings."""

from __future__ import annotations

import pytest

from witkit.backends.connect import Choice
from witkit.program.choices import choices


def test_backends_and_settings_come_together_by_capability() -> None:
    found, _ = choices(["configs=environment", "sql=sqlite"], ["configs.prefix=SHOP_", "key-value.timeout=2.5"])
    assert found == {
        "configs": Choice("environment", {"prefix": "SHOP_"}),
        "sql": Choice("sqlite"),
        "key-value": Choice(None, {"timeout": "2.5"}),
    }


def test_the_last_of_each_counts() -> None:
    found, _ = choices(["configs=memory", "configs=environment"], ["sql.limit=1", "sql.limit=2"])
    assert found == {"configs": Choice("environment"), "sql": Choice(None, {"limit": "2"})}


@pytest.mark.parametrize(
    "written",
    [
        "3",
        "0.5",
        "true",
        "text",
        "a=b",
        "",
        "[1]",
    ],
)
def test_a_value_is_the_text_that_was_written(written: str) -> None:
    found, problems = choices([], [f"configs.values.key={written}"])
    assert (found, problems) == ({"configs": Choice(None, {"values": {"key": written}})}, [])


@pytest.mark.parametrize(
    ("backends", "settings", "complaint"),
    [
        (["configs"], [], "`configs` does not have the form CAPABILITY=BACKEND"),
        (["=memory"], [], "`=memory` does not have the form CAPABILITY=BACKEND"),
        (["configs="], [], "`configs=` does not have the form CAPABILITY=BACKEND"),
        (["config=memory"], [], "there is no capability `config`, as in `config=memory`"),
        ([], ["prefix"], "`prefix` does not have the form CAPABILITY.SETTING=VALUE"),
        ([], ["configs=1"], "`configs=1` does not name exactly one setting"),
        ([], ["configs.=1"], "`configs.=1` does not name exactly one setting"),
        ([], ["configs..a=1"], "`configs..a=1` does not name exactly one setting"),
        (
            [],
            ["configs.values.a=1", "configs.values.a.b=1"],
            "`configs.values.a.b=1` does not name exactly one setting",
        ),
        ([], ["configs.values.a=1", "configs.values=1"], "`configs.values=1` does not name exactly one setting"),
    ],
)
def test_what_cannot_be_read_is_refused(backends: list[str], settings: list[str], complaint: str) -> None:
    (found,) = choices(backends, settings)[1]
    assert (found.code, found.message) == ("WIT0910", complaint)
