"""The URLs of PostgreSQL databases. They are read before anything is opened, and so without the client library."""

from __future__ import annotations

import re
from typing import Final

from .errors import WrongSetting, wrong_setting

SCHEMES: Final = ("postgresql", "postgres")

_URL: Final = re.compile(r"postgres(?:ql)?://(?:[^/@?]*@)?(?P<hosts>[^/@?]*)(?:/[^@?]*)?(?:\?.*)?", re.DOTALL)
_HOST: Final = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_BAD_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HELP: Final = (
    "postgresql://user:password@host:5432/database\n"
    "in a password, write %25 for `%`, %2F for `/`, %3F for `?`, %40 for `@`"
)


def checked(url: str) -> None:
    """Raise WrongSetting (WIT0910) for an invalid URL. What libpq takes besides (`host=… dbname=…`) is left to it."""
    if "://" not in url.partition("=")[0] and "=" in url:
        return
    found = _URL.fullmatch(url)
    if found is None or _BAD_PERCENT.search(url) or not all(map(_is_host, found["hosts"].split(","))):
        raise not_one()


def not_one() -> WrongSetting:
    """The error for an invalid URL."""
    return wrong_setting("`url` is not the URL of a PostgreSQL database", _HELP, "url")


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    return found is not None and (not found["port"] or 0 < int(found["port"]) < 1 << 16)
