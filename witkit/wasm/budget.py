"""A bound on the work that a binary can ask for."""

from __future__ import annotations

from dataclasses import dataclass

from witkit.wasm.cursor import TooMuch

_STEPS = 1_000_000


@dataclass(slots=True)
class Budget:
    """Bounds the work that a binary can ask for: few bytes may ask for many copies of large types."""

    steps: int = _STEPS

    def spend(self, steps: int, offset: int) -> None:
        self.steps -= steps
        if self.steps < 0:
            raise TooMuch("the types of this file are too many or too large", offset)
