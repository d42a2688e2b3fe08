"""How a program is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from witkit.backends.connect import Choice
from witkit.backends.table import CAPABILITIES
from witkit.runtime import Engine

from .project import combined


@dataclass(frozen=True, slots=True)
class Settings:
    """How to run: the choices for this run by capability, who hears where data goes (one line a place, before the
    component starts), the host that compiles, and the choices of the project (`read_choices`)."""

    choices: Mapping[str, Choice] = field(default_factory=dict)
    announce: Callable[[str], None] = lambda line: None
    engine: Engine | None = None
    project: Mapping[str, Choice] = field(default_factory=dict)

    @property
    def effective(self) -> Mapping[str, Choice]:
        """The project's choices, with those for this run over them."""
        return combined(self.project, self.choices)


def announce_places(settings: Settings, places: Mapping[str, str]) -> None:
    """Say where data goes, and which choices have no effect."""
    for capability, place in places.items():
        settings.announce(f"{CAPABILITIES[capability].plural} are in {place}")
    for capability, choice in settings.choices.items():
        if capability not in places:
            CAPABILITIES[capability].backend(choice.backend)
            settings.announce(f"the component imports no {CAPABILITIES[capability].plural}: the choice has no effect")
