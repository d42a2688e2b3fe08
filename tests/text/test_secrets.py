"""What is taken for a secret, and what is not."""

from __future__ import annotations

import pytest

from witkit.text.secrets import covered, is_secret, masked_by_form


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "dbPassword", "DB-PASS", "api-key", "AccountKey", "key", "client.secret", "auth_token"],
)
def test_a_name_that_says_so_is_a_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize("name", ["key-value", "--key-value-path", "path", "timeout", "keys-per-page", "compass", ""])
def test_any_other_name_is_not(name: str) -> None:
    assert not is_secret(name)


@pytest.mark.parametrize(
    "text",
    [
        "there is no package `https://example.com/a/b`",
        "missing key: url",
        "spiderlightning:keyvalue/keyvalue@0.5.1",
        "ann@example.com",
        "localhost:8080/a@b",
        "x = 1",
    ],
)
def test_text_without_secrets_stays_as_it_is(text: str) -> None:
    assert masked_by_form(text) == text
    assert covered(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://ann:secret1@host/x", "https://***@host/x"),
        ("amqp://ann:p@ss@host", "amqp://***@host"),
        ("https://host/?token=abc&x=1", "https://host/?token=***&x=1"),
        ("{'password': 'abc def', 'x': 1}", "{'password': ***, 'x': 1}"),
        ("host=db password=abc", "host=db password=***"),
        ('{"api_key": "abc"}', '{"api_key": ***}'),
    ],
)
def test_secrets_are_masked_by_their_form(text: str, shown: str) -> None:
    assert masked_by_form(text) == shown


def test_what_is_covered_keeps_its_places() -> None:
    text = '[redis]\r\npassword = """a\r\nb"""\r\nurl = "x://a:b@c"\r\n'
    assert covered(text) == '[redis]\r\npassword = ****\r\n****\r\nurl = "x://***@c"\r\n'
