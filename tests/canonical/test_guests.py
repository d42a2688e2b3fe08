"""Random types and values through real guests, in both directions at once: host to guest, to host, and back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.canonical import plain, sorts
from tests.canonical.relays import relay
from tests.sampled import examples
from witkit import abi
from witkit.canonical.described import Descriptions
from witkit.runtime.cache import Cache
from witkit.runtime.core.blueprint import Blueprint
from witkit.runtime.core.compiling import Mode, Modules
from witkit.runtime.core.instance import CoreInstance
from witkit.runtime.core.plans import Linked
from witkit.wasm.plan import HostFunc, Lift, PlannedResource

FUNCTIONS = 12
SMALL = 3000
"""How many bytes a result may have: there is a place of that size for it."""


@st.composite
def functions(draw: st.DrawFn) -> list[abi.Func]:
    """Functions of random types. The guest has nothing that would drop borrowed handles."""
    made = []
    for _ in range(FUNCTIONS):
        params = draw(st.lists(sorts.types(abi.Own(sorts.THING)), max_size=4))
        result = draw(st.none() | sorts.types(abi.Own(sorts.THING)).filter(lambda type: plain.size(type) < SMALL))
        named = tuple(abi.Param(f"p{i}", t) for i, t in enumerate(params))
        made.append(abi.Func("f", "f", named, result, raises=isinstance(result, abi.Result)))
    return made


class Host:
    """Implements all imports: they answer with what the test wants and keep what they were given."""

    def __init__(self, descriptions: Descriptions) -> None:
        self._descriptions = descriptions
        self.given: list[Any] = []
        self.answer: Any = None

    def function(self, func: HostFunc) -> tuple[abi.Func, Callable[..., Any]]:
        described = self._descriptions.func(func.type, func.name)

        def target(*values: Any) -> Any:
            self.given.append(list(values))
            if not described.raises:
                return self.answer
            if isinstance(self.answer, abi.Err):
                raise abi.Err(self.answer.value)
            return self.answer.value

        return described, target

    def is_observed(self, func: HostFunc) -> bool:
        return False

    def fits(self, resource: PlannedResource) -> None:
        return None


@pytest.fixture(scope="module")
def modules(tmp_path_factory: pytest.TempPathFactory) -> Modules:
    return Modules(Mode(fuel=False), Cache(tmp_path_factory.mktemp("modules")))


@pytest.mark.parametrize("encoding", ["utf8", "utf16", "compact-utf16"])
def test_values_of_random_types_pass_through_a_guest(modules: Modules, tmp_path: Path, encoding: str) -> None:
    @settings(max_examples=examples(3), deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
    @given(functions(), st.data())
    def all_functions(funcs: list[abi.Func], data: st.DataObject) -> None:
        linked = Linked.of(relay(funcs, tmp_path, encoding))
        descriptions = Descriptions(lambda _: sorts.THING)
        host = Host(descriptions)
        instance = CoreInstance(Blueprint(linked, modules), host)
        try:
            for i in range(len(funcs)):
                lift = linked.plan.exports[f"g{i}"]
                assert isinstance(lift, Lift)
                func = descriptions.func(lift.type, f"g{i}")
                call = instance.export(lift, func)
                for _ in range(3):
                    check(func, call, host, data)
        finally:
            instance.close()

    all_functions()


def check(func: abi.Func, call: Callable[..., Any], host: Host, data: st.DataObject) -> None:
    arguments = [data.draw(sorts.values(p.type)) for p in func.params]
    host.answer = None if func.result is None else data.draw(sorts.values(func.result))
    host.given.clear()
    if isinstance(host.answer, abi.Err) and func.raises:
        with pytest.raises(abi.Err) as caught:
            call(*arguments)
        assert caught.value == host.answer
    else:
        assert call(*arguments) == (host.answer.value if func.raises else host.answer)
    assert host.given == [arguments]
