"""A guest that does with handles what a test asks for: one source for CPython and for the component."""

from typing import Any

import handles_world
from handles_lines import KEPT, run, value


class Cans:
    def get(self, e: str) -> Any:
        return value(e)

    told = gets = either = stock = box_of = boxes = refused = get

    def put(self, name: str, c: Any) -> None:
        KEPT[name] = c

    puts = put

    def look(self, c: Any, e: str) -> str:
        return run(e, c=c)

    def work(self, b: Any, o: Any, l: list[Any], e: str) -> str:  # noqa: E741
        return run(e, b=b, o=o, l=l)

    def back(self, b: Any, e: str) -> Any:
        return value(e, b=b)


class HandlesWorld(handles_world.HandlesWorld):
    def run(self, e: str) -> str:
        return run(e)
