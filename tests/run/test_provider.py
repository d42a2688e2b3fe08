"""`--provider` and `[providers]`: a plain class behind an import, of a component and of a guest under Python."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.guest.building import built
from tests.run.conftest import Guest, Witkit
from tests.run.projects import project
from witkit.program.providers import given
from witkit.program.run import invoke
from witkit.program.settings import RunSettings

KEYVALUE = "spiderlightning:keyvalue/keyvalue"
STORE = """\
from witkit import Err

VALUES = {b: v for b, v in [("runs", bytes([6]))]}
CLOSED = []


class Store:
    class Keyvalue:
        @staticmethod
        def open(name):
            found = Store.Keyvalue()
            found.name = name
            return found

        def get(self, key):
            if key not in VALUES:
                raise Err({"key-not-found": key})
            return VALUES[key]

        def set(self, key, value):
            VALUES[key] = value

    def close(self):
        print("closed with", VALUES["runs"][0])
"""


def written(folder: Path, text: str = STORE, name: str = "") -> str:
    """A module of its own for each test, because Python keeps modules."""
    module = f"provider_{folder.name.replace('-', '_')}{name}"
    (folder / f"{module}.py").write_text(text)
    return module


def test_a_plain_class_provides_resources_and_is_closed_at_the_end(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    outcome = witkit("run", "--provider", f"{KEYVALUE}={written(tmp_path)}:Store", guest("counter"))
    assert (outcome.code, outcome.out, outcome.err) == (0, "run 7\nclosed with 7\n", "")


def test_calls_of_a_provider_are_traced(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    outcome = witkit("run", "--trace", "--provider", f"{KEYVALUE}={written(tmp_path)}:Store", guest("counter"))
    assert outcome.out == "run 7\nclosed with 7\n"
    assert "get" in outcome.err
    assert "runs" in outcome.err


def test_a_declared_error_is_a_plain_value(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    module = written(tmp_path, STORE.replace('("runs", bytes([6]))', ""))
    outcome = witkit("run", "--provider", f"{KEYVALUE}={module}:Store", guest("counter"))
    assert outcome.out == "run 1\nclosed with 1\n"


def test_the_file_of_the_project_names_providers_by_interface_and_by_label(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    module = written(tmp_path, STORE.replace('"runs"', '"book"'))
    (tmp_path / "witkit.toml").write_text(f'[providers]\n"{KEYVALUE}@0.5.1" = "{module}:Store"\n')
    assert witkit("run", "--invoke", "has-book", guest("labelled")).err == ""
    (tmp_path / "witkit.toml").write_text(f'[providers]\norders = "{module}:Store"\n')
    assert witkit("run", "--check", "--invoke", "has-book", guest("labelled")).code == 0


def test_what_a_class_lacks_is_listed_before_the_run(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    text = STORE.replace("def set(self, key, value)", "def set(self, key)").replace(
        "def open(name)", "def opened(name)"
    )
    module = written(tmp_path, text)
    outcome = witkit("run", "--check", "--provider", f"{KEYVALUE}={module}:Store", guest("counter"))
    assert outcome.code == 1
    assert "`Store.Keyvalue.set` cannot take the parameters of" in outcome.out
    assert "has no function `open`" in outcome.out
    assert outcome.out.count(f"{module}.py:7:1") == 2
    assert witkit("run", "--provider", f"{KEYVALUE}={module}:Store", guest("counter")).code == 1


def test_an_exception_is_one_line_with_its_place(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    module = written(tmp_path, STORE.replace("VALUES[key] = value", "raise ValueError('no room')"))
    outcome = witkit("run", "--provider", f"{KEYVALUE}={module}:Store", guest("counter"))
    assert outcome.code == 1
    assert "error[WIT0809]: the implementation of" in outcome.err
    assert "failed in `[method]keyvalue.set`: ValueError: no room" in outcome.err
    assert f"{module}.py:21:13" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_provider_that_cannot_be_loaded_is_reported_at_its_line(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    (tmp_path / "witkit.toml").write_text(f'[providers]\n"{KEYVALUE}" = "no_such_module:Store"\n')
    outcome = witkit("run", guest("counter"))
    assert outcome.code == 2
    assert "error[WIT0910]: the provider `no_such_module:Store` cannot be loaded: ModuleNotFoundError" in outcome.err
    assert "--> witkit.toml:2:1" in outcome.err


@pytest.mark.parametrize("text", ["raise SystemExit(7)\n", "class Store:\n    def __init__(self): exit(7)\n"])
def test_a_provider_that_ends_the_program_is_reported(text: str, witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    module = written(tmp_path, text)
    outcome = witkit("run", "--provider", f"{KEYVALUE}={module}:Store", guest("counter"))
    assert outcome.code == 2
    assert f"error[WIT0910]: the provider `{module}:Store` cannot be loaded: SystemExit: 7" in outcome.err


def test_a_class_that_is_the_resource_itself_is_reported_with_what_it_has_to_be(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    module = written(tmp_path, "class Keyvalue:\n    def __init__(self, name):\n        self.name = name\n")
    outcome = witkit("run", "--provider", f"{KEYVALUE}={module}:Keyvalue", guest("counter"))
    assert outcome.code == 2
    assert f"the provider `{module}:Keyvalue` needs the argument `name`" in outcome.err
    assert "A resource is a class inside the provider" in outcome.err


@pytest.mark.parametrize("text", ["x", "=m", "x=", "x=a b", "x=m:"])
def test_a_wrong_option_is_wrong_use(text: str, witkit: Witkit, guest: Guest) -> None:
    outcome = witkit("run", "--provider", text, guest("counter"))
    assert outcome.code == 2
    assert "a provider has the form INTERFACE=MODULE" in " ".join(outcome.err.split())


def test_an_option_for_what_is_not_imported_is_reported_and_a_line_of_the_file_is_not(
    witkit: Witkit, guest: Guest, tmp_path: Path
) -> None:
    module = written(tmp_path)
    outcome = witkit("run", "--provider", f"spiderlightning:keyvalue/keyvalu={module}:Store", guest("counter"))
    assert outcome.code == 2
    assert "`--provider` names `spiderlightning:keyvalue/keyvalu`, which is not imported" in outcome.err
    assert "did you mean `spiderlightning:keyvalue/keyvalue`?" in outcome.err
    (tmp_path / "witkit.toml").write_text(f'[providers]\n"example:other/one" = "{module}:Store"\n')
    assert witkit("run", "--quiet", guest("counter")).out == "run 1\n"


WORLD = """\
interface shop {
  enum kind { tea, tea-pot }
  flags how { fast, gift-wrapped }
  record order { item: kind, count: u32, note: option<string> }
  variant problem { closed, too-many(u32) }
  resource basket {
    constructor(limit: u32);
    add: func(order: order, how: how) -> result<u32, problem>;
    orders: func() -> list<order>;
  }
}
world shopping {
  import shop;
  import log: func(line: string);
  export buy: func(count: u32) -> string;
}
"""
APP = """\
import wit_world
from componentize_py_types import Err
from wit_world.imports import shop


class WitWorld(wit_world.WitWorld):
    def buy(self, count: int) -> str:
        basket = shop.Basket(5)
        order = shop.Order(shop.Kind.TEA_POT, count, None)
        try:
            number = basket.add(order, shop.How.FAST | shop.How.GIFT_WRAPPED)
        except Err as refused:
            return f"too many by {refused.value.value}"
        wit_world.log(f"number {number}")
        return " ".join(f"{each.item.name} {each.count} {each.note}" for each in basket.orders())
"""
SHOP = """\
from witkit import Err


class Shop:
    class Basket:
        def __init__(self, limit):
            self.limit, self.kept = limit, []

        def add(self, order, how):
            assert how == {"fast", "gift-wrapped"} and order.item == "tea-pot" and order.note is None
            if order.count > self.limit:
                raise Err({"too-many": order.count - self.limit})
            self.kept += [order, {"item": "tea", "count": 1, "note": "free"}]
            return 1

        def orders(self):
            return self.kept

    def log(self, line):
        print(line)
"""


def test_a_guest_under_python_gets_plain_values_too(witkit: Witkit, tmp_path: Path) -> None:
    module, app = written(tmp_path, SHOP), project(tmp_path, WORLD, APP)
    options = ("--provider", f"example:project/shop={module}:Shop", "--provider", f"log={module}:Shop")
    outcome = witkit("run", *options, "--invoke", "buy", app, "2")
    assert (outcome.code, outcome.out, outcome.err) == (0, 'number 1\n"TEA_POT 2 None TEA 1 free"\n', "")
    assert witkit("run", *options, "--invoke", "buy", app, "7").out == '"too many by 2"\n'


def test_a_plain_value_that_does_not_fit_is_reported_with_the_function(witkit: Witkit, tmp_path: Path) -> None:
    module = written(tmp_path, SHOP.replace('"item": "tea", ', '"item": "milk", '))
    app = project(tmp_path, WORLD, APP)
    options = ("--provider", f"example:project/shop={module}:Shop", "--provider", f"log={module}:Shop")
    outcome = witkit("run", *options, "--invoke", "buy", app, "2")
    assert outcome.code == 1
    assert "what `example:project/shop@0.1.0#[method]basket.orders` returned does not fit its type" in outcome.err
    assert "[1].item is not one of tea, tea-pot" in outcome.err
    assert f"{module}.py:16:9" in outcome.err


def test_every_import_of_a_component_can_have_a_provider(witkit: Witkit, guest: Guest, tmp_path: Path) -> None:
    text = "def tomorrow(): return 'rain'\ndef get(key): return key\ndef log(line): print(f'<{line}>')\n"
    module = written(tmp_path, text)
    (tmp_path / "witkit.toml").write_text(f"""\
[providers]
"example:weather/forecast" = "{module}"
"{KEYVALUE}@0.4.0" = "{module}"
log = "{module}"
""")
    outcome = witkit("run", "--quiet", guest("greedy"))
    assert (outcome.code, outcome.out, outcome.err) == (0, "<>\n", "")


@pytest.mark.parametrize(("count", "answer"), [("2", "TEA_POT 2 None TEA 1 free"), ("7", "too many by 2")])
def test_a_component_gets_the_same_plain_values(
    count: str, answer: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, app = written(tmp_path, SHOP), project(tmp_path, WORLD, APP)
    component = built(app.parent, "shopping", tmp_path)
    monkeypatch.chdir(tmp_path)
    providers = given([f"example:project/shop={module}:Shop", f"log={module}:Shop"])
    assert invoke(component, "buy", [count], RunSettings(providers=providers)).value == answer
