"""Keys in object stores: readable, unique, and such that every service takes them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from witkit.backends.objects.spelling import LONGEST_SEGMENT, segment, spelled, text_of

NAMES = st.text(st.sampled_from("a/.%\\\0\x7f2fé\uffff😀c-"), max_size=12) | st.text(max_size=20)


@pytest.mark.parametrize(
    "name", ["cat.jpg", "2026/11/26 a+b.txt", "é/日本/😀", "~!*'()[]{}|<>?#&=@:;,$^`\"", "a..b/.c"]
)
def test_common_names_are_keys_as_they_are(name: str) -> None:
    assert spelled(name) == name


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("", "%"),
        ("/a/", "%2fa%2f"),
        ("a//b", "a%2f/b"),
        ("..", ".%2e"),
        ("./a./b.", "%2e/a%2e/b%2e"),
        ("50%", "50%25"),
        ("a\\b\0\x7f", "a%5cb%00%7f"),
        ("\uffff", "%ef%bf%bf"),
    ],
)
def test_what_services_do_not_have_is_spelled_by_its_bytes(name: str, key: str) -> None:
    assert (spelled(name), text_of(key)) == (key, name)


@given(NAMES)
def test_every_name_comes_back_from_its_key(name: str) -> None:
    assert text_of(spelled(name)) == name


@given(NAMES)
def test_every_key_can_be_the_path_of_an_object(name: str) -> None:
    for part in spelled(name).split("/"):
        assert part
        assert not part.endswith(".")
        assert not re.search(r"[\x00-\x1f\x7f\\\ufffe\uffff]", part)


@given(NAMES, NAMES)
def test_containers_have_one_segment_each(one: str, other: str) -> None:
    assert "/" not in segment(one)
    assert (segment(one) == segment(other)) == (one == other)


def test_a_long_name_of_a_container_is_a_hash_that_is_not_a_name() -> None:
    one, other = segment("n" * 5000), segment("n" * 4999)
    assert one != other
    assert len(one) <= LONGEST_SEGMENT
    assert text_of(one) is None
    assert segment("n" * LONGEST_SEGMENT) == "n" * LONGEST_SEGMENT


@pytest.mark.parametrize("key", ["%61", "%2F", "%", "a%", "%zz", "%container", "%ff", "a%2fb", "/a", "a/", "a/../b"])
def test_a_key_that_no_name_has_is_none(key: str) -> None:
    name = text_of(key)
    assert name is None or (key == "%" and name == "")
