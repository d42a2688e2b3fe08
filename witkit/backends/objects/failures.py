"""What obstore raises, as Failure.

obstore has classes for what a service answers about one object. For the rest it raises `GenericError`, and OSError
from writers; what happened is in the text, with the state of the request as Rust writes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from witkit.backends.failure import Failure, Kind

_DETAIL: Final = 500
"""The most characters of what obstore says that are logged."""

_NOISE = re.compile(r"^Generic \w+ error: |, after \d+ retries, max_retries: \d+, retry_timeout: \w+|<[^<>]*>")

_NO_BUCKET = re.compile(r"NoSuchBucket|ContainerNotFound|The specified bucket does not exist")
_STATUS = re.compile(r"status(?: code)?: (\d{3})")

_BY_TEXT: Final = (
    (re.compile(r"169\.254\.\d+\.\d+|/latest/api/token|token request"), Kind.DENIED, "there are no credentials"),
    (re.compile(r"GCP credential error"), Kind.DENIED, "the credentials cannot be used"),
    (re.compile(r"InvalidAccessKeyId|SignatureDoesNotMatch|ExpiredToken|Invalid Access Key"), Kind.DENIED, ""),
    (re.compile(r"kind: Timeout|TimedOut"), Kind.TIMEOUT, "the server did not answer in time"),
    (re.compile(r"kind: Connect\b"), Kind.UNREACHABLE, "the server cannot be reached"),
    (re.compile(r"InvalidBlockList"), Kind.CONFLICT, "somebody else has written the object meanwhile"),
    (re.compile(r"HTTP error: |kind: (Request|Decode|Interrupted)\b"), Kind.UNREACHABLE, "the connection failed"),
)
"""Texts by which a failure is recognised, in this order."""

_BY_STATUS: Final = {
    "401": (Kind.DENIED, ""),
    "403": (Kind.DENIED, ""),
    "404": (Kind.MISSING, "it does not exist"),
    "408": (Kind.TIMEOUT, "the server did not answer in time"),
    "413": (Kind.INVALID_VALUE, "it is too large for the server"),
    "429": (Kind.OTHER, "the server has too much to do"),
    "501": (Kind.UNSUPPORTED, "the server does not offer this"),
    "503": (Kind.OTHER, "the server has too much to do"),
    "507": (Kind.FULL, "the server has no room left"),
}
_REFUSED: Final = "the server refuses the credentials"
NO_BUCKET: Final = "there is no bucket for the container"


@contextmanager
def failures(missing: str = "it does not exist") -> Iterator[None]:
    """Raise what obstore raises as Failure. `missing` is the message for an object that does not exist."""
    from obstore.exceptions import BaseError

    try:
        yield
    except (BaseError, OSError, ValueError) as problem:
        raise failure_of(problem, missing) from problem


def failure_of(problem: Exception, missing: str) -> Failure:
    """The failure for an exception of obstore."""
    text = str(problem)
    detail = " ".join(_NOISE.sub(" ", text.partition("Debug source")[0]).split())[:_DETAIL]
    if _NO_BUCKET.search(text):
        return Failure(Kind.OTHER, NO_BUCKET, detail)
    kind, message = _by_class(problem, missing) or _by_text(text)
    return Failure(kind, message or _REFUSED, detail)


def _by_class(problem: Exception, missing: str) -> tuple[Kind, str] | None:
    from obstore import exceptions as known

    match problem:
        case FileNotFoundError():
            return Kind.MISSING, missing
        case known.PermissionDeniedError() | known.UnauthenticatedError():
            return Kind.DENIED, _REFUSED
        case known.PreconditionError() | known.AlreadyExistsError():
            return Kind.CONFLICT, "somebody else has changed it meanwhile"
        case known.NotSupportedError():
            return Kind.UNSUPPORTED, "the server does not offer this"
    return None


def _by_text(text: str) -> tuple[Kind, str]:
    for pattern, kind, message in _BY_TEXT:
        if pattern.search(text):
            return kind, message
    status = _STATUS.search(text)
    return _BY_STATUS.get(status[1] if status else "", (Kind.IO, "the server reports an error"))
