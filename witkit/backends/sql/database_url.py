"""URLs of databases, in which `{name}` may be the name that a guest opens."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urlsplit

from witkit.backends.errors import wrong_setting
from witkit.backends.failure import Failure, Kind
from witkit.backends.limits import Limits

PLACE: Final = "{name}"
LONGEST: Final = 63
_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*")


class DatabaseUrl:
    """The setting `url`. Raises WrongSetting (WIT0910) for another scheme, or `{name}` where it may not be."""

    def __init__(self, url: str, schemes: tuple[str, ...]) -> None:
        try:
            parts = urlsplit(url)
            scheme, before = parts.scheme, parts.netloc
        except ValueError:
            scheme, before = "", ""
        if scheme not in schemes or not url.startswith(f"{scheme}://"):
            raise wrong_setting(f"`url` must begin with `{schemes[0]}://`", setting="url")
        if PLACE in before:
            help = "write it in place of the database, after the server"
            raise wrong_setting("a guest's name can choose the database of `url` only", help, "url")
        self._url, self.has_place = url, PLACE in url

    @property
    def limits(self) -> Limits:
        """The limits of names."""
        return Limits(name=LONGEST) if self.has_place else Limits()

    def named(self, name: str) -> str:
        """The URL for the name that a guest opens. Raises Failure (INVALID_NAME)."""
        if not self.has_place:
            return self._url
        if not _NAME.fullmatch(name):
            raise Failure(Kind.INVALID_NAME, "a database's name can have ASCII letters, digits, `_` and `-`")
        return self._url.replace(PLACE, name)
