"""Every level of `wasi:logging`; the context is the name that the guest gets."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.logging import Level, log


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        for level in Level:
            said.did(f"log {level.name.lower()}", log, level, name, f"a message\nof {level.name.lower()}")
        said.did("log nothing", log, Level.INFO, "", "")
        return said.lines
