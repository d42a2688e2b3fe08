"""Floor 0: sources, spans, diagnostics and their renderers."""

from witkit.text.diagnostic import Diagnostic, Edit, Error, Fix, Related, Severity, WitkitError, error
from witkit.text.source import Source, Span
from witkit.text.suggest import closest, did_you_mean

__all__ = [
    "Diagnostic",
    "Edit",
    "Error",
    "Fix",
    "Related",
    "Severity",
    "Source",
    "Span",
    "WitkitError",
    "closest",
    "did_you_mean",
    "error",
]
