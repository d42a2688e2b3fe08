"""Mask secrets in Python's warnings: the code of others may put some into them."""

from __future__ import annotations

import warnings

from witkit.text.secrets import masked_by_form


def mask_warnings() -> None:
    """Show every warning without secrets. This lasts for the whole process, which runs one command."""
    plain = warnings.formatwarning

    def shown(
        message: Warning | str, category: type[Warning], filename: str, lineno: int, line: str | None = None
    ) -> str:
        return masked_by_form(plain(message, category, filename, lineno, line))

    warnings.formatwarning = shown
