"""What a guest may use up."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.runtime.moments import when_the_guest_runs
from witkit.runtime import Engine, Instance, Limits, Reason, Trap, UntypedComponent
from witkit.runtime.errors import trap_of
from witkit.text import WitkitError

HOST = "t:behave/host"


@pytest.fixture(scope="module")
def component(engine: Engine) -> UntypedComponent:
    return engine.load(guests.behaviour())


def test_a_spinning_guest_is_stopped_at_its_timeout(component: UntypedComponent) -> None:
    with component.instantiate(limits=Limits(timeout=0.2), optional=[HOST]) as instance:
        begin = time.perf_counter()
        with pytest.raises(Trap, match="ran longer than its timeout") as caught:
            instance.function(None, "spin")()
        assert caught.value.reason is Reason.TIMEOUT
        assert time.perf_counter() - begin >= 0.2


@pytest.mark.parametrize("timeout", [None, 60])
def test_a_spinning_guest_can_be_interrupted_from_another_thread(timeout: float | None) -> None:
    engine = Engine(cache=False)
    component = engine.load(guests.behaviour())
    with component.instantiate(limits=Limits(timeout=timeout), optional=[HOST]) as instance:
        other = when_the_guest_runs(engine.interrupt)
        with pytest.raises(Trap) as caught:
            instance.function(None, "spin")()
        other.join()
    assert caught.value.reason is Reason.INTERRUPTED


def test_a_timeout_starts_again_for_each_call(component: UntypedComponent) -> None:
    def takes_longer(timeout: float) -> bool:
        """Whether calls can take longer together. A busy machine may need longer for one of them."""
        with component.instantiate(limits=Limits(timeout=timeout), optional=[HOST]) as instance:
            nop = instance.function(None, "nop")
            began = time.monotonic()
            try:
                for _ in range(5):
                    time.sleep(0.3 * timeout)
                    nop()
            except Trap:
                return False
            return time.monotonic() - began > timeout

    assert any(map(takes_longer, (1, 2, 4, 8)))


def test_limits_of_one_call_end_with_their_block(component: UntypedComponent) -> None:
    with component.instantiate(optional=[HOST]) as instance:
        nop = instance.function(None, "nop")
        with instance.limited(Limits(timeout=3)):
            nop()
        time.sleep(3.1)
        nop()
        with instance.limited(Limits(timeout=0.05)), pytest.raises(Trap) as caught:
            instance.function(None, "spin")()
        assert caught.value.reason is Reason.TIMEOUT


def test_limits_of_one_call_leave_the_others_in_force(component: UntypedComponent) -> None:
    started = component.instantiate(limits=Limits(memory=10 << 20), optional=[HOST])
    with started as instance, instance.limited(Limits(timeout=5)):
        assert instance.function(None, "grow")() * 65536 <= 10 << 20


def test_a_nested_call_does_not_wind_the_clock_up_again(component: UntypedComponent) -> None:
    instances: list[Instance] = []

    class Host:
        def hit(self, n: int) -> int:
            instances[0].function(None, "nop")()
            return n

        def __getattr__(self, name: str) -> Any:
            return lambda *_: None

    begin = time.perf_counter()
    with component.instantiate({HOST: Host()}, limits=Limits(timeout=0.2)) as instance:
        instances.append(instance)
        with pytest.raises(Trap) as caught:
            instance.function(None, "call-many")(2_000_000_000)
        assert caught.value.reason is Reason.TIMEOUT
    assert time.perf_counter() - begin < 60


def test_fuel_stops_a_guest_and_starts_again_for_each_call(component: UntypedComponent) -> None:
    with component.instantiate(limits=Limits(fuel=10_000), optional=[HOST]) as instance:
        add = instance.function(None, "add")
        for _ in range(3000):
            assert add(1, 2) == 3
        with pytest.raises(Trap, match="used up its fuel") as caught:
            instance.function(None, "spin")()
        assert caught.value.reason is Reason.FUEL


def test_fuel_for_one_call_needs_an_instance_that_counts_it(component: UntypedComponent) -> None:
    refused = pytest.raises(ValueError, match=r"does not count fuel: give Limits\(fuel=…\)")
    with component.instantiate(optional=[HOST]) as instance, refused, instance.limited(Limits(fuel=1)):
        pass


def test_a_bound_that_belongs_to_the_whole_instance_is_refused_for_single_calls(component: UntypedComponent) -> None:
    refused = pytest.raises(ValueError, match=r"give Limits\(descriptors=…\) to `instantiate`")
    with component.instantiate(optional=[HOST]) as instance, refused, instance.limited(Limits(descriptors=1)):
        pass


def test_memory_ends_at_its_limit(component: UntypedComponent) -> None:
    with component.instantiate(limits=Limits(memory=10 << 20), optional=[HOST]) as instance:
        pages = instance.function(None, "grow")()
    assert pages * 65536 <= 10 << 20


TABLES = """
(component
  (core module $m
    (table $t (export "t") 0 funcref)
    (func (export "grow") (result i32)
      (loop $again (br_if $again (i32.ne (i32.const -1) (table.grow $t (ref.null func) (i32.const 1)))))
      (table.size $t)))
  (core instance $i (instantiate $m))
  (func (export "grow") (result u32) (canon lift (core func $i "grow"))))
"""


def test_tables_end_at_their_limit(engine: Engine, tmp_path: Path) -> None:
    (tmp_path / "tables.wat").write_text(TABLES, encoding="utf-8")
    with engine.load(tmp_path / "tables.wat").instantiate(limits=Limits(table=1000)) as instance:
        assert instance.function(None, "grow")() == 1000


@pytest.mark.parametrize(("memory", "elements"), [(1 << 24, 1 << 21), (1 << 10, 1 << 16)])
def test_tables_without_a_limit_have_no_more_room_than_memories(engine: Engine, memory: int, elements: int) -> None:
    text = TABLES.replace("(i32.const 1)", "(i32.const 1024)", 1)
    with engine.load(text.encode()).instantiate(limits=Limits(memory=memory)) as instance:
        assert instance.function(None, "grow")() == elements
    with engine.load(text.encode()).instantiate(limits=Limits(memory=memory, table=2048)) as instance:
        assert instance.function(None, "grow")() == 2048


def test_a_guest_that_needs_more_memory_than_allowed_does_not_start(component: UntypedComponent) -> None:
    with pytest.raises(Trap, match="needs more memory than its limit") as caught:
        component.instantiate(limits=Limits(memory=1 << 16), optional=[HOST])
    assert caught.value.reason is Reason.MEMORY


def test_a_guest_of_more_core_instances_than_allowed_does_not_start(component: UntypedComponent) -> None:
    with pytest.raises(Trap, match="has more core instances than its limit"):
        component.instantiate(limits=Limits(instances=1), optional=[HOST])


@pytest.mark.parametrize("wrong", [{"memory": -1}, {"timeout": "1"}, {"fuel": 1.5}, {"table": True}])
def test_a_limit_that_is_not_a_number_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(WitkitError, match=r"error\[WIT0720\]"):
        Limits(**wrong)


PARTS = b"""(component
  (core module $m (memory 5) (table 100 funcref))
  (core instance (instantiate $m)) (core instance (instantiate $m)))"""


@pytest.mark.parametrize(
    ("limits", "reason", "message"),
    [
        (Limits(memory=65536), Reason.MEMORY, "the guest needs more memory than its limit"),
        (Limits(table=5), Reason.LIMIT, "the guest needs a larger table than its limit"),
        (Limits(instances=1), Reason.LIMIT, "the guest has more core instances than its limit"),
        (Limits(tables=1), Reason.LIMIT, "the guest has more tables than its limit"),
        (Limits(memories=1), Reason.LIMIT, "the guest has more memories than its limit"),
    ],
)
def test_a_guest_that_needs_more_than_its_limits_says_of_what(
    engine: Engine, limits: Limits, reason: Reason, message: str
) -> None:
    with pytest.raises(Trap) as caught:
        engine.load(PARTS).instantiate(limits=limits)
    assert (caught.value.reason, caught.value.args[0]) == (reason, f"`instantiate` stopped: {message}")


def test_a_guest_of_shared_memory_learns_that_there_is_none(engine: Engine) -> None:
    shared = b"(component (core module $m (memory 1 2 shared)) (core instance (instantiate $m)))"
    with pytest.raises(Trap) as caught:
        engine.load(shared).instantiate()
    message = "`instantiate` stopped: the guest needs shared memory, which witkit does not have"
    assert (caught.value.reason, caught.value.args[0]) == (Reason.OTHER, message)


def test_a_table_that_the_machine_has_no_room_for_is_a_matter_of_memory() -> None:
    trap = trap_of(RuntimeError("out of memory (failed to allocate 6554400008 bytes)"), "grow")
    assert (trap.reason, trap.args[0]) == (
        Reason.MEMORY,
        "`grow` stopped: this machine has no memory left for the guest",
    )
