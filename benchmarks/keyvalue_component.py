"""Measure key-value stores from a component in Python, and through the bare client library.

    python benchmarks/keyvalue_component.py [--rounds N] [--redis URL] [--nats URL] [--postgresql URL]

The component is built first, which takes half a minute. It measures by itself, so that starting it does not count.
Figures and servers are those of `keyvalue.py`; `added` is what the component waits for longer than the bare library.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

from keyvalue import BARE, EACH, NAME, SERVERS, clean, least, settings_of
from tools import BIN

from witkit._resources import data_folder
from witkit.componentize import build, load_config

WORLD = """
package example:benchmark;

world benchmark {
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export measure: func(operation: string, rounds: u32, each: u32) -> u64;
}
"""

APP = '''
import time

import wit_world
from wit_world.imports.keyvalue import Keyvalue

VALUE = bytes(range(100))
KEY = "order/000001"


class WitWorld(wit_world.WitWorld):
    def measure(self, operation: str, rounds: int, each: int) -> int:
        """The least nanoseconds of an operation."""
        store = Keyvalue.open("orders")
        store.set(KEY, VALUE)
        call = (lambda: store.set(KEY, VALUE)) if operation == "set" else (lambda: store.get(KEY))
        least = 1 << 62
        for _ in range(rounds):
            began = time.perf_counter_ns()
            for _ in range(each):
                call()
            least = min(least, (time.perf_counter_ns() - began) // each)
        return least
'''


def built(folder: Path) -> Path:
    """The component."""
    shutil.copytree(data_folder("wit") / "keyvalue", folder / "wit" / "deps" / "keyvalue")
    (folder / "wit" / "world.wit").write_text(WORLD)
    (folder / "app.py").write_text(APP)
    component = folder / "benchmark.wasm"
    build(load_config(folder, out=str(component)))
    return component


def inside(component: Path, name: str, place: str, operation: str, rounds: int) -> float:
    """The least microseconds of an operation in the component."""
    settings = {"backend": name, **settings_of(name, place)}
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items()]
    (component.parent / "witkit.toml").write_text("\n".join(["[key-value]", *lines, ""]))
    words = ["run", "--quiet", "--invoke", "measure", component.name, json.dumps(operation), str(rounds), str(EACH)]
    done = subprocess.run([BIN / "witkit", *words], cwd=component.parent, capture_output=True, text=True, check=True)
    return int(done.stdout) / 1000


def measure(places: dict[str, str], rounds: int, component: Path) -> None:
    """Print a line for each operation of each backend."""
    print(f"{'backend':<12}{'':<5}{'bare':>9}{'inside':>9}{'added':>9}   µs")
    for name, place in places.items():
        with BARE[name](place) as calls:
            for operation in ("set", "get"):
                (bare,) = least([getattr(calls, operation)], rounds)
                ours = inside(component, name, place, operation, rounds)
                print(f"{name:<12}{operation:<5}{bare:>9.1f}{ours:>9.1f}{ours - bare:>9.1f}")
        clean(name, place)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    for server in SERVERS:
        parser.add_argument(f"--{server}", metavar="URL")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix=NAME) as folder:
        chosen = {"memory": "", "sqlite": str(Path(folder) / "stores.db")}
        servers = {name: url for name in SERVERS if (url := getattr(given, name))}
        measure({**chosen, **servers}, given.rounds, built(Path(folder)))
