"""What is taken for a secret, and what is not."""

from __future__ import annotations

import pytest

from witkit.text import secrets
from witkit.text.covering import covered
from witkit.text.secrets import is_secret, learn, masked, masked_by_form


@pytest.mark.parametrize(
    "name",
    ["password", "db_password", "dbPassword", "DB-PASS", "api-key", "AccountKey", "key", "client.secret", "auth_token"],
)
def test_a_name_that_says_so_is_a_secrets(name: str) -> None:
    assert is_secret(name)


@pytest.mark.parametrize(
    "name", ["key-value", "--key-value-path", "path", "timeout", "keys-per-page", "compass", "bypass", "surpass", ""]
)
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
    assert covered(text) == text or text == "missing key: url"


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


def test_a_secret_that_is_learned_later_is_covered_from_then_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_pattern", [None])
    text = 'prefix = "of-correcthorsebattery"'
    assert covered(text) == text
    learn({"password": "correcthorsebattery"})
    assert covered(text) == text.replace("correcthorsebattery", "*" * 19)


SECRET = "hunter2secret"

VALUES = [
    f'url = """\nredis://bob:{SECRET}@db"""',
    f"anything = '''\n{SECRET}'''",
    f'anything = """\n{SECRET}',
    f'sub = {{ auth = {{ x = "{SECRET}" }} oops }}',
    f'sub = {{ credentials = ["{SECRET}"], oops oops }}',
    f'nodes = [["redis://u:{SECRET}@h", 1] x]',
    f'passwords = [\n  "a]b",\n  "{SECRET}" x\n]',
    f'"p\\u0061ss" = "{SECRET}" x',
    f'redis.password.x = "{SECRET}" x',
    f'redis . "pass word" . x = "{SECRET}"',
    f'url = "redis://bob:my\\"{SECRET}@db" x',
    f'url = "redis://bob:my {SECRET}@db"',
    f"url = 'redis://bob:my\"{SECRET}@db' x",
    f'url = "redis://bob:\\\\{SECRET}\\\\@db"',
    f'sslpassword = "{SECRET}"',
    f'x = "postgres://h/db?ssl%70assword={SECRET}"',
    f'anything = "{SECRET}"',
    f"anything = {SECRET}",
    f"anything {SECRET}",
    f"anything: {SECRET}",
    f'"redis://bob:{SECRET}@db" = 1 x',
    f'"password={SECRET}" = 1',
    f"timeout = 1  # it was {SECRET}",
    f'path = "redis://bob:{SECRET}@db"',
]


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("header", ["[key-value]\n", "", '["key]value".x]\n', "[[key-value.y]]\r\n"])
def test_no_value_of_a_private_file_is_shown(header: str, value: str) -> None:
    shown = covered(header + value, private=True)
    assert SECRET not in shown
    assert len(shown) == len(header + value)
    assert shown.startswith(header)


def test_names_and_harmless_values_of_a_private_file_are_shown() -> None:
    text = '[key-value]\nbackend = "sqlit"\npath = "data"\ntimout = 10\n"api-key" = true\n[configs.values]\na.b = "c"\n'
    assert covered(text, private=True) == text.replace("true", "****").replace('"c"', "***")


@pytest.mark.parametrize("private", [False, True])
@pytest.mark.parametrize("reference", ["${env:SHOP_PW}", "${secret:shop/pw}", "${file:pw.txt}", "${azapp.KEY}"])
def test_a_value_that_only_refers_to_a_secret_is_shown(reference: str, private: bool) -> None:
    text = f'[sql]\nurl = "{reference}"\npassword = "{reference}"\nhosts = ["{reference}"]\n'
    assert covered(text, private=private) == text


@pytest.mark.parametrize("value", ["hunter2${env:SHOP_PW}", "${env:SHOP_PW}hunter2", "${hunter2}", "${env:hunter 2}"])
def test_what_is_beside_a_reference_is_not_shown(value: str) -> None:
    text = f'url = "{value}"\npassword = "{value}"\n'
    assert "hunter" not in covered(text, private=True)


@pytest.mark.parametrize(
    "text",
    [
        'specversion = "0.3"\n[[capability]]\nresource = "keyvalue.redi"\nname = "shop"\n',
        '[limits]\nuntrusted = "yes"\n[instances]\nmode = "pool"\n',
    ],
)
def test_values_that_cannot_be_secrets_are_shown(text: str) -> None:
    assert covered(text, private=True) == text


def test_what_a_resource_of_slight_is_given_is_not_shown() -> None:
    text = '[[capability]]\nname = "shop"\n    [capability.configs]\n    name = "x"\n    REDIS_ADDRESS = "y"\n'
    assert covered(text, private=True) == text.replace('"x"', "***").replace('"y"', "***")


@pytest.mark.parametrize(
    "name", ["sslpassword", "dbpass", "PGPASSWORD", "clientsecret", "AUTHTOKEN", "kennwort", "api_key_2"]
)
def test_a_word_that_says_so_may_be_part_of_another(name: str) -> None:
    assert is_secret(name)
    assert covered(f'{name} = "abc"') == f"{name} = *****"


@pytest.mark.parametrize(
    ("settings", "text", "shown"),
    [
        ({"password": "test"}, "the latest test", "the latest ***"),
        ({"password": "key"}, "no key in key-value", "no *** in key-value"),
        ({"password": "password"}, "there is no setting `password`", "there is no setting `password`"),
        ({"password": "x"}, "x", "x"),
        ({"url": "redis://bob:my secret's@db"}, "cannot use my secret's", "cannot use ***"),
        ({"url": "redis://bob:hunter2%73ecret@db"}, "not hunter2secret", "not ***"),
        ({"header": "Authorization: Basic aHVudGVyMg=="}, "not aHVudGVyMg==", "not ***"),
        ({"header": "Bearer aHVudGVyMg"}, "not aHVudGVyMg", "not ***"),
        ({"password=hunter2secret": 1}, "no setting hunter2secret", "no setting ***"),
    ],
)
def test_what_settings_hold_is_masked_where_it_stands_alone(
    settings: dict[str, object], text: str, shown: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_pattern", [None])
    learn(settings)
    assert masked(text) == shown


def test_a_user_that_every_server_has_is_not_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_pattern", [None])
    learn({"url": "postgresql://postgres@127.0.0.1/shop", "archive": "mariadb://root:s3cret-word@127.0.0.1/shop"})
    learn({"url": "https://tok3n-of-mine@127.0.0.1/"})
    assert masked("the backend `postgresql` for the root folder") == "the backend `postgresql` for the root folder"
    assert masked("s3cret-word, tok3n-of-mine") == "***, ***"


def test_the_example_of_a_message_is_shown_unless_somebody_uses_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "_known", {})
    monkeypatch.setattr(secrets, "_pattern", [None])
    help = "redis://user:password@host:6379/0"
    assert masked(help) == help
    learn({"url": "redis://user:password@10.0.0.1:6379/0"})
    assert masked(help) == "redis://***@host:6379/0"


def test_a_first_password_that_everybody_knows_does_not_mask_words_of_messages() -> None:
    learn({"url": "amqp://guest:guest@127.0.0.1"})
    assert masked("the guest stopped") == "the guest stopped"
    assert masked("amqp://guest:guest@127.0.0.1, guest:guest") == "amqp://***@127.0.0.1, ***"


def test_a_long_text_without_a_secret_is_looked_at_once() -> None:
    text = "x" * 1_000_000  # If each character began another search, this would take hours.
    assert masked_by_form(text) == text
    assert masked_by_form(f"{text} token=abcdefgh") == f"{text} token=***"


def test_bytes_that_are_not_utf8_are_masked() -> None:
    learn({"secret": "pass\udc80word"})
    assert masked("it was pass\udc80word, or pass%80word") == "it was ***, or ***"
