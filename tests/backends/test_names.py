"""File names for texts: one each, on any file system."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit.backends.names import LIMIT, file_name, text_of


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("runs", "key-runs"),
        ("order/000001", "key-order%2f000001"),
        ("A", "key-%41"),
        ("..", "key-%2e%2e"),
        ("é", "key-%c3%a9"),
        ("", "key-"),
        ("a" * LIMIT, "key-" + "a" * LIMIT),
    ],
)
def test_a_name_can_be_read(text: str, name: str) -> None:
    assert file_name(text) == name


def test_a_text_too_long_is_named_by_its_hash() -> None:
    assert re.fullmatch(r"long-[0-9a-f]{64}", file_name("a" * (LIMIT + 1)))
    assert file_name("a" * (LIMIT + 1)) != file_name("a" * (LIMIT + 2))


@given(st.text(max_size=120))
def test_the_text_comes_back_from_a_name_that_says_it(text: str) -> None:
    name = file_name(text)
    assert text_of(name) == (None if name.startswith("long-") else text)


@given(st.text(max_size=400))
def test_a_name_is_one_that_every_file_system_takes_as_it_is(text: str) -> None:
    assert re.fullmatch(r"(key|long)-[a-z0-9_%-]*", file_name(text))
    assert len(file_name(text, "container-")) <= 255


@given(st.text(max_size=250), st.text(max_size=250))
def test_two_texts_never_share_a_name(one: str, two: str) -> None:
    assert (file_name(one) == file_name(two)) is (one == two)


@given(st.text(alphabet="abAB%0123456789efEF-", max_size=12))
def test_a_name_that_was_not_given_out_stands_for_nothing(spelled: str) -> None:
    text = text_of(f"key-{spelled}")
    assert text is None or file_name(text) == f"key-{spelled}"
