"""Why a guest did not handle what it was called for, as the log says it."""

from __future__ import annotations

from witkit import abi
from witkit.backends.failure import Failure
from witkit.text import WitkitError
from witkit.text.secrets import masked_by_form
from witkit.text.visible import visible

from ..failures import spelled
from ..stopped import Stopped


def reason(problem: Exception) -> str:
    """One line without secrets."""
    match problem:
        case abi.Err():
            text = f"the guest returned {spelled(problem.value)}"
        case Stopped():
            text = problem.diagnostic.message
        case WitkitError():
            text = "; ".join(said.message for said in problem.diagnostics)
        case Failure():
            text = problem.shown
        case _:
            text = f"{type(problem).__name__}: {problem}"
    return visible(masked_by_form(" ".join(text.split())))
