"""A type checker is asked again if it may see something new in witkit, and not if a function does something else."""

from __future__ import annotations

import ast

import pytest

from tests.seen import without_bodies

MODULE = '''
"""A module."""
from typing import Protocol
LIMIT = 3
class Store(Protocol):
    """A store."""
    def get(self, key: str) -> bytes: ...
class Memory:
    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
    def get(self, key: str) -> bytes:
        """A value."""
        return key.encode()
    async def all(self) -> AsyncIterator[str]:
        yield "a"
def guess(key):
    return 1
'''


def seen(text: str) -> str:
    return ast.dump(without_bodies(ast.parse(text)))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("key.encode()", "bytes(7)"),
        ('"""A value."""', '"""Another text."""'),
        ("A module", "It"),
        ('yield "a"', 'yield "b"'),
    ],
)
def test_what_functions_do_is_not_seen(old: str, new: str) -> None:
    assert old in MODULE
    assert seen(MODULE.replace(old, new)) == seen(MODULE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("LIMIT = 3", 'LIMIT = "3"'),
        ("key: str) -> bytes: ...", "key: int) -> bytes: ..."),
        ("key: str) -> bytes: ...", "key: str) -> bytes: return b''"),
        ("limit: int = LIMIT", "limit: int"),
        ("self.limit = limit", "self.limit = str(limit)"),
        ('yield "a"', "return await all()"),
        ("return 1", "return None"),
        ("class Memory", "@final\nclass Memory"),
        ("import Protocol", "import Protocol, Any"),
    ],
)
def test_what_may_change_a_type_is_seen(old: str, new: str) -> None:
    assert old in MODULE
    assert seen(MODULE.replace(old, new)) != seen(MODULE)
