"""Secrets of the user, kept out of everything that is written.

What is known to be secret, from settings and from the command line, is learned once and masked wherever it turns up.
Text that may hold secrets which nobody has learned, such as a file of settings, is masked by its form: the part of a
URL before `@`, and what stands after `password =`, `?token=` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

MASK: Final = "***"

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
_KEYS: Final = frozenset({"key", "keys"})
"""Words that say so only at the end of a name: `api-key`, but not `key-value` or `key-file`."""

_ADDRESSES: Final = frozenset(
    ["url", "uri", "dsn", "address", "addr", "endpoint", "server", "servers", "broker", "brokers", "host", "connection"]
)
"""Words of names whose values may be URLs without a scheme."""

_PARTS: Final = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
_USER_INFO: Final = re.compile(r"""(?<=://)(?:[^\s/?#'"`<>]*(?=@)|[^\s/?#:@'"`<>]*:(?!\d{1,5}[/?#])[^\s'"`<>]*(?=@))""")
_BARE_USER_INFO: Final = re.compile(r"""(?<![^\s"'=,\[])[^\s@/"':]*:(?!//)[^\s"']*(?=@)""")
_ASSIGNED: Final = re.compile(
    r"""(?P<name>[\w.%-]+)(?P<mark>["']?\s*(?:=|:(?!//))\s*)(?P<value>"[^"\n]*"?|'[^'\n]*'?|[^\s&;,"'`]+)"""
)
_FILES: Final = (".py", ".wasm", ".wit", ".toml")
_SHORT: Final = 4

_known: dict[str, None] = {}
_pattern: list[re.Pattern[str] | None] = [None]


def is_secret(name: str) -> bool:
    """Whether a setting of this dotted name holds a secret: a word of it, as in `api-key` or `dbPassword`, says so."""
    return any(_says_so(part) for part in name.split("."))


def learn(settings: Any, name: str = "") -> None:
    """Take note of the secrets among settings: values of names that say so, and what URLs and texts hold by form."""
    secret = is_secret(name)
    if isinstance(settings, Mapping):
        for key, value in settings.items():
            learn(value, f"{name}.{key}" if secret else str(key))
    elif isinstance(settings, list | tuple | set | frozenset):
        for value in settings:
            learn(value, name)
    elif settings is not None and not isinstance(settings, bool):
        text = settings.decode("utf-8", "replace") if isinstance(settings, bytes) else str(settings)
        _add([text] if secret else secrets_in(text, bare=_words(name) & _ADDRESSES != set()))


def learn_arguments(arguments: Iterable[str]) -> None:
    """Take note of the secrets on a command line: `--set redis.password=…`, `--password …`, URLs."""
    name = ""
    for argument in arguments:
        before, equals, value = argument.partition("=")
        if equals and is_secret(before):
            _add([value])
        elif name and is_secret(name):
            _add([argument])
        _add(secrets_in(argument))
        name = "" if equals or argument.endswith(_FILES) else argument


def masked(text: str) -> str:
    """The text without the secrets that are known, and without the part of a URL that names a user."""
    if "://" in text:
        text = _USER_INFO.sub(MASK, text)
    pattern = _learned()
    return pattern.sub(MASK, text) if pattern else text


def masked_by_form(text: str) -> str:
    """As `masked`, and without what stands after a name that says it is secret: for texts that others have written."""
    return masked(_ASSIGNED.sub(_without_value, text))


def covered(text: str) -> str:
    """A file of settings with every secret covered character by character, so that all places stay where they are."""
    spans = [found.span() for found in _USER_INFO.finditer(text)]
    spans += [found.span("value") for found in _ASSIGNED.finditer(text) if _is_assigned(found)]
    spans += _values(text)
    pattern = _learned()
    spans += [found.span() for found in pattern.finditer(text)] if pattern else []
    characters = list(text)
    for start, end in spans:
        characters[start:end] = [c if c in "\r\n" else "*" for c in characters[start:end]]
    return "".join(characters)


def secrets_in(text: str, *, bare: bool = False) -> Iterator[str]:
    """The secrets in a text, by its form; `bare` says that it may be a URL without a scheme."""
    for found in (*_USER_INFO.finditer(text), *(_BARE_USER_INFO.finditer(text) if bare else ())):
        user, _, password = found[0].partition(":")
        yield from ([password, found[0]] if password else [user])
    for found in _ASSIGNED.finditer(text):
        if _is_assigned(found):
            yield found["value"].strip("\"'")


_HEADER: Final = re.compile(r"^[ \t]*\[+([^\]\n]*)\]*[ \t]*(?:#.*)?$", re.MULTILINE)
_KEY: Final = re.compile(r"""^[ \t]*((?:[\w.-]+|"[^"\n]*"|'[^'\n]*'|[ \t]*\.[ \t]*)+)[ \t]*=[ \t]*""", re.MULTILINE)
_LONG: Final = re.compile(r"(\"\"\"|''').*?(?:\1|\Z)|\[.*?(?:\]|\Z)|[^\n]*", re.DOTALL)


def _values(text: str) -> Iterator[tuple[int, int]]:
    """Where values of TOML are whose key, or whose table, says that they are secret, whether it is TOML or not."""
    headers = [(found.start(), is_secret(found[1])) for found in _HEADER.finditer(text)]
    for found in _KEY.finditer(text):
        table = next((secret for start, secret in reversed(headers) if start < found.start()), False)
        value = _LONG.match(text, found.end())
        if value and (table or is_secret(found[1])):
            yield value.span()
        elif value and _words(found[1]) & _ADDRESSES:
            yield from (bare.span() for bare in _BARE_USER_INFO.finditer(text, *value.span()))


def _says_so(name: str) -> bool:
    words = [word.lower() for word in _PARTS.findall(name)]
    return bool(words) and (words[-1] in _KEYS or not _WORDS.isdisjoint(words))


def _words(name: str) -> set[str]:
    return {word.lower() for word in _PARTS.findall(name.rpartition(".")[2])}


def _is_assigned(found: re.Match[str]) -> bool:
    """Whether a name and a value are a secret's. `missing key: url` is a sentence."""
    sentence = found["mark"].startswith(":") and _words(found["name"]) <= _KEYS
    return is_secret(found["name"]) and not sentence


def _without_value(found: re.Match[str]) -> str:
    return f"{found['name']}{found['mark']}{MASK}" if _is_assigned(found) else found[0]


def _add(secrets: Iterable[str]) -> None:
    for secret in secrets:
        if len(secret) > 1 and secret not in _known and secret.lower() not in ("true", "false"):
            for form in _forms(secret):
                _known[form] = None
            _pattern[0] = None


def _forms(secret: str) -> Iterator[str]:
    """A secret as it may be written: plain, as in a URL, as in Python, as in a header; and each line of it."""
    import base64
    from urllib.parse import quote, quote_plus, unquote, unquote_plus

    yield from {
        secret,
        *secret.splitlines(),
        unquote(secret),
        unquote_plus(secret),
        quote(secret, ""),
        quote_plus(secret),
    }
    yield from {repr(secret)[1:-1], unquote(secret).encode("unicode_escape").decode()}
    yield base64.b64encode(unquote(secret).encode("utf-8", "surrogateescape")).decode()


def _learned() -> re.Pattern[str] | None:
    """What finds every secret that is known, the longest first; a short one only where it stands alone."""
    if _pattern[0] is None and _known:
        ordered = sorted((form for form in _known if len(form) > 1), key=len, reverse=True)
        alternatives = [
            re.escape(form) if len(form) >= _SHORT else rf"(?<!\w){re.escape(form)}(?!\w)" for form in ordered
        ]
        _pattern[0] = re.compile("|".join(alternatives))
    return _pattern[0]
