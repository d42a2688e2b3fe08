"""Both functions of `wasi:config`, in every version. The settings are in place before the guest starts."""

from __future__ import annotations

from typing import Any

import wit_world
from transcript import Transcript
from wit_world.imports import (
    wasi_config_store_0_2_0_draft,
    wasi_config_store_0_2_0_draft_2024_09_27,
    wasi_config_store_0_2_0_rc_1,
)

VERSIONS = {
    "draft": wasi_config_store_0_2_0_draft,
    "draft-2024-09-27": wasi_config_store_0_2_0_draft_2024_09_27,
    "rc.1": wasi_config_store_0_2_0_rc_1,
}


class WitWorld(wit_world.WitWorld):
    def run(self, name: str) -> list[str]:
        said = Transcript()
        for version, store in VERSIONS.items():
            walk(said, version, store)
        return said.lines


def walk(said: Transcript, version: str, store: Any) -> None:
    said.got(f"{version}: get", store.get, "greeting")
    said.got(f"{version}: get an empty value", store.get, "nothing")
    said.got(f"{version}: get what is not set", store.get, "farewell")
    said.got(f"{version}: get all", lambda: sorted(store.get_all()))
