"""What guests in JavaScript cannot carry: found by `check --target jco`, and real."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.checks.test_targets import found
from tests.cli.command_line import package
from tests.tools.componentize_js import QUICKJS, QUICKJS_SYNC, SPIDERMONKEY, componentize, refusal
from witkit.runtime import Engine, Trap, UntypedComponent

GUEST = Path(__file__).parent / "javascript"
CLASHING = Path(__file__).parent / "clashing"
pytestmark = pytest.mark.xdist_group("javascript")  # one process builds and compiles the guest

BY_DEFAULT = {
    "map": ("interface i { f: func(x: map<string, u32>); } world w { export i; }", "map"),
    "stream": ("interface i { f: func(x: stream<u8>); } world w { export i; }", "stream"),
    "future": ("interface i { f: func(x: future<u8>); } world w { export i; }", "future"),
    "async": ("interface i { f: async func(); } world w { export i; }", "async func"),
    "resources": (
        "interface i { resource r { m: func(); } } interface j { resource r { m: func(); } }\n"
        "world w { export i; export j; }",
        "exports two resources named `r`",
    ),
}
"""What only the default engine refuses, with a part of the finding."""
BY_BOTH = {
    "fixed-length": ("interface i { f: func(x: list<u8, 4>); } world w { export i; }", "lists of a fixed length"),
    "error-context": ("interface i { f: func(x: error-context); } world w { export i; }", "error-context"),
    "prototype": (
        "interface i { resource r { prototype: static func(); } } world w { import i; export run: func(); }",
        "static method `prototype`",
    ),
}
ENTRIES = """
export const i = { f() {}, R: class { m() {} } }, j = i, a = i, b = i;
export function run() {}
export { run as f };
"""
CARRIED = [
    "interface i { f: func(x: u64, y: u16, z: s32, w: f64, v: char) -> f32; } world w { import i; export i; }",
    "interface i { f: func() -> u32; g: func() -> s64; h: func(x: list<u32>); } world w { import i; }",
    "interface i { f: func(x: u32, y: s64); g: func() -> list<s64>; h: func() -> option<u32>; } world w { export i; }",
    "interface i { resource r { m: func(); } } interface j { resource r { m: func(); } }\n"
    "world w { import i; export j; }",
    "package a:b@1.0.0 { interface i { f: func(); } } package a:b@2.0.0 { interface i { f: func(); } }\n"
    "world w { export a:b/i@1.0.0; export a:b/i@2.0.0; }",
    "interface i { resource r { constructor() -> result<r>; } } world w { import i; export i; }",
    "interface i { f: func(); } world w { import a: i; import b: i; export c: i; }",
    "interface i { resource r; f: func() -> r; } world w { export i; }",
]
FULL = 2**32 - 1


def project(text: str, code: str, folder: Path) -> Path:
    package(folder / "wit", f"package test:limits;\n{text}\n")
    (folder / "app.js").write_text(code, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", [*BY_DEFAULT, *BY_BOTH])
def test_what_jco_cannot_build_is_found_and_real(case: str, tmp_path: Path) -> None:
    text, part = {**BY_DEFAULT, **BY_BOTH}[case]
    folder = project(text, ENTRIES, tmp_path / "project")
    ((rule, message, _),) = found(folder / "wit", "jco")
    assert part in message
    assert (rule == "limited-by-target") == (case in BY_DEFAULT)
    assert refusal(folder, "w", tmp_path / "made.wasm")
    if case in BY_BOTH:
        assert refusal(folder, "w", tmp_path / "made.wasm", QUICKJS)
    else:
        assert componentize(folder, "w", tmp_path / "made.wasm", QUICKJS).exists()


@pytest.mark.parametrize("text", CARRIED)
def test_what_jco_carries_is_not_found(text: str, tmp_path: Path) -> None:
    assert found(package(tmp_path, f"package test:limits;\n{text}\n"), "jco") == []


class Given:
    """The imports of the guest: everything comes back."""

    def __getattr__(self, name: str) -> Any:
        return lambda *values: list(values) if name == "many" else values[0]


class Handles:
    def make_empty(self) -> object:
        return object()

    make_full = make_empty

    def get(self, _: object) -> int:
        return 7


class Calls:
    """Calls of the guest, each in an instance of its own, for a trap ends one."""

    def __init__(self, component: UntypedComponent) -> None:
        self.component = component

    def __call__(self, interface: str, name: str, *values: Any) -> Any:
        imports = {"test:limits/given": Given(), "test:limits/handles": Handles()}
        with self.component.instantiate(imports) as instance:
            return instance.function(f"test:limits/{interface}", name)(*values)

    def type(self, name: str) -> Any:
        """The type of the parameter of a function."""
        return (
            next(f for f in self.component.interface("test:limits/passing").functions if f.name == name).params[0].type
        )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(GUEST, tmp_path_factory.mktemp("javascript") / "guest"))


@pytest.fixture(scope="module", params=[SPIDERMONKEY, QUICKJS_SYNC], ids=["default", "quickjs"])
def how(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture(scope="module")
def calls(how: Any, folder: Path) -> Calls:
    return Calls(Engine().load(componentize(folder, "w", folder.parent / f"{len(how)}.wasm", how)))


def test_a_guest_of_the_default_engine_passes_other_numbers_than_it_has(calls: Calls, how: Any) -> None:
    is_right = how is not SPIDERMONKEY
    size = calls.type("records").cls(FULL)
    for interface in ("made", "passing"):
        assert calls(interface, "u32s", 2**31 - 1) == 2**31 - 1
        assert (calls(interface, "u32s", FULL) == FULL) == is_right
        assert (calls(interface, "records", size) == size) == is_right
    assert (calls("passing", "options", FULL) == FULL) == is_right
    assert calls("made", "options", FULL) == FULL
    assert calls("made", "pairs", (FULL, -1)) == (FULL, -1)


@pytest.mark.parametrize("interface", ["made", "passing"])
def test_quickjs_rounds_whole_numbers_of_64_bits(calls: Calls, how: Any, interface: str) -> None:
    exact, large = 2**53, 2**53 + 1
    assert calls(interface, "u64s", exact) == exact
    assert calls(interface, "u64s", large) == (large if how is SPIDERMONKEY else exact)
    assert calls(interface, "s64s", large) == (large if how is SPIDERMONKEY else exact)


def test_in_a_guest_of_the_default_engine_the_last_function_of_a_name_answers(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CLASHING, tmp_path / "guest"))
    component = Engine().load(componentize(folder, "w", tmp_path / "made.wasm"))
    functions = [(None, "f"), ("k", "f"), ("a:b/i", "g"), ("c:d/i", "g"), ("one", "h"), ("two", "h")]
    with component.instantiate({}) as instance:
        assert [instance.function(*each)() for each in functions] == [2, 2, 4, 4, 6, 6]
    message = "in a guest of jco's default engine, one function answers for every exported `{}`"
    limits = found(folder / "wit", "jco")
    assert sorted((text, name) for _, text, name in limits if "answers" in text) == [
        (message.format(name), name) for name in "fgh"
    ]


def test_a_guest_of_the_default_engine_stops_at_negative_numbers_of_64_bits(calls: Calls, how: Any) -> None:
    whole, real = (case.cls for case in calls.type("numbers").cases)
    wrong = [
        ("made", "s64s", -1),
        ("passing", "s64s", -1),
        ("passing", "numbers", whole(-1)),
        ("passing", "numbers", real(-0.5)),
    ]
    for interface, name, value in wrong:
        if how is SPIDERMONKEY:
            with pytest.raises(Trap):
                calls(interface, name, value)
        else:
            assert calls(interface, name, value) == value
    for value in (whole(-1), real(-0.5)):
        assert calls("made", "numbers", value) == value
    assert calls("passing", "lists", [-1]) == [-1]
    assert calls("passing", "many", -1) == [-1, *[1] * 16]


def test_a_guest_of_the_default_engine_cannot_receive_a_resource_without_functions(calls: Calls, how: Any) -> None:
    assert calls("passing", "fulls") == 7
    if how is SPIDERMONKEY:
        with pytest.raises(Trap):
            calls("passing", "empties")
    else:
        calls("passing", "empties")


def test_the_limits_of_the_guest_are_those_that_are_found(folder: Path) -> None:
    u32 = "a guest of jco's default engine passes `u32` from 2147483648 on as another number"
    s64 = "a guest of jco's default engine stops when it passes a negative `s64`"
    joined = "a guest of jco's default engine stops when it passes a negative `s32`, `f64`"
    empty = "a guest of jco's default engine cannot receive `empty`, a resource without functions"
    assert sorted((message, name) for _, message, name in found(folder / "wit", "jco")) == sorted(
        [
            *((u32, name) for name in ("u32s", "options", "records", "u32s", "records", "u32s", "records", "fulls")),
            *((s64, name) for name in ["s64s"] * 3),
            (joined, "numbers"),
            (empty, "empty"),
        ]
    )


def test_numbers_in_memory_are_carried_and_others_not(tmp_path: Path) -> None:
    many = ", ".join(f"a{number}: u32" for number in range(17))
    text = f"interface i {{ f: func({many}); g: func(x: result<u32, u64>); h: func(x: result<list<u32>, s64>); }}"
    folder = package(tmp_path, f"package test:limits;\n{text} world w {{ import i; }}\n")
    assert [place for _, _, place in found(folder, "jco")] == ["h"]
