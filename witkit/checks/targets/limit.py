"""One thing that a tool cannot carry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from witkit.text import Span

TYPE: Final = "unsupported-type"
NAME: Final = "unsupported-name"
ITEM: Final = "unsupported-item"
LIMITED: Final = "limited-by-target"


@dataclass(frozen=True, slots=True)
class Limit:
    """What a tool cannot carry, at `span`; None if that is in no text. `rule` is the rule that reports it."""

    rule: str
    message: str
    span: Span | None
    help: str
