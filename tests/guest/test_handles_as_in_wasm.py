"""What random programs have shown about handles and calls, one sentence each: natively as in the component."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.guest.fuzzed.boxes import Box, Things
from tests.guest.fuzzed.sides import Project, project
from tests.guest.fuzzed.talk import talk
from witkit.native import WouldTrap
from witkit.runtime import InstanceError, Trap

GUEST = Path(__file__).parent / "fuzzed" / "handles"
TRAPS = "traps"


@pytest.fixture(scope="module")
def handles(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return project(GUEST, "handles", tmp_path_factory.mktemp("handles"))


def both(handles: Project, *lines: str) -> list[str]:
    """What each line of a host's gives, which is the same in both ways to run the guest."""
    wasm, native = (talk(run, list(lines))[0] for run in handles.sides({"things": Things(handles.package.things)}))
    assert native == wasm
    return native


def run(handles: Project, program: str) -> str:
    return both(handles, f"run({program!r})")[0]


def test_a_with_statement_cannot_end_over_what_was_given_away(handles: Project) -> None:
    assert run(handles, "a := Box(1); things.give(a); try a.__exit__(None, None, None)") == "'None, 1, TypeError '"
    assert run(handles, "a := Box(1); things.give(a); a.__exit__(None, None, None)") == TRAPS
    assert (
        run(handles, "a := Box(1); a.__exit__(None, None, None); try a.__exit__(1, 2, 3)") == "'None, None, TypeError '"
    )


def test_what_a_with_statement_released_has_a_handle_none(handles: Project) -> None:
    assert run(handles, "a := Box(1); a.__exit__(None, None, None); a.handle is None") == "'None, None, True'"
    assert run(handles, "a := Box(1); a.__exit__(None, None, None); a.n()") == TRAPS


def test_an_object_has_its_handle_and_its_finalizer(handles: Project) -> None:
    alive = "vars(a).keys() == {'handle', 'finalizer'}; a.finalizer.alive; things.give(a); vars(a).keys()"
    assert run(handles, f"a := Box(1); {alive} == {{'finalizer'}}; a.finalizer.alive") == (
        "'None, True, True, 1, True, False'"
    )


def test_a_handle_ends_with_the_object_that_has_it(handles: Project) -> None:
    assert run(handles, "a := Box(1); f := a.finalizer; f.alive; del a; f.alive") == "'None, None, True, None, False'"
    _, native = handles.sides({"things": Things(handles.package.things)})
    with native() as guest:
        guest.run("a := Box(1); b := Box(2); del a")
        assert len(guest._state.binding.handles) == 1


def test_a_lent_handle_that_is_released_in_the_call_is_the_end(handles: Project) -> None:
    assert both(handles, "cans.work(Box(1), Box(2), [], 'b.__exit__(None, None, None)')") == [TRAPS]
    assert both(handles, "cans.back(Box(1), 'b')") == [TRAPS]


def test_a_lent_handle_is_gone_after_the_call(handles: Project) -> None:
    keep = "cans.work(Box(1), Box(2), [Box(3)], 'x := b; y := l[0]')"
    assert both(handles, keep, 'run(\'hasattr(x, "handle"); hasattr(y, "handle")\')')[1] == "'False, False'"
    assert both(handles, keep, "run('x.n()')")[1] == TRAPS


def test_what_only_looks_like_a_resource_can_be_lent_but_not_given(handles: Project) -> None:
    assert run(handles, "a := Box(1); d := Duck(handle=a.handle); things.lend(d)") == "'None, None, 1'"
    assert run(handles, "a := Box(1); d := Duck(handle=a.handle); things.give(d)") == TRAPS


def test_an_object_of_the_guest_is_given_once(handles: Project) -> None:
    assert both(handles, "p = cans.get('k := Can(2); k')", "q = cans.get('k')") == ["done", TRAPS]
    assert both(handles, "p = cans.gets('k := Can(2); [k, k]')") == [TRAPS]
    assert both(handles, "p = cans.Can(1)", "p.me()") == ["done", TRAPS]


def test_an_object_of_the_guest_may_be_given_again_once_it_is_back(handles: Project) -> None:
    lines = ["p = cans.get('k := Can(2); k')", "cans.put('k', p)", "q = cans.get('k')", "q.n()"]
    assert both(handles, *lines) == ["done", "None", "done", "2"]


@pytest.mark.parametrize("value", ["3", "None", "'x'", "(1,)", "[]", "object()", "Slotted(2)", "Err(1)"])
def test_a_resource_of_the_guest_is_an_object_that_can_be_marked(handles: Project, value: str) -> None:
    assert both(handles, f"p = cans.get({value!r})") == [TRAPS]


def test_an_object_of_any_class_may_stand_for_a_resource_until_it_is_used(handles: Project) -> None:
    assert both(handles, "p = cans.get('Duck(n=lambda: 9)')", "p.n()", "p.add(p)") == ["done", "9", TRAPS]


def test_a_host_cannot_use_what_it_closed_or_gave_away(handles: Project) -> None:
    made = "p = cans.Can(1)"
    assert both(handles, made, "p.close()", "p.n()", "p.close()") == ["done", "None", "HandleError", "None"]
    assert both(handles, made, "cans.put('k', p)", "p.n()", "cans.put('k', p)") == [
        *["done", "None", "HandleError", "HandleError"]
    ]


@pytest.mark.parametrize("value", ["3", "None", "cans", "Box(3)", "cans.Jar(3)"])
def test_a_host_gives_resources_of_their_own_class(handles: Project, value: str) -> None:
    assert both(handles, f"cans.put('k', {value})", "run('1')") == ["TypeError", "'1'"]


@pytest.mark.parametrize("value", ["3", "None", "cans"])
def test_a_host_gives_objects_that_can_do_what_the_resource_does(handles: Project, value: str) -> None:
    assert both(handles, f"cans.work(Box(1), {value}, [], '1')", "run('1')") == ["TypeError", "'1'"]


def test_what_a_host_gave_is_its_own_again_if_the_call_is_refused(handles: Project) -> None:
    assert both(handles, "p = cans.Can(1)", "cans.puts('k', [p, None])", "p.n()") == ["done", "TypeError", "1"]
    assert both(handles, "p = cans.Can(1)", "cans.puts('k', [p, p])", "p.n()") == ["done", "HandleError", "1"]


def test_a_host_cannot_give_away_what_it_lends_in_the_same_call(handles: Project) -> None:
    assert both(handles, "p = cans.Can(1)", "p.swallow(p)", "p.n()") == ["done", "HandleError", "1"]


def test_a_result_that_has_another_name_is_a_value_for_the_guest_only(handles: Project) -> None:
    assert run(handles, "things.halve(4); things.halve(3)") == "'Ok(2), Err(3)'"
    assert both(handles, "cans.told('Ok(3)')", "cans.told('Err(4)')") == ["3", "Err 4"]
    assert both(handles, "cans.told('3')") == [TRAPS]


def test_a_host_returns_nothing_where_a_result_has_only_an_error(handles: Project) -> None:
    things: Any = Things(handles.package.things)
    things.wrong = things.refuse = lambda *arguments: 5
    for side in handles.sides({"things": things}):
        assert talk(side, ["run('things.wrong(Box(1), 2)')", "run('things.refuse(Box(1))')"])[0] == [
            *["'None'", "TypeError"]
        ]


def calling_back(handles: Project, inner: str) -> list[list[str]]:
    """What a guest gives, as a component and natively, whose host calls it while it waits for the host."""
    found: list[list[str]] = []
    for side in (0, 1):
        things: Any = Things(handles.package.things)
        guests: list[Any] = []

        def lend(b: Box, guests: list[Any] = guests) -> int:
            try:
                return len(guests[0].run(inner))
            except (Trap, WouldTrap):
                return 0

        things.lend = lend
        with handles.sides({"things": things})[side]() as guest:
            guests.append(guest)
            found.append([])
            with suppress(Trap, WouldTrap, InstanceError):
                found[-1].append(guest.run("things.lend(Box(1)); 5"))
                found[-1].append(guest.run("1"))
    return found


def test_a_host_may_call_the_guest_that_waits_for_it(handles: Project) -> None:
    assert calling_back(handles, "1") == [["1, 5", "1"]] * 2


def test_a_guest_that_traps_in_such_a_call_is_dead(handles: Project) -> None:
    assert calling_back(handles, "1 // 0") == [[], []]
