"""Which function `--invoke` means, and what its arguments become."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from witkit import abi
from witkit.program.exported import ExportedFunction, arguments, named
from witkit.text import WitkitError

GREET = abi.Func("greet", "greet", (abi.Param("name", abi.STRING),), abi.STRING)
COUNT = abi.Func("count", "count", (), abi.U32)


@dataclass
class Shop:
    """Two interfaces that both have `count`, one of them with `greet`."""

    name: str = "shop.wasm"
    exports: tuple[str, ...] = ("a:shop/desk@1.0.0", "a:shop/stock@1.0.0")
    functions: dict[str, tuple[abi.Func, ...]] = field(
        default_factory=lambda: {"a:shop/desk@1.0.0": (GREET, COUNT), "a:shop/stock@1.0.0": (COUNT,)}
    )

    def interface(self, name: str) -> abi.Interface:
        return abi.Interface(name, functions=self.functions.get(name, ()))


@pytest.mark.parametrize("name", ["greet", "desk.greet", "desk#greet", "a:shop/desk@1.0.0#greet"])
def test_a_function_goes_by_several_names(name: str) -> None:
    assert named(Shop(), name) == ExportedFunction("a:shop/desk@1.0.0", GREET)


def test_a_name_that_means_several_functions_is_refused_with_their_names() -> None:
    with pytest.raises(WitkitError, match="several functions are called `count`") as caught:
        named(Shop(), "count")
    assert caught.value.diagnostics[0].help == "use one of desk.count, stock.count"
    assert named(Shop(), "stock.count").interface == "a:shop/stock@1.0.0"


@pytest.mark.parametrize(
    ("given", "value"), [("Ada", "Ada"), ('"Ada"', "Ada"), ("42", "42"), ("null", "null"), ("NaN", "NaN"), ("[", "[")]
)
def test_a_string_needs_no_quotes_whatever_it_looks_like(given: str, value: str) -> None:
    assert arguments(ExportedFunction("", GREET), [given], "shop.wasm") == [value]


@pytest.mark.parametrize(
    ("func", "given", "message"),
    [
        (GREET, [], "`greet` takes 1 argument, not 0"),
        (COUNT, ["1", "2"], "`count` takes 0 arguments, not 2"),
    ],
)
def test_a_wrong_number_of_arguments_is_reported(func: abi.Func, given: list[str], message: str) -> None:
    with pytest.raises(WitkitError) as caught:
        arguments(ExportedFunction("", func), given, "shop.wasm")
    assert caught.value.diagnostics[0].message == message
