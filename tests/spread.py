"""Which tests stay together in one worker of pytest-xdist: those of one group, and those of one module.

What is made once for a module (a component, a server) is then made once, and not once in each worker. Costly modules
begin first, so that none of them is left to one worker at the end. Where all their cases run, each case goes by itself.
Workers collect different modules (`tests/shares.py`): what only one of them has collected begins before the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

from tests.sampled import every, is_costly


class Spread(LoadGroupScheduling):  # type: ignore[misc]
    """Gives each worker units of work that it has collected."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        self._able: dict[str, set[WorkerController]] = {}
        """Who has collected all tests of a unit."""
        self._units: dict[str, str] = {}
        """The unit of each test."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return self._units.get(nodeid) or (unit(nodeid) if group == nodeid else group)

    def add_node_collection(self, node: WorkerController, collection: Sequence[str]) -> None:
        """What a worker has collected. One that replaces another comes later, and collects everything."""
        self.registered_collections[node] = list(collection)
        for able in self._able.values():
            able.add(node)

    def remove_node(self, node: WorkerController) -> str | None:
        """Leave what a worker has not done to others, except the test of which it died. Returns that test, if any."""
        workload: dict[str, dict[str, bool]] = self.assigned_work.pop(node)
        left = [(name, test) for name, tests in workload.items() for test, done in tests.items() if not done]
        if not left:
            return None
        name, died = left[0]
        workload[name][died] = True
        self.workqueue.update((name, workload[name]) for name, _ in left[1:])
        for other in self.nodes:
            self._reschedule(other)
        return died

    def schedule(self) -> None:
        """Begin, or go on with a worker that has come later."""
        if self.collection is None:
            self._find_work()
        for _ in range(2):  # A worker begins a test when it knows which one is next: it needs two units of one test.
            for node in self.nodes:
                self._reschedule(node)

    def _find_work(self) -> None:
        """Put the units in the order in which they were collected, but those that fewer workers can do first."""
        collected = {node: set(tests) for node, tests in self.registered_collections.items()}
        every = dict.fromkeys(test for tests in self.registered_collections.values() for test in tests)
        work = possible(grouped(every, self._split_scope), list(collected.values()))
        self._units = {test: name for name, tests in work.items() for test in tests}
        self._able = {name: {n for n in collected if collected[n].issuperset(work[name])} for name in work}
        for name in sorted(work, key=lambda name: len(self._able[name])):
            self.workqueue[name] = dict.fromkeys(work[name], False)
        self.collection = list(every)
        self.config.pluginmanager.get_plugin("session").testscollected = len(every)

    def _reschedule(self, node: WorkerController) -> None:
        """Give a worker that has nearly done what it was given the next unit, or let it end."""
        if node.shutting_down:
            return
        name = next((name for name in self.workqueue if node in self._able[name]), None)
        if name is None:
            node.shutdown()
        elif self._pending_of(self.assigned_work[node]) <= 2:
            self.workqueue.move_to_end(name, last=False)
            self._assign_work_unit(node)


def grouped(tests: Iterable[str], unit_of: Callable[[str], str]) -> dict[str, list[str]]:
    """The tests of each unit, in order."""
    found: dict[str, list[str]] = {}
    for test in tests:
        found.setdefault(unit_of(test), []).append(test)
    return found


def possible(units: dict[str, list[str]], collected: list[set[str]]) -> dict[str, list[str]]:
    """The units, but one that no worker has collected as a whole by modules: a group may have become larger."""
    found: dict[str, list[str]] = {}
    for name, tests in units.items():
        if any(known.issuperset(tests) for known in collected):
            found[name] = tests
        else:
            found |= grouped(tests, partial(_in_module, name))
    return found


def _in_module(group: str, test: str) -> str:
    return f"{group} in {test.partition('::')[0]}"


def unit(nodeid: str) -> str:
    """What a test without a group stays together with: its module, or nothing."""
    module = nodeid.partition("::")[0]
    return nodeid if every() == 1 and is_costly(Path(module)) else module


def costly_first(items: list[pytest.Item]) -> None:
    """Put the tests in order: groups, costly modules, all others."""
    items.sort(key=lambda item: (item.get_closest_marker("xdist_group") is None, not is_costly(item.path)))
