"""What a guest does wrong is reported before the build, or with it, if its component would fail later."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.building import built
from tests.guest.shops import APP, RESOURCES, WIT, findings, problems, write
from witkit.bindgen.common.python import NOT_A_NAME
from witkit.cli.group import run
from witkit.componentize import build, failures, load_config, preflight
from witkit.componentize.late_imports import late_imports
from witkit.componentize.reading import read_guest
from witkit.componentize.target import build_target

LACKING = {
    "a class of the bindings": (APP.replace("    def open(self): pass\n", ""), ["class `Shop` lacks `open`"]),
    "a class of its own": (APP.replace("(exports.Shop)", "").replace("def open", "def close"), ["`Shop` lacks `open`"]),
    "several": (APP.replace("def open", "def o").replace("def go", "def g"), ["lacks `open`", "lacks `go`"]),
    "a base elsewhere": (
        "from shop import Item\n" + APP.replace("(exports.Shop)", "(Item)").replace("def open", "def o"),
        [],
    ),
    "a base here": (
        APP.replace("class Shop", "class Base: ...\nclass Shop")
        .replace("(exports.Shop)", "(Base)")
        .replace("open", "o"),
        ["`Shop` lacks `open`"],
    ),
    "a base here that has it": (
        "class Base:\n    def open(self): ...\n"
        + APP.replace("(exports.Shop)", "(Base)").replace("    def open(self): pass\n", ""),
        [],
    ),
    "a dataclass": (
        "from dataclasses import dataclass\n"
        + APP.replace("class Shop", "@dataclass\nclass Shop").replace("open", "o"),
        ["`Shop` lacks `open`"],
    ),
    "an abstract function": (
        "from abc import abstractmethod\n" + APP.replace("def open", "@abstractmethod\n    def open"),
        ["`Shop` lacks `open`"],
    ),
    "an abstract function of a class without the metaclass": (
        "import abc\n" + APP.replace("(exports.Shop)", "").replace("def open", "@abc.abstractmethod\n    def open"),
        [],
    ),
    "an abstract function of a base, which the class has": (
        APP.replace(
            "class Shop(exports.Shop):",
            "class Base(exports.Shop):\n    @abstractmethod\n    def open(self): ...\nclass Shop(Base):",
        ),
        [],
    ),
    "a decorator": (APP.replace("class Shop", "@print\nclass Shop").replace("def open", "def o"), []),
    "an assignment": (APP.replace("def open(self): pass", "open = print"), []),
    "attributes made on demand": (APP.replace("def open(self): pass", "def __getattr__(self, name): pass"), []),
}


@pytest.mark.parametrize("case", LACKING)
def test_a_class_that_certainly_lacks_a_function_is_reported(case: str, project: Path) -> None:
    text, wanted = LACKING[case]
    write(project / "app.py", text)
    found = findings(project)
    assert [code for code, _ in found] == ["WIT0758"] * len(wanted)
    assert all(part in message for part, (_, message) in zip(wanted, found, strict=True))


def test_the_class_of_a_resource_is_held_to_its_functions(project: Path) -> None:
    write(project / "shop.py", RESOURCES.replace("def price", "def prize"))
    assert findings(project) == [("WIT0758", "class `Item` lacks `price`")]


SIGNATURES = {
    "def go(self, what): return what": "",
    "def go(self, what, more=1): return what": "",
    "def go(self, *words): return what": "",
    "def go(*words): return what": "",
    "def go(self, what, *, more=1): return what": "",
    "@print\n    def go(self): return what": "",
    "def go(self): return what": "`WitWorld.go` takes 0 arguments, but gets 1",
    "def go(self, what, more): return what": "`WitWorld.go` takes 2 arguments, but gets 1",
    "def go(self, what, more, *others): return what": "`WitWorld.go` takes 2 arguments, but gets 1",
    "def go(self, what, *, more): return what": "`WitWorld.go` has a required keyword-only parameter",
    "def go(): return what": "`WitWorld.go` has no `self`",
    "def go(self, what): yield what": "`WitWorld.go` is a generator, but nothing iterates over it",
    "go = lambda self, what: what": "",
    "go = lambda self: 'x'": "`WitWorld.go` takes 0 arguments, but gets 1",
    "async def go(self, what): return what": "`WitWorld.go` is `async`, but nothing awaits it",
}


@pytest.mark.parametrize("function", SIGNATURES)
def test_a_function_that_cannot_be_called_is_reported(function: str, project: Path) -> None:
    write(project / "app.py", APP.replace("def go(self, what): return what", function))
    message = SIGNATURES[function]
    assert findings(project) == ([("WIT0763", message)] if message else [])


@pytest.mark.parametrize(
    ("function", "fits"),
    [
        ("@staticmethod\n    def find(): ...", True),
        ("@classmethod\n    def find(cls): ...", True),
        ("def find(): ...", True),
        ("@classmethod\n    def find(): ...", False),
        ("@staticmethod\n    def find(cls): ...", False),
        ("def find(self): ...", False),
    ],
)
def test_a_static_function_is_called_on_the_class(function: str, fits: bool, project: Path) -> None:
    text = RESOURCES.replace('@staticmethod\n    def find(): return Item("")', function)
    assert function in text
    write(project / "shop.py", text)
    assert findings(project) == [] if fits else [code for code, _ in findings(project)] == ["WIT0763"]


def test_a_constructor_takes_what_wit_gives_it(project: Path) -> None:
    write(project / "shop.py", RESOURCES.replace("(self, n)", "(self)"))
    assert findings(project) == [("WIT0763", "`Item.__init__` takes 0 arguments, but gets 1")]


ASYNC = {
    "async def go(self, what): return what": True,
    "def go(self, what): return what": False,
    "def go(self, what): pass": False,
    "def go(self, what): return str(what) if 0 else f'{what}'": True,
    "def go(self, what): return f'{what}'": False,
    "def go(self, what): return str(what)": False,
    "def go(self, what): return self._go(what)": True,
    "def go(self, what):\n        what = self._go(what)\n        return what": True,
    "async def go(self, what): yield what": False,
}


@pytest.mark.parametrize("function", ASYNC)
def test_what_an_async_function_returns_can_be_awaited(function: str, project: Path) -> None:
    write(project / "wit" / "shop.wit", WIT.replace("export go: func", "export go: async func"))
    write(project / "app.py", APP.replace("def go(self, what): return what", function))
    assert [code for code, _ in findings(project)] == ([] if ASYNC[function] else ["WIT0763"])


BASES = {
    "class WitWorld(wit_world.WitWorld):": True,
    "class Base(wit_world.WitWorld): ...\nclass WitWorld(Base):": True,
    "from shop import Item\nclass WitWorld(Item):": True,
    "class WitWorld:\n    def _async_start_go(self, what): ...": True,
    "class WitWorld:": False,
    "class WitWorld(object):": False,
    "class Base: ...\nclass WitWorld(Base):": False,
    "from dataclasses import dataclass\n@dataclass\nclass WitWorld:": False,
}


@pytest.mark.parametrize("start", BASES)
def test_a_class_with_an_async_function_derives_from_the_protocol_that_starts_it(start: str, project: Path) -> None:
    write(project / "wit" / "shop.wit", WIT.replace("export go: func", "export go: async func"))
    write(
        project / "app.py", APP.replace("class WitWorld(wit_world.WitWorld):", start).replace("def go", "async def go")
    )
    message = "the component cannot call the `async` function `go` of class `WitWorld`"
    assert findings(project) == ([] if BASES[start] else [("WIT0769", message)])


def test_resources_with_async_functions_derive_from_their_protocol(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = WIT.replace("price: func", "price: async func").replace("find: static func", "find: static async func")
    write(project / "wit" / "shop.wit", text)
    text = RESOURCES.replace("def price", "async def price").replace("def find", "async def find")
    write(project / "shop.py", text)
    message = "the component cannot call the `async` functions `price`, `find` of class `Item`"
    assert findings(project) == [("WIT0769", message)]
    run(["build", str(project)])
    imported, start = "from wit_world.exports import shop as _shop", "class Item(_shop.Item):"
    assert f"`{imported}` and `{start}`" in capsys.readouterr().err
    write(project / "shop.py", f"{imported}\n{text.replace('class Item:', start)}")
    assert findings(project) == []


@pytest.mark.parametrize(("parameters", "fits"), [("self", True), ("self, x=1", True), ("self, x", False)])
def test_the_class_of_an_export_is_made_without_arguments(parameters: str, fits: bool, project: Path) -> None:
    text = APP.replace("class WitWorld(wit_world.WitWorld):", f"class WitWorld:\n    def __init__({parameters}): ...")
    write(project / "app.py", text)
    message = "class `WitWorld` cannot be instantiated without arguments: `__init__` takes 1 argument, but gets 0"
    assert findings(project) == ([] if fits else [("WIT0759", message)])


MADE = {
    "from dataclasses import dataclass\n@dataclass\nclass Item:\n    n: str\n    ": [],
    "class Base:\n    def __init__(self, n): ...\nclass Item(Base):\n    ": [],
    "class Base:\n    def __init__(self): ...\nclass Item(Base):\n    ": [
        ("WIT0763", "`Item.__init__` takes 0 arguments, but gets 1")
    ],
    "class Base: ...\nclass Item(Base):\n    ": [("WIT0758", "class `Item` lacks `__init__`")],
    "class Item:\n    ": [("WIT0758", "class `Item` lacks `__init__`")],
    "class Item:\n    def __new__(cls, n): ...\n    ": [],
    "class Item:\n    __init__ = print\n    ": [],
    "class Item:\n    __init__: int\n    ": [("WIT0758", "class `Item` lacks `__init__`")],
    "import base\nclass Item(base.Base):\n    ": [],
    "from wit_world.exports import shop as s\nclass Item(s.Item):\n    ": [
        ("WIT0758", "class `Item` lacks `__init__`")
    ],
}


@pytest.mark.parametrize("start", MADE)
def test_a_class_with_a_constructor_in_wit_needs_one(start: str, project: Path) -> None:
    text = RESOURCES.replace("class Item:\n    def __init__(self, n): pass\n    ", start)
    assert text != RESOURCES
    write(project / "shop.py", text)
    write(project / "base.py", "class Base: ...\n")
    assert findings(project) == MADE[start]


@pytest.mark.parametrize(
    ("price", "wrong"),
    [
        ("@property\n    def price(self): return 1", "is a property, which cannot be called"),
        ("@functools.cached_property\n    def price(self): return 1", "is a property, which cannot be called"),
        ("price = property(lambda self: 1)", "is a property, which cannot be called"),
        ("price = 1", "is a value, not a function"),
        ("price: int = 1", "is a value, not a function"),
        ("def price(self): return 1\n    price = [1]", "is a value, not a function"),
        ("@staticmethod\n    def price(): return 1", None),
        ("price = lambda self: 1", None),
        ("@functools.cache\n    def price(self): return 1", None),
        ("price = 1\n    def price(self): return 1", None),
    ],
)
def test_what_is_not_a_function_is_reported(price: str, wrong: str | None, project: Path) -> None:
    text = RESOURCES.replace("def price(self): return 1", price)
    write(project / "shop.py", f"import functools\n{text}")
    assert findings(project) == ([("WIT0763", f"`Item.price` {wrong}")] if wrong else [])


@pytest.mark.parametrize("name", ["class", "my-world", "", "3d", "a.b"])
def test_a_name_that_no_package_can_have_isfindings(name: str, project: Path) -> None:
    assert [code for code, _ in findings(project, world_module=name)] == [NOT_A_NAME]


@pytest.mark.parametrize("app", ["", ".", "app.py", "./app", "..app"])
def test_a_module_that_cannot_be_one_is_not_found(app: str, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["build", str(project), "--app", app]) == 1
    assert capsys.readouterr().err.startswith("error[WIT0751]")


def test_a_project_without_folders_for_modules_says_so(project: Path) -> None:
    assert findings(project, paths=()) == [(preflight.NO_APP, "there is no folder to find the guest in")]


@pytest.mark.parametrize(("name", "pattern"), [("shop_test", "*_test.py"), ("extra", "ex*")])
def test_a_guest_in_a_file_that_is_left_out_is_reported(name: str, pattern: str, project: Path) -> None:
    (project / "app.py").rename(project / f"{name}.py")
    ((code, message),) = findings(project, app=name, exclude=("ex*",))
    assert code == preflight.LEFT_OUT
    assert pattern in message


def test_a_module_that_is_left_out_is_reported_where_it_is_imported(project: Path) -> None:
    write(project / "load_test.py", "")
    write(project / "app.py", "import load_test\n" + APP)
    said = "Traceback\n  File \"/0/app.py\", line 1, in <module>\nModuleNotFoundError: No module named 'load_test'\n"
    config = load_config(project)
    problem = failures.explain(said, build_target(config))
    assert problem.code == preflight.LEFT_OUT
    assert problem.primary is not None
    assert problem.primary.text == "import load_test"


LATE = """
from __future__ import annotations
from typing import TYPE_CHECKING
import json.decoder
import pkg.early
if TYPE_CHECKING:
    import decimal
if __name__ == "__main__":
    import fractions
class Shop:
    import string
    def list_all(self):
        import json
        import string
        import sys
        import pkg.early
        from pkg import early
        from pkg import other
        return []
    def open(self):
        import decimal
        from pkg.late import thing
        def inner():
            import fractions
class WitWorld:
    go = lambda self, what: what
"""


def test_an_import_in_a_function_is_reported_unless_the_module_is_there_already(project: Path) -> None:
    write(project / "app.py", LATE)
    write(project / "pkg" / "__init__.py", "from . import relative\n")
    write(
        project / "pkg" / "early.py", "def f():\n    import csv\n    from . import relative\n    from .lazy import x\n"
    )
    for name in ("relative", "late", "lazy", "other"):
        write(project / "pkg" / f"{name}.py", "import nothing_of_the_kind\n")
    config = load_config(project)
    found = list(late_imports(config, read_guest(config, build_target(config).world)))
    reported = sorted(problem.primary.text for problem in found if problem.primary)
    assert reported == [
        "from .lazy import x",
        "from pkg import other",
        "from pkg.late import thing",
    ]
    assert {problem.code for problem in found} == {"WIT0761"}


def test_what_is_reported_of_imports_in_functions_is_what_the_component_does(project: Path, tmp_path: Path) -> None:
    names = [
        "decimal",
        "json",
        "random",
        "bz2",
        "xml.sax.handler",
        "math",
        "shop",
        "helper",
        "wit_world.exports",
        "copy",
        "unicodedata",
    ]
    cases = "".join(f"    if what == '{name}':\n            import {name}\n    " for name in names)
    go = f"def go(self, what):\n    {cases}    return what"
    write(project / "app.py", APP.replace("def go(self, what): return what", go))
    write(project / "helper.py", "")
    component = built(project, "late", tmp_path)
    config = load_config(project, out=str(component))
    reported = [problem.message.split("`")[1] for problem in build(config).warnings if problem.code == "WIT0761"]
    failing = [name for name in names if run(["run", "--invoke", "go", str(component), name]) != 0]
    assert failing == reported == ["bz2", "helper"]


def test_a_module_that_this_python_cannot_read_says_nothing_of_its_imports(project: Path) -> None:
    write(project / "app.py", "import newer\n" + APP)
    write(project / "newer.py", "in the grammar of some later Python\n")
    config = load_config(project)
    assert list(late_imports(config, read_guest(config, build_target(config).world))) == []


SAID = {
    "in app.py": (
        "X = wit_world.tick()\n",
        "called trapping stub: tick",
        "X = wit_world.tick()",
        "calls the host while it is imported: tick",
    ),
    "in another module": (
        "import helper\n",
        "called trapping stub: tick",
        "return wit_world.tick()",
        "calls the host while it is imported: tick",
    ),
    "an exit": ("import sys; sys.exit(3)\n", "Exited with i32 exit status 3", "import sys; sys.exit(3)", "ends the"),
    "a class that takes arguments": (
        "class WitWorld:\n    def __init__(self, x): ...\n    def go(self, what): ...\n",
        "TypeError: WitWorld.__init__() missing 1 required positional argument: 'x'\n",
        "class WitWorld:",
        "cannot be instantiated without arguments",
    ),
}


@pytest.mark.parametrize("case", SAID)
def test_what_stops_a_build_without_a_place_gets_one(case: str, project: Path) -> None:
    text, said, place, message = SAID[case]
    write(project / "wit" / "shop.wit", WIT.replace("export go", "import tick: func() -> u32; export go"))
    write(project / "app.py", APP.partition("class WitWorld")[0] + text)
    write(project / "helper.py", "import wit_world\ndef now():\n    return wit_world.tick()\nX = now()\n")
    config = load_config(project)
    problem = failures.explain(f"AssertionError: {said}", build_target(config))
    assert message in problem.message
    assert problem.primary is not None
    assert problem.primary.text == place
    assert not list(project.rglob("__pycache__"))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + APP.encode(),
        APP.replace("\n", "\r\n").encode(),
        b"# -*- coding: latin-1 -*-\n# \xfc\n" + APP.encode(),
    ],
    ids=["a byte order mark", "line ends of Windows", "another encoding"],
)
def test_a_file_that_python_can_read_is_read(content: bytes, project: Path) -> None:
    (project / "app.py").write_bytes(content)
    assert findings(project) == []


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"# coding: nope\nx = 1\n", (1, 1)),
        (b"x = '\0'\n", (1, 1)),
        (b"x = 1\ny = = 2\n", (2, 5)),
        (b"def f():\n    await x\n", (2, 5)),
        (b"def f(a, b, a): ...\n", (1, 13)),
        (b"x = 1\nreturn x\n", (2, 1)),
        (b"from __future__ import braces\n", (1, 1)),
    ],
    ids=["an unknown encoding", "a null byte", "a mistake", "await", "a parameter twice", "return", "the future"],
)
def test_a_file_that_python_cannot_read_is_reported_at_its_place(
    content: bytes, place: tuple[int, int], project: Path
) -> None:
    (project / "app.py").write_bytes(content)
    (problem,) = problems(project)
    assert problem.code == "WIT0755"
    assert problem.primary is not None
    assert problem.primary.source.position(problem.primary.start) == place


@pytest.mark.parametrize("terms", [1_500, 6_000])
def test_a_sum_of_many_terms_is_read_as_far_as_this_python_can(terms: int, project: Path) -> None:
    total = "TEXT = " + " + ".join(["'a'"] * terms)
    write(project / "app.py", f"{total}\n{APP}")
    found = [problem.message for problem in problems(project)]
    too_deep = "not valid Python: an expression is nested too deeply: write it in several statements"
    assert found == [] or (terms > 1_500 and found == [too_deep])
