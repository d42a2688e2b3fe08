"""What a test gets of the project's choices: data of its own, and the files that are only read."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.backends.connect import Choice
from witkit.backends.table import CAPABILITIES
from witkit.program.scratch import for_tests, in_scratch_folder, scratch


@pytest.mark.parametrize(
    ("capability", "choice", "settings"),
    [
        ("key-value", Choice("filesystem", {"path": "data"}), {"path": Path("scratch/.witkit/key-value")}),
        ("logging", Choice("file", {"path": "shop.log"}), {"path": Path("scratch/.witkit/messages.log")}),
        ("configs", Choice("file", {"path": "tariff.toml"}), {"path": "tariff.toml"}),
        ("configs", Choice("file"), {}),
        ("configs", Choice("secrets", {"path": "secrets.json"}), {"path": "secrets.json"}),
    ],
)
def test_data_is_the_tests_own_and_what_is_only_read_stays(
    capability: str, choice: Choice, settings: dict[str, object]
) -> None:
    with scratch(Path("scratch")):
        chosen = for_tests({capability: choice})[capability]
        assert in_scratch_folder(chosen, CAPABILITIES[capability]).settings == settings
