"""The URLs of PostgreSQL databases. They are read before anything is opened.

Options are left to libpq, whose versions have different ones. Without the client library, opening says what is missing.
"""

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
    """Raise WrongSetting (WIT0910) for an invalid URL, or for invalid words in what libpq takes besides
    (`host=… dbname=…`)."""
    if "://" not in url.partition("=")[0] and "=" in url:
        if not _is_known_to_libpq(url):
            raise not_one()
        return
    found = _URL.fullmatch(url)
    if found is None or _BAD_PERCENT.search(url) or not all(map(_is_host, found["hosts"].split(","))):
        raise not_one()
    if "?" in url and not _is_known_to_libpq(url):
        help = "libpq's documentation lists them, as in ?sslmode=verify-full&connect_timeout=10"
        raise wrong_setting("`url` has an unknown option, or one without a value", help, "url")


def not_one() -> WrongSetting:
    """The error for an invalid URL."""
    return wrong_setting("`url` is not the URL of a PostgreSQL database", _HELP, "url")


def _is_host(text: str) -> bool:
    found = _HOST.fullmatch(text)
    return found is not None and (not found["port"] or 0 < int(found["port"]) < 1 << 16)


def _is_known_to_libpq(url: str) -> bool:
    try:
        from psycopg import Error
        from psycopg.conninfo import conninfo_to_dict
    except ImportError:
        return True
    try:
        conninfo_to_dict(url)
    except Error:
        return False
    return True
