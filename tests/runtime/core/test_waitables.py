"""Waitable sets: who learns of which event, and what may not be dropped."""

from __future__ import annotations

import pytest

from witkit.canonical.errors import Violation
from witkit.runtime.core.waitables import SUBTASK, Event, Waitable, WaitableSet


def signal(waitable: Waitable, number: int) -> None:
    def event() -> Event:
        return SUBTASK, number, 0

    waitable.signal(event)


def members(count: int) -> tuple[WaitableSet, list[Waitable]]:
    made = WaitableSet(), [Waitable() for _ in range(count)]
    for waitable in made[1]:
        waitable.join(made[0])
    return made


def test_events_come_in_the_order_in_which_they_happened() -> None:
    whole, (one, other) = members(2)
    signal(other, 2)
    signal(one, 1)
    assert [whole.take(), whole.take(), whole.take()] == [(SUBTASK, 2, 0), (SUBTASK, 1, 0), None]


def test_an_event_that_nobody_took_is_replaced_by_the_next() -> None:
    whole, (one,) = members(1)
    signal(one, 1)
    signal(one, 2)
    assert [whole.take(), whole.take()] == [(SUBTASK, 2, 0), None]


def test_a_waitable_takes_its_event_along_to_another_set() -> None:
    whole, (one,) = members(1)
    other = WaitableSet()
    signal(one, 1)
    one.join(other)
    assert not whole.has_event()
    assert other.take() == (SUBTASK, 1, 0)
    one.join(None)
    signal(one, 2)
    assert not other.has_event()


def test_each_event_wakes_one_of_those_who_wait() -> None:
    whole, (one, other) = members(2)
    woken: list[int] = []
    whole.waiters.extend([lambda: woken.append(1), lambda: woken.append(2)])
    signal(one, 1)
    assert woken == [1]
    signal(other, 2)
    assert woken == [1, 2]


def test_a_set_that_is_waited_with_cannot_be_dropped() -> None:
    whole, _ = members(1)
    whole.waiting += 1
    with pytest.raises(Violation, match="cannot drop waitable set with waiters"):
        whole.drop()
    whole.waiting -= 1
    whole.drop()


def test_the_members_of_a_set_that_is_dropped_are_in_none() -> None:
    whole, (one, other) = members(2)
    whole.drop()
    signal(one, 1)
    assert not whole.has_event()
    other.join(None)
    one.join(later := WaitableSet())
    assert later.take() == (SUBTASK, 1, 0)


def test_a_waitable_that_a_call_waits_for_cannot_join_a_set() -> None:
    whole, (one,) = members(1)
    one.join(None)
    one.awaited = True
    with pytest.raises(Violation, match="waitable cannot be used synchronously"):
        one.join(whole)


def test_a_set_remembers_each_member_once() -> None:
    whole, (one, other) = members(2)
    for number in range(1000):
        signal(one, number)
        one.join(whole)
    assert len(whole._noticed) == 1
    signal(other, 5)
    assert [whole.take(), whole.take(), whole.take()] == [(SUBTASK, 999, 0), (SUBTASK, 5, 0), None]


def test_an_event_that_was_taken_without_the_set_is_not_there() -> None:
    whole, (one, other) = members(2)
    signal(one, 1)
    signal(other, 2)
    assert one.take() == (SUBTASK, 1, 0)
    assert whole.take() == (SUBTASK, 2, 0)
    signal(one, 3)
    assert whole.take() == (SUBTASK, 3, 0)
