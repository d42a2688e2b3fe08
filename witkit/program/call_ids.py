"""The id of the request or message that the guest is called for, in the thread of the call."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Final

call_id: Final[ContextVar[str]] = ContextVar("witkit_call_id", default="")
"""Empty in other threads. Lines of logs and of `--trace` have it, so that they can be found by it."""
