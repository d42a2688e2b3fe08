"""The component model's own tests of async, apart from streams, futures and threads, which are not carried yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.component_model.wast import FOLDER, Wast, files
from witkit.runtime.cache import Cache
from witkit.runtime.core.compiling import Mode, Modules

NOT_READ = {"async/cancellable.wast"}
"""Files with an option that wasm-tools no longer knows."""

MISSING = ("stream", "future", "thread.")
"""What the messages of commands speak of that need what is not carried yet."""

PARTLY = {
    "async/big-interleaving-test.wast": 41,
    "async/builtin-trap-poisons-instance.wast": 1,
    "async/cancel-stream.wast": 1,
    "async/cancel-subtask.wast": 1,
    "async/closed-stream.wast": 1,
    "async/drop-cross-task-borrow.wast": 2,
    "async/during-sync-call-no-exclusive-resume.wast": 6,
    "async/empty-wait.wast": 1,
    "async/futures-must-write.wast": 1,
    "async/partial-stream-copies.wast": 1,
    "async/passing-resources.wast": 1,
    "async/same-component-stream-future.wast": 4,
    "async/sync-streams.wast": 1,
    "async/trap-if-block-and-sync.wast": 12,
    "async/trap-if-sync-and-waitable-set.wast": 12,
    "async/trap-if-transfer-in-waitable-set.wast": 2,
    "async/wait-during-callback.wast": 1,
}
"""How many commands of a file need one of these, or an instance that one of these has closed."""


@pytest.fixture(scope="session")
def modules() -> Modules:
    return Modules(Mode(fuel=False), Cache(None))


@pytest.mark.skipif(FOLDER is None, reason="the component model's own tests are not beside or above the checkout")
@pytest.mark.parametrize("name", [name for name in files("async") if name not in NOT_READ])
def test_a_file_has_the_outcomes_that_it_says(name: str, modules: Modules, tmp_path: Path) -> None:
    file = Wast(name, tmp_path, modules)
    file.run()
    file.close()
    others = {line: text for line, text in file.failures.items() if "NotCarried" not in text}
    assert others == {}
    assert all(any(word in text for word in MISSING) or "InstanceError" in text for text in file.failures.values())
    assert len(file.failures) == PARTLY.get(name, 0)
