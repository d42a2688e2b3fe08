"""The component model's own tests of async, apart from threads, which are not carried yet."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.component_model.wast import FOLDER, Wast, files
from witkit import Engine

NOT_READ = {"async/cancellable.wast"}
"""Files with an option that wasm-tools no longer knows."""

MISSING = ("thread.", "values of type `stream`", "values of type `future`")
"""What the messages of commands speak of that need what is not carried yet: threads, and streams of the host's."""

PARTLY = {
    "async/during-sync-call-no-exclusive-resume.wast": 5,
    "async/trap-if-block-and-sync.wast": 3,
    "async/trap-if-sync-and-waitable-set.wast": 4,
    "async/trap-if-transfer-in-waitable-set.wast": 2,
}
"""How many commands of a file need one of these, or an instance that one of these has closed."""

NESTED = {
    "async/cancel-subtask.wast": [201],
    "async/sync-streams.wast": [208],
}
"""Lines of commands in which a call waits on its stack for the caller. It would have to return to the caller first, for
which each call would need a stack of its own."""


@pytest.fixture(scope="session")
def engine() -> Engine:
    return Engine(cache=False)


@pytest.mark.skipif(FOLDER is None, reason="the component model's own tests are not beside or above the checkout")
@pytest.mark.parametrize("name", [name for name in files("async") if name not in NOT_READ])
def test_a_file_has_the_outcomes_that_it_says(name: str, engine: Engine, tmp_path: Path) -> None:
    file = Wast(name, tmp_path, engine)
    file.run()
    file.close()
    nested = [file.failures.pop(line) for line in NESTED.get(name, [])]
    assert all("deadlock detected" in text for text in nested)
    lacking = ("NotCarried", "error[WIT0714]")
    assert {line: text for line, text in file.failures.items() if not any(each in text for each in lacking)} == {}
    assert all(any(word in text for word in MISSING) or "InstanceError" in text for text in file.failures.values())
    assert len(file.failures) == PARTLY.get(name, 0)
