"""How a backend fails, in words that are not those of an interface. A front translates them into its error cases."""

from __future__ import annotations

from enum import StrEnum

from witkit.text.diagnostic import Error
from witkit.text.secrets import masked_by_form


class Kind(StrEnum):
    """What went wrong. A front maps each kind to an error case of its interface."""

    MISSING = "missing"
    """What was asked for does not exist."""
    INVALID_NAME = "invalid-name"
    """The name of a store, database, container … that this backend cannot have."""
    INVALID_KEY = "invalid-key"
    """A key, or the name of an object or a lock, that this backend cannot have."""
    INVALID_VALUE = "invalid-value"
    """A value that this backend cannot hold, mostly because it is too large."""
    INVALID_TYPE = "invalid-type"
    """A message that is not a value of its topic's type."""
    INVALID_REQUEST = "invalid-request"
    """A request that cannot be understood, such as SQL with a mistake."""
    CONFLICT = "conflict"
    """The state does not permit it: a constraint of a table, a change by somebody else."""
    DENIED = "denied"
    """The server refuses the credentials, or these may not do it."""
    UNREACHABLE = "unreachable"
    """There is no connection to the server."""
    TIMEOUT = "timeout"
    """No answer within the time that the settings allow. Whether it took effect is unknown."""
    PROTOCOL = "protocol"
    """The server answers with something that the backend does not understand."""
    FULL = "full"
    """A bound of the settings, the server's memory or the disk is used up."""
    IO = "io"
    """Reading or writing failed, or stored data is damaged."""
    CLOSED = "closed"
    """The backend has been closed."""
    UNSUPPORTED = "unsupported"
    """This backend does not offer the operation."""
    OTHER = "other"


class Failure(Error):
    """A failed operation of a backend.

    The guest reads `message`, which does not name hosts, files or users. `detail` is for the log of the operator, where
    secrets are masked; often it is what the client library says.
    """

    def __init__(self, kind: Kind, message: str, detail: str = "") -> None:
        super().__init__(message)
        self.kind, self.message, self.detail = kind, message, detail

    @property
    def shown(self) -> str:
        """The message with the detail, for the operator: without secrets."""
        return ": ".join(masked_by_form(text) for text in (self.message, self.detail) if text)
