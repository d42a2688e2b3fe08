"""Generated packages at work: components made by wasm-tools, imports given in the way that the classes say."""

from __future__ import annotations

import importlib
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from tests.bindgen.worlds import dummy
from tests.generated import write
from witkit import abi, runtime
from witkit.bindgen import generate
from witkit.bindgen.host.types import HANDLE_MEMBERS
from witkit.bindgen.host.world import ARGUMENTS, INSTANCE_MEMBERS
from witkit.ir import load
from witkit.text import WitkitError


class Generated:
    """A package made of WIT text, imported, and a component of its world that only traps."""

    def __init__(self, wit: str, folder: Path) -> None:
        (folder / "w.wit").write_text(wit, encoding="utf-8")
        loaded = load(folder / "w.wit")
        name = "made_" + folder.name.replace("-", "_")
        write(generate(loaded.world("w"), "host", package=name), folder)
        made = dummy(folder / "w.wit", "w", folder)
        assert made.returncode == 0, made.stderr
        self.package: Any = importlib.import_module(name)
        self.component: Any = self.package.WComponent.load(folder / "dummy.wasm")

    def module(self, name: str) -> Any:
        return importlib.import_module(f"{self.package.__name__}.{name}")


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(str(tmp_path))
    known = set(sys.modules)
    yield lambda wit: Generated(wit, tmp_path)
    for name in set(sys.modules) - known:
        if name.startswith("made_"):
            del sys.modules[name]


WASI = """
package wasi:cli@0.2.0 {
  interface environment { initial-cwd: func() -> option<string>; }
}
"""


def test_an_import_of_wasi_need_not_be_given(make: Any) -> None:
    made = make("package a:b;\nworld w { import wasi:cli/environment@0.2.0; export f: func(); }" + WASI)
    with made.component.instantiate() as instance:
        assert not instance.closed


def test_an_import_that_is_not_given_is_reported_before_anything_runs(make: Any) -> None:
    made = make("package a:b;\nworld w { import i: interface { f: func(); } }")
    with pytest.raises(WitkitError, match="WIT0710"):
        made.component.instantiate(i=None)


def test_an_import_named_as_optional_may_be_left_out(make: Any) -> None:
    made = make("package a:b;\nworld w { import i: interface { f: func(); } }")
    with made.component.instantiate(i=None, optional=["i"]) as instance:
        assert not instance.closed


def test_two_versions_of_a_package_stand_side_by_side(make: Any) -> None:
    made = make(
        """
        package a:b;
        world w { import c:d/e@0.1.0; import c:d/e@0.2.0; export c:d/e@0.2.0; }
        package c:d@0.1.0 { interface e { record r { x: u8 } f: func() -> r; } }
        package c:d@0.2.0 { interface e { record r { y: u8 } f: func() -> r; } }
        """
    )
    old, new = made.module("e"), made.module("c_d_e_0_2_0")
    assert old.R(x=1).x == 1
    assert new.R(y=2).y == 2

    class Either:
        def f(self) -> object:
            return new.R(2)

    with made.component.instantiate(e=Either(), c_d_e_0_2_0=Either()) as instance:
        assert type(instance.e).__name__ == "E"


def test_an_interface_imported_under_two_labels_takes_two_implementations(make: Any) -> None:
    made = make(
        """
        package a:b;
        interface store { resource bucket { constructor(); } open: func() -> bucket; }
        world w { import one: store; import two: store; export f: func(); }
        """
    )

    class Store:
        class Bucket:
            pass

        def open(self) -> Store.Bucket:
            return self.Bucket()

    labels = [(one.argument, one.label, one.interface.name) for one in made.package.WORLD.imports]
    assert labels == [("one", "one", "a:b/store"), ("two", "two", "a:b/store")]
    with made.component.instantiate(one=Store(), two=Store()) as instance:
        assert not instance.closed


def test_values_without_resources_are_the_same_classes_on_both_sides(make: Any) -> None:
    made = make(
        """
        package a:b;
        interface i { record r { x: u8 } resource h { constructor(); } record holds { h: h } f: func(r: r, k: holds); }
        world w { import i; export i; }
        """
    )
    imported, exported = made.module("i"), made.module("i_export")
    assert imported.R is exported.R
    assert imported.Holds is not exported.Holds
    assert imported.H is not exported.H
    assert issubclass(exported.H, runtime.GuestResource)


def test_a_deprecated_function_warns_when_it_is_called(make: Any) -> None:
    made = make(
        """
        package a:b@1.2.0;
        interface i {
          @since(version = 1.0.0)
          @deprecated(version = 1.2.0)
          old: func();
        }
        world w { export i; }
        """
    )
    with made.component.instantiate() as instance, warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(DeprecationWarning, match=r"deprecated since version 1\.2\.0"):
            instance.i.old()


def test_a_function_that_traps_says_so(make: Any) -> None:
    made = make("package a:b;\nworld w { export f: func() -> u32; }")
    with made.component.instantiate() as instance, pytest.raises(runtime.Trap):
        instance.f()


def test_generated_members_never_hide_those_of_the_runtime() -> None:
    def public(cls: type) -> set[str]:
        return {name for name in dir(cls) if not name.startswith("_")}

    assert public(runtime.Instance) == INSTANCE_MEMBERS
    assert public(runtime.GuestResource) == HANDLE_MEMBERS
    assert public(runtime.ExportedInterface) == set()
    assert {"wasi", "limits", "optional"} < ARGUMENTS


def test_the_deprecation_marker_keeps_name_and_result() -> None:
    @abi.deprecated("since 1.0.0")
    def answer() -> int:
        """Docs."""
        return 42

    with pytest.warns(DeprecationWarning, match=r"since 1\.0\.0"):
        assert answer() == 42
    assert (answer.__name__, answer.__doc__) == ("answer", "Docs.")
