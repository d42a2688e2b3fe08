"""Every function of `spiderlightning:configs`. The setting `greeting` is `hello` before the guest starts."""

from __future__ import annotations

import wit_world
from transcript import Transcript
from wit_world.imports.configs import Configs


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript("not-found")
        with said.did("open", Configs.open, name) as settings:
            said.got("get", settings.get, "greeting")
            said.failed("get what is not set", settings.get, "farewell")
            said.did("set", settings.set, "farewell", b"bye")
            said.got("get what was set", settings.get, "farewell")
            said.did("change", settings.set, "greeting", b"good day")
            said.got("get what was changed", settings.get, "greeting")
            said.did("set an empty value", settings.set, "empty", b"")
            said.got("get the empty value", settings.get, "empty")
            with Configs.open(name) as same:
                said.got("get from another handle", same.get, "farewell")
            with Configs.open(f"{name}-other") as other:
                said.failed("get from another set", other.get, "farewell")
        return said.lines
