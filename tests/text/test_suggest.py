"""Suggestions for misspelt names."""

from __future__ import annotations

import pytest

from witkit.text import did_you_mean


@pytest.mark.parametrize(
    ("name", "known", "meant"),
    [
        ("keyvalu", ["keyvalue", "config"], "keyvalue"),
        ("API", ["Api", "store"], "Api"),
        ("WITWORLD", ["WitWorld"], "WitWorld"),
        ("red", ["read", "RED"], "RED"),
        ("red", ["RED", "blue"], "RED"),
        ("red", ["RED", "red"], "red"),
        ("xyz", ["keyvalue"], ""),
        ("x", [], ""),
    ],
)
def test_the_most_similar_name_is_offered(name: str, known: list[str], meant: str) -> None:
    assert did_you_mean(name, known) == (f"did you mean `{meant}`?" if meant else "")
