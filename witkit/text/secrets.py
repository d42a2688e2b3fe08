"""Keep the user's secrets out of everything that is written.

Secrets in settings and on the command line are remembered and masked wherever they turn up. Text that may hold other
secrets, such as a file of settings, is masked by its form: the part of a URL before `@`, and the values after
`password =`, `?token=` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

MASK: Final = "***"
EXAMPLE: Final = "user:password"
"""What witkit's messages write in place of a user and a password. It is masked only if it is in the settings."""

_WORDS: Final = frozenset(
    [
        "password",
        "passwd",
        "passwort",
        "passphrase",
        "pwd",
        "pass",
        "pw",
        "secret",
        "secrets",
        "token",
        "tokens",
        "credential",
        "credentials",
        "cred",
        "creds",
        "auth",
        "authorization",
        "bearer",
        "apikey",
        "accesskey",
        "secretkey",
        "privatekey",
        "signature",
        "sig",
        "sas",
        "cookie",
        "pin",
        "otp",
        "jwt",
    ]
)
_COMPOUND: Final = re.compile(
    r"passw|passphrase|kennwort|motdepasse|secret|token|credential|apikey|accesskey|privatekey|pwd$|(?<!com)(?<!by)(?<!sur)(?<!tres)pass$"
)
"""These mark a secret even as a part of another word: `sslpassword`, `clientsecret`, `dbpass`."""
_KEYS: Final = frozenset({"key", "keys"})
"""These mark a secret only at the end of a name: `api-key`, but not `key-value` or `key-file`."""
_ENCODINGS: Final = frozenset({"base", "hex", "pem", "b", "raw"})
"""These may follow the words above: `key-base64`, `api-key-2`."""

_ADDRESSES: Final = frozenset(
    ["url", "uri", "dsn", "address", "addr", "endpoint", "server", "servers", "broker", "brokers", "host", "connection"]
)
"""Words in the names of settings whose values may be URLs without a scheme."""

_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_USER_INFO: Final = re.compile(r"""(?<=://)(?:[^\s/?#'"`<>]*(?=@)|[^\s/?#:@'"`<>]*:(?!\d{1,5}[/?#])[^\s'"`<>]*(?=@))""")
_BARE_USER_INFO: Final = re.compile(r"""(?<![^\s"'=,\[])[^\s@/"':]*:(?!//)[^\s"']*(?=@)""")
_ASSIGNED: Final = re.compile(
    r"""(?<![\w.%-])(?P<name>[\w.%-]++)(?P<mark>["']?\s*(?:=|:(?!//))\s*)(?P<value>"[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'`]+)"""
)
_URL: Final = re.compile(r"\s*[\w+.-]+://")
_WHOLE_USER_INFO: Final = re.compile(r"(?<=://)(?:[^/?#]*(?=@)|[^/?#:@]*:(?!\d{1,5}[/?#]).*(?=@))", re.DOTALL)
"""The same for a text that is a URL and nothing else: its password may have any characters."""
_SCHEME: Final = re.compile(
    r"(?:\bauthorization[\"']?\s*[:=]\s*[\"']?\w+\s+|\bbearer\s+(?=\S{8}))(?P<value>[^\s\"',;]+)", re.IGNORECASE
)
"""The credentials after `Bearer`, or after the scheme of an `Authorization` header."""
_ACCOUNTS: Final = frozenset({"admin", "default", "guest", "postgres", "root"})
"""Users that every server of a kind has, and their first passwords, as in `guest:guest`. These are words of messages.
Another user without a password may be a token."""
_FILES: Final = (".py", ".wasm", ".wit", ".toml")
_SHORT: Final = 8
"""Shorter secrets are masked only as whole words: `test` is not masked in `latest`."""

_BYTES: Final = "surrogateescape"
"""What stands for bytes that are not UTF-8, in arguments and variables of the environment."""

_known: dict[str, None] = {}
_pattern: list[re.Pattern[str] | None] = [None]


@lru_cache(maxsize=1024)
def is_secret(name: str) -> bool:
    """Whether a setting with this dotted name holds a secret, judged by its words, as in `api-key` or `dbPassword`."""
    return any(_says_so(part) for part in name.split("."))


@lru_cache(maxsize=1024)
def names_an_address(name: str) -> bool:
    """Whether the value of a setting with this name may be a URL without a scheme."""
    return not _ADDRESSES.isdisjoint(_words(name))


def learn(settings: Any, name: str = "") -> None:
    """Remember the secrets in settings: values of secret names, and what URLs and texts hold by their form."""
    secret = is_secret(name)
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            _add(secrets_in(str(key)))
            learn(value, f"{name}.{key}" if secret else str(key))
    elif isinstance(settings, list | tuple | set | frozenset):
        for value in settings:
            learn(value, name)
    elif settings is not None and not isinstance(settings, bool):
        text = settings.decode("utf-8", "replace") if isinstance(settings, bytes) else str(settings)
        _add([text] if secret else secrets_in(text, bare=names_an_address(name)))


def learn_arguments(arguments: Iterable[str]) -> None:
    """Remember the secrets on a command line: `--set redis.password=…`, `--password …`, URLs.

    The first argument is a command, such as `secret`, and names nothing.
    """
    name = ""
    for number, argument in enumerate(arguments):
        before, equals, value = argument.partition("=")
        if equals and is_secret(before):
            _add([value])
        elif name and is_secret(name):
            _add([argument])
        _add(secrets_in(argument))
        name = "" if equals or number == 0 or argument.endswith(_FILES) else argument


def may_hold_secrets(text: str) -> bool:
    """Whether `masked` could change a text: a look that costs next to nothing as long as no secrets are known."""
    return bool(_known) or "://" in text


def number_known() -> int:
    """How many spellings of secrets are known. It only grows, so what was found in a text is right as long as it stays
    the same."""
    return len(_known)


def masked(text: str) -> str:
    """Mask the known secrets in a text, and the user information in its URLs."""
    if "://" in text:
        text = _USER_INFO.sub(lambda found: found[0] if found[0] == EXAMPLE else MASK, text)
    pattern = _learned()
    return pattern.sub(MASK, text) if pattern else text


def masked_by_form(text: str) -> str:
    """As `masked`, and mask the values after secret names, too. For texts that witkit did not write."""
    return masked(_ASSIGNED.sub(_without_value, _SCHEME.sub(_without_token, text)))


def spans_by_form(text: str) -> Iterator[tuple[int, int]]:
    """The spans of the secrets in a text: the known ones, and those that have the form of a secret."""
    yield from (found.span() for found in _USER_INFO.finditer(text))
    yield from (found.span("value") for found in _ASSIGNED.finditer(text) if _is_assigned(found))
    yield from (found.span("value") for found in _SCHEME.finditer(text))
    if pattern := _learned():
        yield from (found.span() for found in pattern.finditer(text))


def secrets_in(text: str, *, bare: bool = False) -> Iterator[str]:
    """The secrets in a text, by its form. With `bare`, it may be a URL without a scheme."""
    whole = _WHOLE_USER_INFO.finditer(text) if _URL.match(text) else ()
    for found in (*whole, *_USER_INFO.finditer(text), *(_BARE_USER_INFO.finditer(text) if bare else ())):
        user, _, password = found[0].partition(":")
        if password:
            yield from (found[0],) if password in _ACCOUNTS else (password, found[0])
        elif user not in _ACCOUNTS:
            yield user
    yield from (found["value"] for found in _SCHEME.finditer(text))
    for found in _ASSIGNED.finditer(text):
        if _is_assigned(found):
            yield found["value"].strip("\"'")


def _says_so(name: str) -> bool:
    words = [word.lower() for word in _PARTS.findall(name)]
    while len(words) > 1 and (words[-1].isdigit() or words[-1] in _ENCODINGS):
        words.pop()
    if not words:
        return False
    return words[-1] in _KEYS or not _WORDS.isdisjoint(words) or any(_COMPOUND.search(word) for word in words)


def _words(name: str) -> set[str]:
    return {word.lower() for word in _PARTS.findall(name.rpartition(".")[2])}


def _is_assigned(found: re.Match[str]) -> bool:
    """Whether a name and a value are a secret. `missing key: url` is just a sentence."""
    from urllib.parse import unquote

    sentence = found["mark"].startswith(":") and _words(found["name"]) <= _KEYS
    return is_secret(unquote(found["name"])) and not sentence


def _without_value(found: re.Match[str]) -> str:
    return f"{found['name']}{found['mark']}{MASK}" if _is_assigned(found) else found[0]


def _without_token(found: re.Match[str]) -> str:
    return f"{found[0][: -len(found['value'])]}{MASK}"


def _add(secrets: Iterable[str]) -> None:
    for secret in secrets:
        if len(secret) > 1 and secret not in _known and secret.lower() not in ("true", "false", *_WORDS):
            for form in _forms(secret):
                _known[form] = None
            _pattern[0] = None


def _forms(secret: str) -> Iterator[str]:
    """The spellings of a secret: plain, as in a URL, as in Python, as in a header; and each of its lines."""
    import base64
    from urllib.parse import quote, quote_plus, unquote, unquote_plus

    yield from {
        secret,
        *secret.splitlines(),
        unquote(secret),
        unquote_plus(secret),
        quote(secret, "", errors=_BYTES),
        quote_plus(secret, errors=_BYTES),
    }
    yield from {repr(secret)[1:-1], unquote(secret).encode("unicode_escape").decode()}
    yield base64.b64encode(unquote(secret).encode("utf-8", _BYTES)).decode()


def _learned() -> re.Pattern[str] | None:
    """A pattern for all known secrets, the longest first. Short ones match only as whole words."""
    if _pattern[0] is None and _known:
        ordered = sorted((form for form in _known if len(form) > 1), key=len, reverse=True)
        alternatives = [
            re.escape(form) if len(form) >= _SHORT else rf"(?<![\w-]){re.escape(form)}(?![\w-])" for form in ordered
        ]
        _pattern[0] = re.compile("|".join(alternatives))
    return _pattern[0]
