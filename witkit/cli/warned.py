"""What Python warns of while a command runs: code of others may have put secrets into it."""

from __future__ import annotations

import warnings

from witkit.text.secrets import masked_by_form


def mask_warnings() -> None:
    """Show every warning of this process without secrets. For the process of a command: it stays so."""
    plain = warnings.formatwarning

    def shown(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        return masked_by_form(plain(message, category, filename, lineno, line))

    warnings.formatwarning = shown
