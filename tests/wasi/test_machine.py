"""cli, clocks, random and io in a component: the answers of wasmtime's WASI, which a guest under CPython gives, too."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from tests.guest.machines import INPUT, Machine, machine
from tests.guest.test_machine_as_in_wasm import SAME
from tests.wasi.asking import outcome
from witkit.runtime import Wasi
from witkit.wasi import Machine as Ours


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with machine(tmp_path_factory.mktemp("machine")) as made:
        yield made


def ours(guest: Machine, expression: str) -> tuple[str, bytes, bytes]:
    """What an expression gives, and what was written to both outputs."""
    out, err = io.BytesIO(), io.BytesIO()
    granted = Wasi(stdin=INPUT, stdout=out.write, stderr=err.write)
    with Ours(granted) as used, guest.component.instantiate(used.provided()) as instance:
        answer = outcome(lambda: str(instance.function(None, "evaluate")(expression)))
    return answer, out.getvalue(), b"" if answer == "trap" else err.getvalue()


@pytest.mark.parametrize("expression", SAME)
def test_an_answer_is_that_of_wasmtime(expression: str, guest: Machine) -> None:
    assert ours(guest, expression) == guest.in_wasm(expression)
