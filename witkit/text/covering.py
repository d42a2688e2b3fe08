"""Cover the secrets in a file of settings so that excerpts can show it. No offset changes.

The file may not be valid TOML, so this goes through its tokens without parsing them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from witkit.text.secrets import is_secret, masked_by_form, number_known, secrets_in, spans_by_form
from witkit.text.secrets import names_an_address as is_address

_TOKEN: Final = re.compile(
    r'"""(?:\\.|(?!""").)*(?:"{3,5}|\Z)'
    r"|'''(?:(?!''').)*(?:'{3,5}|\Z)"
    r'|"(?:\\[^\n]|[^"\n\\])*"?|' + r"'[^'\n]*'?"
    r"|#[^\n]*|[^\s=,\[\]{}#\"'.:]+|\n|[^ \t\r]",
    re.DOTALL,
)
_REFERENCE: Final = re.compile(r"""(["'])\$\{(?:(?:env|file|secret):|azapp\.)(?P<what>[\w./-]+\})\1""")
"""A value that only says where a secret is. Messages name the same variable, file or secret."""
_AFTER_KEY: Final = re.compile(r"[ \t]*[=.:\]]")
_HARMLESS: Final = re.compile(r"true|false|[+-]?\d{1,9}")
_PUBLIC: Final = ("check", "fmt", "http", "instances", "limits", "providers", "serve")
"""The tables that have no secrets, in a file whose values may all be."""
_SHOWN: Final = ("backend", "path", "dirs", "memory")
"""Settings whose values are always shown: they hold no secrets, and their mistakes should be visible."""
_OF_SLIGHT: Final = (("specversion",), ("capability", "resource"), ("capability", "name"))
"""Keys in a file for slight that hold no secrets."""


def covered(text: str, *, private: bool = False) -> str:
    """Replace every character of the secrets in a text by `*`.

    With `private`, any value may be a secret: only references, plain numbers, true, false and the settings in `_SHOWN`
    are shown. Otherwise a value is covered if its name or its form suggests a secret.
    """
    return _covered(text, private, number_known())


@lru_cache(maxsize=8)  # each test of a guest reads the same files
def _covered(text: str, private: bool, known: int) -> str:
    references = {span for found in _REFERENCE.finditer(text) for span in (found.span(), found.span("what"))}
    by_form = [span for span in spans_by_form(text) if span not in references]
    spans = [*by_form, *_Walk(text, private).spans()]
    characters = list(text)
    for start, end in spans:
        characters[start:end] = [c if c in "\r\n" else "*" for c in characters[start:end]]
    return "".join(characters)


@dataclass(slots=True)
class _Walk:
    """One pass over the tokens. `names` are the keys that lead to the next token; `open` are the brackets around it,
    each with the keys that led to it."""

    text: str
    private: bool
    header: list[str] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    open: list[tuple[str, list[str]]] = field(default_factory=list)
    is_value: bool = False
    in_header: bool = False
    fresh: bool = True

    def spans(self) -> Iterator[tuple[int, int]]:
        """The spans to cover."""
        for found in _TOKEN.finditer(self.text):
            if not self._moved(found[0]) and self._hides(found[0], found.end()):
                yield found.span()
            self.fresh = found[0] == "\n"

    def _moved(self, token: str) -> bool:
        """Update the state. Returns True if the token is punctuation, which is never covered."""
        if token == "\n":
            if not self.open:
                self.names, self.is_value, self.in_header = list(self.header), False, False
        elif token == "[" and (self.in_header or (self.fresh and not self.open)):
            self.in_header, self.names = True, []
        elif token == "]" and self.in_header:
            self.header = list(self.names)
        elif token in ("{", "["):
            self.open.append((token, list(self.names)))
            self.is_value = token == "["
        elif token in ("}", "]"):
            self._close()
        elif token == "," and self.open:
            bracket, names = self.open[-1]
            self.names, self.is_value = list(names), bracket == "["
        elif token in ("=", ":") and not self.is_value:
            self.is_value = True
        else:
            return token == "=" or (token in (".", ":", ",") and not self.is_value)
        return True

    @property
    def _is_private(self) -> bool:
        return self.private and "".join(self.names[:1]) not in _PUBLIC

    def _close(self) -> None:
        if self.open:
            self.names = self.open.pop()[1]
        self.is_value = True

    def _hides(self, token: str, end: int) -> bool:
        if token.startswith("#"):
            return self.private
        if not self.is_value:
            return self._hides_name(token, end)
        if _REFERENCE.fullmatch(token):
            return False
        if any(is_secret(name) for name in self.names):
            return True
        value, address = _plain(token), any(is_address(name) for name in self.names)
        if any(secrets_in(value, bare=address)):
            # spans_by_form covers the same secret more exactly.
            return self._is_private or masked_by_form(token) == token
        shown = "".join(self.names[-1:]) in _SHOWN or tuple(self.names) in _OF_SLIGHT
        return self._is_private and not shown and not _HARMLESS.fullmatch(token)

    def _hides_name(self, token: str, end: int) -> bool:
        name = _plain(token)
        known = any(is_secret(each) for each in self.names) and not self.in_header
        self.names.append(name)
        if masked_by_form(name) != name:
            return True
        return (known or self._is_private) and not _AFTER_KEY.match(self.text, end)


def _plain(token: str) -> str:
    """A name without quotes and escapes."""
    if token.startswith('"'):
        try:
            return str(json.loads(token))
        except ValueError:
            pass
    return token.strip("\"'")
