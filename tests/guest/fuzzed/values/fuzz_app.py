"""A guest that evaluates what it gets: one source for CPython and for the component."""

import fuzz_world
from componentize_py_types import Err
from fuzz_kit import Face, describe, namespace
from fuzz_world.exports import local
from fuzz_world.imports import both, shared

NAMES = namespace(shared, local, both) | {"shared": shared, "imported": both}


class Local(Face):
    def __init__(self) -> None:
        super().__init__(NAMES)


class Both(Local):
    pass


class FuzzWorld(fuzz_world.FuzzWorld):
    def run(self, e: str) -> str:
        try:
            return describe(eval(e, NAMES))
        except Err as error:
            return f"raised {describe(error)}"
