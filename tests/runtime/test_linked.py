"""Exports of one component as imports of another: typed, and every handle is closed."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

import witkit
from tests.bindgen.worlds import run, tool
from tests.generated import write
from tests.judged import judged
from tests.relay import relay
from tests.runtime import guests

_PROGRAM = """
from backend import WComponent
from relayed import RelayComponent


def linked(folder: str) -> list[int]:
    with WComponent.load(f"{folder}/backend.wasm").instantiate(stores=None, optional=["stores"]) as backend:
        with RelayComponent.load(f"{folder}/relayed-wit/relay.wasm").instantiate(counters=backend.counters) as consumer:
            made = consumer.call_counter_make(5)
            assert isinstance(made, backend.counters.Counter)
            with made, backend.counters.Counter(10) as own:
                found = [consumer.call_counter_next(made), consumer.call_sum(made, own)]
            found.append(consumer.call_eat(backend.counters.Counter(7)))
            for counter in consumer.call_many(3):
                assert isinstance(counter, backend.counters.Counter)
                found.append(counter.next())
                counter.close()
            holder = consumer.call_hold()
            found.append(consumer.call_unhold(holder))
            found.append(consumer.call_dropped())
    return found


print(linked("."))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The component that exports counters, one that imports them, and the generated packages of both."""
    folder = tmp_path_factory.mktemp("linked")
    text = (Path(__file__).parent / "guests" / "resources.wit").read_text()
    (folder / "backend.wit").write_text(text)
    write(witkit.generate(witkit.load(folder / "backend.wit").world("w"), "host", package="backend"), folder)
    (folder / "backend.wasm").write_bytes(guests.resources())
    (folder / "source").mkdir()
    counters = "interface counters" + text.split("interface counters")[1].split("world w")[0]
    (folder / "source" / "counters.wit").write_text(f"package t:r;\n{counters}")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(folder))
        importlib.invalidate_caches()
        relay(importlib.import_module("backend").counters.INTERFACE, folder / "source", folder, "relayed")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("backend", "relayed")]:
        del sys.modules[name]
    (folder / "program.py").write_text(_PROGRAM)
    return folder


def test_an_export_is_given_where_the_interface_is_imported(folder: Path) -> None:
    done = run(sys.executable, "-W", "error", "program.py", cwd=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "[6, 16, 7, 1, 2, 3, 42, 7]\n"


def test_mypy_takes_an_export_of_the_same_interface_and_no_other(repository: Path, folder: Path) -> None:
    (folder / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}\n")
    done = judged(tool("mypy"), "program.py", cwd=folder)
    assert done.returncode == 0, done.stdout
    (folder / "wrong.py").write_text(_PROGRAM.replace("counters=backend.counters", "counters=backend"))
    done = judged(tool("mypy"), "wrong.py", cwd=folder, findings=True)
    assert 'Argument "counters" to "instantiate"' in done.stdout


_KEPT = """
import gc

from backend import WComponent
from made import WComponent as KeeperComponent

with WComponent.load("backend.wasm").instantiate(stores=None, optional=["stores"]) as backend:
    with KeeperComponent.load("keeper.wasm").instantiate(counters=backend.counters) as keeper:
        for start in range(3):
            keeper.keep(backend.counters.Counter(start))
    gc.collect()
    print(backend.counters.dropped())
"""
_KEEPER = """
package t:r;
{counters}
world w {{ import counters; use counters.{{counter}}; export keep: func(c: counter); }}
"""


def test_what_a_closed_instance_still_held_is_closed(folder: Path) -> None:
    counters = (folder / "source" / "counters.wit").read_text().removeprefix("package t:r;\n")
    wit = _KEEPER.format(counters=counters)
    (folder / "keeper.wit").write_text(wit)
    write(witkit.generate(witkit.load(folder / "keeper.wit").world("w"), "host", package="made"), folder)
    core = f'(module {guests.REALLOC} (func (export "keep") (param i32)))'
    (folder / "keeper.wasm").write_bytes(guests.component(wit, core))
    done = run(sys.executable, "-W", "error", "-c", _KEPT, cwd=folder)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "3\n")
