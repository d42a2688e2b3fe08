"""Which tests stay together in one worker of pytest-xdist: those of one group, and those of one module.

What is made once for a module (a component, a server) is then made once, and not once in each worker. Costly modules
begin first, so that none of them is left to one worker at the end. If all their cases run, each case goes by itself.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.scheduler import LoadGroupScheduling
from xdist.workermanage import WorkerController

from tests.sampled import every, is_costly


class Spread(LoadGroupScheduling):  # type: ignore[misc]
    """Units of work in the order in which they were collected."""

    def __init__(self, config: pytest.Config, log: object) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False
        self._numbers: dict[str, int] = {}

    def _assign_work_unit(self, node: WorkerController) -> None:
        """As xdist does it, but without a search for each test among all of them."""
        if not self._numbers:
            self._numbers = {test: number for number, test in enumerate(self.collection)}
        name, tests = self.workqueue.popitem(last=False)
        self.assigned_work.setdefault(node, {})[name] = tests
        node.send_runtest_some([self._numbers[test] for test, is_done in tests.items() if not is_done])

    def mark_test_pending(self, item: str) -> None:
        """Let a test run once more whose worker has crashed: `remove_node` has given all that is not done back."""

    def _split_scope(self, nodeid: str) -> str:
        group: str = super()._split_scope(nodeid)
        return unit(nodeid) if group == nodeid else group


def unit(nodeid: str) -> str:
    """What a test without a group stays together with: its module, or nothing."""
    module = nodeid.partition("::")[0]
    return nodeid if every() == 1 and is_costly(Path(module)) else module


def costly_first(items: list[pytest.Item]) -> None:
    """Put the tests in order: groups, costly modules, all others."""
    items.sort(key=lambda item: (item.get_closest_marker("xdist_group") is None, not is_costly(item.path)))
