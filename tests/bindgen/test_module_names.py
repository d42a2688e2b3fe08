"""Names of modules that a user chooses, and names that stay when a world grows."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.bindgen import ModuleNames, generate
from witkit.bindgen.common.module_names import chosen_names
from witkit.ir import load
from witkit.ir.model import World
from witkit.text import WitkitError

_PACKAGES = """
package a:b@1.2.0;
interface store { f: func(); }
interface %import { g: func(); }
world one { import store; }
world two { import store; import x:y/store; import x:y/store@2.0.0; }
world both { import store; export store; import x:y/store; export tools: interface { record r { a: u8 } add: func(); } }
"""
_OTHER = "package x:y@{0};\ninterface store {{ f: func(); }}\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("names")
    worlds = _PACKAGES.replace("x:y/store;", "x:y/store@1.0.0;")
    (folder / "a.wit").write_text(worlds)
    (folder / "deps").mkdir()
    for version in ("1.0.0", "2.0.0"):
        (folder / "deps" / f"x-{version}.wit").write_text(_OTHER.format(version))
    return folder


def _world(folder: Path, name: str) -> World:
    return load(folder).world(name)


def _modules(world: World, target: str, names: ModuleNames | None = None) -> list[str]:
    made = generate(world, target, package="p", names=names)
    hidden = ("__init__", "_witkit")
    return [str(f.path.with_suffix("")) for f in made if f.path.suffix == ".py" and f.path.stem not in hidden]


def test_a_second_interface_of_a_name_does_not_rename_the_first(folder: Path) -> None:
    assert _modules(_world(folder, "one"), "host") == ["p/store"]
    assert _modules(_world(folder, "two"), "host") == ["p/store", "p/x_y_store", "p/x_y_store_2_0_0"]


def test_full_names_depend_on_the_interface_alone(folder: Path) -> None:
    full = ModuleNames(full=True)
    assert _modules(_world(folder, "one"), "host", full) == ["p/a_b_store_1_2_0"]
    assert "p/a_b_store_1_2_0" in _modules(_world(folder, "two"), "host", full)
    exported = ["p/a_b_store_1_2_0", "p/a_b_store_1_2_0_export", "p/tools_export", "p/x_y_store_1_0_0"]
    assert _modules(_world(folder, "both"), "host", full) == exported


@pytest.mark.parametrize(
    ("names", "modules"),
    [
        (ModuleNames(), ["exports/store", "exports/tools", "imports/a_b_store", "imports/x_y_store"]),
        (
            ModuleNames(full=True),
            ["exports/a_b_store_1_2_0", "exports/tools", "imports/a_b_store_1_2_0", "imports/x_y_store_1_0_0"],
        ),
        (
            chosen_names(["a:b/store@1.2.0=My-Store"], ["tools=class"]),
            ["exports/class_", "exports/store", "imports/my_store", "imports/x_y_store"],
        ),
    ],
)
def test_a_guests_modules_are_called_as_componentize_py_calls_them(
    folder: Path, names: ModuleNames, modules: list[str]
) -> None:
    made = [m.removeprefix("p/") for m in _modules(_world(folder, "both"), "guest", names) if m.startswith("p/")]
    assert made == modules


def test_a_chosen_name_counts_for_module_argument_and_attribute(folder: Path) -> None:
    names = chosen_names(["a:b/store@1.2.0=kept"], ["a:b/store@1.2.0=offered"])
    files = {f.path.name: f.text for f in generate(_world(folder, "both"), "host", package="p", names=names)}
    assert {"kept.py", "offered.py", "x_y_store.py", "tools.py"} <= files.keys()
    assert "kept: _Store | runtime.ExportedInterface" in files["__init__.py"]
    assert "def offered(self) -> " in files["__init__.py"]


@pytest.mark.parametrize(
    ("imports", "exports", "message"),
    [
        (["a:b/store=x"], [], "the world does not import an interface `a:b/store`"),
        ([], ["tool=x"], "the world does not export an interface `tool`"),
        (["a:b/store@1.2.0=1x"], [], "`1x` cannot name the module of `a:b/store@1.2.0`"),
        (["a:b/store@1.2.0=é"], [], "`é` cannot name the module of `a:b/store@1.2.0`"),
        (["a:b/store@1.2.0"], [], "`a:b/store@1.2.0` is not of the form `INTERFACE=NAME`"),
        (
            ["a:b/store@1.2.0=x", "x:y/store@1.0.0=X"],
            [],
            "the import `a:b/store@1.2.0` and the import `x:y/store@1.0.0` would both be the module `x`",
        ),
    ],
)
@pytest.mark.parametrize("target", ["host", "guest"])
def test_a_name_that_cannot_be_used_is_refused(
    folder: Path, target: str, imports: list[str], exports: list[str], message: str
) -> None:
    with pytest.raises(WitkitError) as refused:
        generate(_world(folder, "both"), target, names=chosen_names(imports, exports))
    assert [problem.message for problem in refused.value.diagnostics] == [message]


def test_a_chosen_name_that_another_import_has_is_refused_for_a_guest(folder: Path) -> None:
    with pytest.raises(WitkitError, match="would both be the module `x_y_store`"):
        generate(_world(folder, "both"), "guest", names=chosen_names(["a:b/store@1.2.0=x-y-store"], []))


def test_host_modules_of_both_directions_share_a_folder(folder: Path) -> None:
    names = chosen_names(["a:b/store@1.2.0=x"], ["tools=x"])
    with pytest.raises(WitkitError, match="would both be the module `x`"):
        generate(_world(folder, "both"), "host", names=names)
    assert generate(_world(folder, "both"), "guest", names=names)
