"""Tables of handles, and the bookkeeping of one call, without a guest."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest

from witkit import abi
from witkit.canonical.errors import Violation
from witkit.runtime import HandleLimitError
from witkit.runtime.core.boundary import Boundary, BoundResource, Call, HostCall
from witkit.runtime.core.compiling import Modules
from witkit.runtime.core.component_instance import ComponentInstance
from witkit.runtime.core.resources import ResourceType
from witkit.runtime.core.state import State
from witkit.runtime.core.tables import MOST, Handle, HandleTable
from witkit.runtime.limits import Limits
from witkit.runtime.resource import GuestResource

STORE, COUNTER = abi.Resource("store", "Store"), abi.Resource("counter", "Counter")


@pytest.fixture
def insts(modules: Modules) -> Iterator[list[ComponentInstance]]:
    """Three component instances in one store."""
    state = State(modules.mode, Limits())
    yield [ComponentInstance(state, number) for number in range(3)]
    state.close()


@pytest.fixture
def inst(insts: list[ComponentInstance]) -> ComponentInstance:
    return insts[1]


@pytest.fixture
def store() -> BoundResource:
    return BoundResource(ResourceType("store", None), STORE)


@pytest.fixture
def counter(inst: ComponentInstance) -> BoundResource:
    type = ResourceType("counter", inst)
    type.destructor = list[int]().append
    return BoundResource(type, COUNTER)


def destroyed(counter: BoundResource) -> Any:
    """The numbers that the destructor was called with."""
    return counter.type.destructor.__self__  # type: ignore[union-attr]


# ---- tables -------------------------------------------------------------------------------------


def test_the_first_index_is_one_and_a_freed_one_is_used_again(store: BoundResource) -> None:
    table = HandleTable()
    handles = [Handle(store.type, n, own=True) for n in range(5)]
    assert [table.add(handle) for handle in handles] == [1, 2, 3, 4, 5]
    table.take(store.type, 2)
    table.take(store.type, 4)
    assert [table.add(handles[0]), table.add(handles[0]), table.add(handles[0])] == [4, 2, 6]
    assert len(table) == 6


@pytest.mark.parametrize("index", [0, 2, 3, 1 << 31, (1 << 32) - 1])
def test_an_index_that_is_not_in_use_breaks_a_rule(store: BoundResource, index: int) -> None:
    table = HandleTable()
    table.add(Handle(store.type, 1, own=True))
    table.discard(table.add(Handle(store.type, 1, own=True)))
    with pytest.raises(Violation, match=f"unknown handle index {index}$"):
        table.handle(store.type, index)


def test_an_index_of_another_resource_breaks_a_rule(store: BoundResource, counter: BoundResource) -> None:
    table = HandleTable()
    table.add(Handle(store.type, 1, own=True))
    with pytest.raises(Violation, match="handle index 1 used with the wrong type, expected counter"):
        table.handle(counter.type, 1)


def test_a_table_ends(store: BoundResource) -> None:
    table = HandleTable()
    handle = Handle(store.type, 1, own=True)
    for _ in range(MOST):
        table.add(handle)
    with pytest.raises(Violation, match="handle limit exceeded"):
        table.add(handle)
    table.discard(5)
    assert table.add(handle) == 5


def test_a_table_behaves_as_a_dictionary(store: BoundResource) -> None:
    table, model, chance = HandleTable(), dict[int, Handle](), random.Random(1)
    for _ in range(3000):
        if model and chance.random() < 0.48:
            index = chance.choice(list(model))
            assert table.take(store.type, index) is model.pop(index)
        else:
            handle = Handle(store.type, object(), own=True)
            index = table.add(handle)
            assert index not in model
            model[index] = handle
        assert len(table) == len(model)
    assert sorted(map(id, table.clear())) == sorted(map(id, model.values()))


# ---- built-ins ----------------------------------------------------------------------------------


def test_a_guest_makes_reads_and_drops_its_own_resource(inst: ComponentInstance, counter: BoundResource) -> None:
    index = inst.new(counter.type, 42)
    assert inst.rep(counter.type, index) == 42
    inst.drop(counter.type, index)
    assert destroyed(counter) == [42]
    with pytest.raises(Violation, match="unknown handle index 1"):
        inst.drop(counter.type, index)


def test_dropping_a_handle_to_a_host_object_tells_the_object(inst: ComponentInstance, store: BoundResource) -> None:
    said: list[str] = []

    class Told:
        def __wit_dropped__(self) -> None:
            said.append("dropped")

        def __wit_ended__(self) -> None:
            said.append("ended")

    call = HostCall(inst)
    one, _ = call.lower_own(store, Told()), call.lower_own(store, Told())
    call.sent = True
    call.end()
    inst.drop(store.type, one)
    assert said == ["dropped"]
    inst.end()
    assert said == ["dropped", "ended"]


# ---- calls --------------------------------------------------------------------------------------


def test_a_lent_handle_cannot_be_dropped_or_given_away(inst: ComponentInstance, counter: BoundResource) -> None:
    index = inst.new(counter.type, 7)
    call = Call(inst)
    assert call.lift_borrow(counter, index) == 7
    assert call.lift_borrow(counter, index) == 7
    for forbidden in (lambda: inst.drop(counter.type, index), lambda: call.lift_own(counter, index)):
        with pytest.raises(Violation, match="cannot remove owned resource while borrowed"):
            forbidden()
    call.end()
    assert Call(inst).lift_own(counter, index) == 7


def test_a_borrowed_handle_cannot_be_given_away(insts: list[ComponentInstance], counter: BoundResource) -> None:
    call = Call(insts[2])
    index = call.lower_borrow(counter, 7)
    with pytest.raises(Violation, match="expected own, found borrow"):
        call.lift_own(counter, index)


def test_a_borrowed_handle_must_be_dropped_before_the_call_ends(
    insts: list[ComponentInstance], counter: BoundResource
) -> None:
    call = Call(insts[2])
    index = call.lower_borrow(counter, 7)
    with pytest.raises(Violation, match="borrow handles still remain at the end of the call"):
        call.returned()
    insts[2].drop(counter.type, index)
    call.returned()
    assert destroyed(counter) == []


def test_whoever_implements_a_resource_is_lent_its_own_number(inst: ComponentInstance, counter: BoundResource) -> None:
    call = Call(inst)
    assert call.lower_borrow(counter, 7) == 7
    call.returned()
    assert len(inst.table) == 0


def test_what_was_never_sent_is_taken_back(
    insts: list[ComponentInstance], counter: BoundResource, store: BoundResource
) -> None:
    host: Any = HostCall(insts[1])
    handle = made(insts[1], counter, 5)
    host.lower_own(counter, handle)
    host.lower_own(store, "object")
    host.lower_borrow(store, "object")
    assert len(insts[1].table) == 3
    with pytest.raises(abi.HandleError, match="was closed, or given away"):
        host.lower_own(counter, handle)
    host.end()
    assert len(insts[1].table) == 0
    again = HostCall(insts[1])
    assert again.lower_borrow(counter, handle) == 5
    again.end()
    handle.close()
    assert destroyed(counter) == [5]


def made(inst: ComponentInstance, counter: BoundResource, rep: int) -> GuestResource:
    """A resource of the guest's, given to the host."""
    index = inst.new(counter.type, rep)
    call = HostCall(inst)
    given: GuestResource = call.lift_own(counter, index)
    call.end()
    return given


def test_a_handle_that_the_host_closes_during_a_call_is_destroyed_after_it(
    inst: ComponentInstance, counter: BoundResource
) -> None:
    handle = made(inst, counter, 5)
    one, other = HostCall(inst), HostCall(inst)
    one.lower_borrow(counter, handle)
    other.lower_borrow(counter, handle)
    handle.close()
    one.end()
    assert destroyed(counter) == []
    other.end()
    assert destroyed(counter) == [5]


def test_a_handle_that_is_lent_is_not_given_away(inst: ComponentInstance, counter: BoundResource) -> None:
    handle = made(inst, counter, 5)
    call = HostCall(inst)
    call.lower_borrow(counter, handle)
    with pytest.raises(abi.HandleError, match="is lent to a call that has not ended"):
        call.lower_own(counter, handle)
    call.end()
    handle.close()
    assert destroyed(counter) == [5]


@pytest.mark.parametrize("wrong", [None, 5])
def test_the_host_lends_only_what_fits(inst: ComponentInstance, wrong: object) -> None:
    texts = BoundResource(ResourceType("store", None, lambda value: isinstance(value, str)), STORE)
    for lower in (HostCall(inst).lower_own, HostCall(inst).lower_borrow):
        with pytest.raises(TypeError, match=f"expected a store resource, got {type(wrong).__name__}"):
            lower(texts, wrong)
    assert len(inst.table) == 0


def test_a_handle_of_another_instance_is_refused(
    modules: Modules, inst: ComponentInstance, counter: BoundResource
) -> None:
    other = State(modules.mode, Limits())
    handle = made(inst, counter, 5)
    with pytest.raises(abi.HandleError, match="belongs to another instance"):
        HostCall(ComponentInstance(other, 0)).lower_borrow(counter, handle)
    other.close()
    handle.close()


def test_a_handle_to_another_resource_is_refused(inst: ComponentInstance, counter: BoundResource) -> None:
    handle = made(inst, counter, 5)
    with pytest.raises(TypeError, match="expected counter, got a handle to another resource"):
        HostCall(inst).lower_own(BoundResource(ResourceType("counter", inst), COUNTER), handle)
    handle.close()


def test_a_handle_too_many_is_an_error_of_the_host(inst: ComponentInstance, store: BoundResource) -> None:
    call = HostCall(inst)
    for _ in range(MOST):
        call.lower_own(store, "object")
    with pytest.raises(HandleLimitError, match="an instance holds at most 99,999 live handles"):
        call.lower_own(store, "object")
    call.end()
    assert len(inst.table) == 0


# ---- who may call whom --------------------------------------------------------------------------


def test_an_instance_that_may_not_be_left_calls_nothing(inst: ComponentInstance) -> None:
    ran: list[int] = []
    run = inst.leaving(ran.append)
    inst.may_leave = False
    with pytest.raises(Violation, match="cannot leave component instance"):
        run(1)
    inst.may_leave = True
    run(2)
    assert ran == [2]


def test_a_boundary_knows_whose_resources_cross(
    inst: ComponentInstance, store: BoundResource, counter: BoundResource
) -> None:
    boundary = Boundary(inst, {STORE: store.type, COUNTER: counter.type})
    assert [boundary.is_host(STORE), boundary.is_host(COUNTER)] == [True, False]
    call = boundary.begin()
    index = call.lower_own(boundary.resource(STORE), "object")
    assert boundary.lent(boundary.resource(STORE), index) == "object"
