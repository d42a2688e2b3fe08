"""A service that has objects, and the settings that all services share."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeAlias

from witkit.backends.errors import wrong_setting
from witkit.backends.settings import TEXT, TIME_LIMIT, BackendSettings, setting

from .spelling import LONGEST_SEGMENT, spelled

if TYPE_CHECKING:
    from obstore.store import ClientConfig, ObjectStore, RetryConfig

LONGEST_KEY: Final = 1024
"""The most bytes of a key, and of the name of an object."""

LONGEST_PREFIX: Final = 500

URL: Final = "The bucket and the prefix, instead of the two settings."
"""The description of the setting `url`."""

TIMEOUT: Final = 5.0

PATIENCE: Final = 1.0
"""How many seconds after its beginning a request is made again, at most."""

RETRIES: Final = 4

_ENDPOINT = re.compile(r"https?://([^/@?#\[\]\s\0-\x1f]+|\[[0-9A-Fa-f:.]+\](:\d+)?)(/[^@?#\s\0-\x1f]*)?")
_BUCKET = re.compile(r"[$A-Za-z0-9._-]+")


def _prefix(text: str, name: str = "prefix") -> None:
    prefix, shown = text.strip("/"), "the prefix in `url`" if name == "url" else f"`{name}`"
    if prefix and spelled(prefix) != prefix:
        raise wrong_setting(f"{shown} has characters that keys cannot have", setting=name)
    if len(prefix.encode()) > LONGEST_PREFIX:
        raise wrong_setting(f"{shown} has more than {LONGEST_PREFIX} bytes", setting=name)


def _endpoint(text: str) -> None:
    if text and not _ENDPOINT.fullmatch(text):
        help = "write it as https://HOST or http://HOST:PORT, without credentials"
        raise wrong_setting("`endpoint` is not the URL of a server", help, "endpoint")


def check_bucket(name: str, setting: str = "bucket") -> None:
    """Raise WrongSetting for what can be no part of the path of a URL."""
    if name and not _BUCKET.fullmatch(name):
        help = "letters, digits, `.`, `-` and `_`"
        raise wrong_setting(f"`{setting}` is not the name of a bucket or container", help, setting)


def sendable(setting: str) -> Callable[[str], None]:
    """What checks a setting that is sent in the header of a request. It raises WrongSetting."""

    def check(text: str) -> None:
        if not (text.isascii() and text.isprintable()):
            raise wrong_setting(f"`{setting}` has characters that no header can have", setting=setting)

    return check


@dataclass(frozen=True, slots=True, repr=False)
class ObjectSettings(BackendSettings):
    url: str = setting(TEXT, URL, "")
    prefix: str = setting(TEXT, "What all keys begin with, as the name of a folder.", "", checked=_prefix)
    endpoint: str = setting(
        TEXT, "The URL of the server, if it is another one than the provider's.", "", checked=_endpoint
    )
    timeout: float = setting(TIME_LIMIT, "How long a request may take.", TIMEOUT)

    def place(self, bucket: str, scheme: str) -> tuple[str, str]:
        """The bucket (empty if each container is one) and the prefix, with a slash at its end."""
        bucket, prefix = _parsed(self.url, scheme) if self.url else (bucket, self.prefix)
        prefix = prefix.strip("/")
        return bucket, f"{prefix}/" if prefix else ""

    def client(self) -> ClientConfig:
        """How obstore connects. Without TLS only if the endpoint says so."""
        limit = timedelta(seconds=self.timeout)
        return {"allow_http": self.endpoint.startswith("http://"), "timeout": limit, "connect_timeout": limit}

    def retries(self, again: bool) -> RetryConfig:
        """How often a request is made again that failed without an answer, or with an error of the server.

        Not after a time limit: a request takes half as long again as `timeout`, at most.
        """
        wait = {"init_backoff": timedelta(milliseconds=50), "max_backoff": timedelta(milliseconds=400), "base": 2}
        config: RetryConfig = {
            "max_retries": RETRIES if again else 0,
            "retry_timeout": timedelta(seconds=min(PATIENCE, self.timeout / 2)),
            "backoff": wait,  # type: ignore[typeddict-item]
        }
        return config


Connect: TypeAlias = "Callable[[str, bool], ObjectStore]"


@dataclass(frozen=True, slots=True)
class ObjectService:
    """Where objects are. `bucket` is empty if each container is one.

    `connect` opens a bucket, and takes whether failed requests are made again.
    """

    location: str
    bucket: str
    prefix: str
    connect: Connect

    @property
    def room(self) -> int:
        """The bytes of a key that are left for the name of an object."""
        return LONGEST_KEY - len(self.prefix.encode()) - (LONGEST_SEGMENT + 1 if self.bucket else 0)


def named_once(settings: ObjectSettings, bucket: str) -> None:
    """Raise WrongSetting if `url` has what other settings have, too."""
    if settings.url and (bucket or settings.prefix):
        raise wrong_setting("`url` has the bucket and the prefix", "give the one or the other", "url")


def checked_url(scheme: str) -> Callable[[str], None]:
    """What checks the setting `url` of a service whose URLs have this scheme. It raises WrongSetting."""

    def check(url: str) -> None:
        if url:
            bucket, prefix = _parsed(url, scheme)
            check_bucket(bucket, "url")
            _prefix(prefix, "url")

    return check


def _parsed(url: str, scheme: str) -> tuple[str, str]:
    found, mark, rest = url.partition("://")
    bucket, _, prefix = rest.partition("/")
    if not mark or found != scheme or not bucket:
        raise wrong_setting(f"`url` is not {scheme}://BUCKET or {scheme}://BUCKET/PREFIX", setting="url")
    return bucket, prefix


def server(endpoint: str, provider: str) -> str:
    """The server for messages: the host of the endpoint, or the name of the provider."""
    return endpoint.partition("://")[2].partition("/")[0] or provider
