"""`poll_loop` and interfaces inside of the world: a guest does the same natively and in its component."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.bindgen.worlds import run, tool
from tests.generated import write
from tests.guest.building import built
from tests.guest.exchange import Exchange
from tests.judged import judged
from witkit import Engine, Err, WitkitError
from witkit.bindgen import generate
from witkit.bindgen.guest.limits import check_guest
from witkit.componentize import build, load_config
from witkit.ir import load

PROJECT = Path(__file__).parent / "bundled"
_IMPORTED = ("wit_world", "wit_world_guest", "poll_loop", "sides", "bundled_app", "tools", "componentize_py_types")


@pytest.fixture(scope="module")
def bindings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Host package `sides` and the guest's bindings, importable together with the guest."""
    folder = tmp_path_factory.mktemp("bundled")
    world = load(PROJECT / "wit").world("bundled")
    write(generate(world, "guest"), folder)
    write(generate(world, "host", package="sides"), folder)
    with pytest.MonkeyPatch.context() as patch:
        before = set(sys.modules)
        patch.syspath_prepend(str(PROJECT))
        patch.syspath_prepend(str(folder))
        yield folder
        for name in set(sys.modules) - before:
            if name.partition(".")[0] in (
                "wit_world",
                "poll_loop",
                "sides",
                "bundled_app",
                "tools",
                "componentize_py_types",
            ):
                del sys.modules[name]


@pytest.fixture(scope="module")
def component(bindings: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(PROJECT, "bundled", tmp_path_factory.mktemp("component"))


def _use(exports: Any, sides: Any) -> list[object]:
    """What a host gets from the guest's exports, whichever way it runs."""
    found: list[object] = [
        exports.tools.add(sides.tools.Pair(2, 3)),
        exports.tools.divide(7, 2),
        exports.plain.double(4),
    ]
    with pytest.raises(Err) as refused:
        exports.tools.divide(1, 0)
    found.append(refused.value.value)
    with exports.tools.Counter(5) as counter, exports.tools.Counter.twin(counter) as twin:
        found += [counter.next(), counter.next(), twin.next()]
    return [*found, exports.exchange(3)]


EXPECTED = [5, 3, 8, "by zero", 6, 7, 6, ["pong to ping 0", "pong to ping 1", "pong to ping 2"]]


def test_the_guest_runs_natively(bindings: Path) -> None:
    import sides  # type: ignore[import-not-found]

    from witkit.guest import bind

    exchange = Exchange(sides.streams.StreamError_Closed)
    with bind(**exchange.imports()) as host:
        assert _use(host.load("bundled_app", sides.Bundled), sides) == EXPECTED
    assert exchange.polls > 3


def test_the_component_does_the_same(component: Path, bindings: Path) -> None:
    import sides

    exchange = Exchange(sides.streams.StreamError_Closed)
    with sides.BundledComponent.load(component, engine=Engine()).instantiate(**exchange.imports()) as instance:
        assert _use(instance, sides) == EXPECTED
    assert exchange.polls > 3


def test_a_refused_request_raises_its_error_code(bindings: Path, component: Path) -> None:
    import sides

    from witkit.guest import bind

    exchange = Exchange(sides.streams.StreamError_Closed, sides.types.ErrorCode_ConnectionRefused)
    with bind(**exchange.imports()) as host:
        guest = host.load("bundled_app", sides.Bundled)
        with pytest.raises(Err, match="ErrorCode_ConnectionRefused"):
            guest.exchange(1)
    made = sides.BundledComponent.load(component, engine=Engine()).instantiate(**exchange.imports())
    with made as instance, pytest.raises(Err, match="ErrorCode_ConnectionRefused"):
        instance.exchange(1)


def test_the_guest_and_what_its_tests_see_are_typed(repository: Path, bindings: Path) -> None:
    (bindings / "mypy.ini").write_text(f"[mypy]\nstrict = True\nmypy_path = {repository}:{bindings}:{PROJECT}\n")
    (bindings / "typed.py").write_text(_TYPED.lstrip())
    files = [
        "typed.py",
        "poll_loop.py",
        "wit_world_guest.py",
        str(PROJECT / "bundled_app.py"),
        str(PROJECT / "tools.py"),
    ]
    done = judged(tool("mypy"), *files, cwd=bindings)
    assert done.returncode == 0, done.stdout
    for right, wrong in (("double(4)", 'double("4")'), ("guest.plain", "guest.plane"), ("Counter(5)", "Counter()")):
        (bindings / "wrong.py").write_text(_TYPED.lstrip().replace(right, wrong))
        assert judged(tool("mypy"), "wrong.py", cwd=bindings, findings=True).returncode == 1, wrong


_TYPED = """
from sides import Bundled
from witkit.guest import Bound
from wit_world.exports.tools import Pair
from wit_world_guest import Guest


def use(host: Bound) -> list[str]:
    guest = host.load("bundled_app", Guest)
    number: int = guest.plain.double(4) + guest.tools.add(Pair(1, 2))
    with guest.tools.Counter(5) as counter, guest.tools.Counter.twin(counter) as twin:
        number += twin.next()
    return guest.exchange(number)


def use_as_host(host: Bound) -> int:
    return host.load("bundled_app", Bundled).plain.double(4)
"""


def test_what_is_written_is_laid_out_as_black_does(bindings: Path) -> None:
    done = run(tool("black"), "--check", "--quiet", "--target-version", "py311", ".", cwd=bindings)
    changed = run(tool("black"), "--diff", "--quiet", "--target-version", "py311", ".", cwd=bindings)
    assert done.returncode == 0, changed.stdout


def test_a_guest_lists_its_exports(bindings: Path) -> None:
    from witkit.guest import bind

    with bind() as host:
        guest = host.load("bundled_app")
        assert {"tools", "plain", "exchange"} <= set(dir(guest))
        assert {"add", "divide", "Counter"} <= set(dir(guest.tools))


def test_the_missing_class_of_an_interface_inside_of_the_world_has_no_base(tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "w.wit").write_text("package a:b; world w { export only: interface { f: func(); } }")
    (tmp_path / "app.py").write_text("")
    with pytest.raises(WitkitError) as refused:
        build(load_config(tmp_path))
    assert [problem.help for problem in refused.value.diagnostics] == ["add `class Only:` to app.py"]
    (warning,) = check_guest(load(tmp_path / "wit").world("w"))
    assert (warning.code, warning.help) == ("WIT0664", "write `class Only:` in the guest, without a base")


@pytest.mark.parametrize("types", ["", "record r { x: u32 }"])
def test_an_async_function_of_an_interface_inside_of_the_world_is_a_warning(types: str, tmp_path: Path) -> None:
    (tmp_path / "wit").mkdir()
    text = f"package a:b; world w {{ export only: interface {{ {types} f: async func(); g: func(); }} }}"
    (tmp_path / "wit" / "w.wit").write_text(text)
    *_, warning = check_guest(load(tmp_path / "wit").world("w"))
    message = "the component cannot call `f`: componentize-py does not start `async` functions of an interface that is"
    assert (warning.code, warning.message) == ("WIT0664", f"{message} written in the world itself")
