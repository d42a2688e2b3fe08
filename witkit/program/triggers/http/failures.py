"""The status for what goes wrong while a request is answered. Clients get no more than its name."""

from __future__ import annotations

from witkit.runtime import Reason, Trap

from ...pool import Busy, Closed
from .exchange import Refused


def refusal(problem: Exception) -> Refused:
    """The refusal for an exception."""
    if isinstance(problem, Refused):
        return problem
    if isinstance(problem, Busy | Closed):
        return Refused(503, str(problem), (("retry-after", "1"),))
    if isinstance(problem, Trap) and problem.reason is Reason.TIMEOUT:
        return Refused(504, str(problem))
    return Refused(500, str(problem) or type(problem).__name__)
