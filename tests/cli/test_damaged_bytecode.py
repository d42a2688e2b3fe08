"""Compiled modules that were cut off, for example because the disk was full when Python wrote them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.projects import project

WORLD = """
interface weather { today: func() -> string; }
world app {
  import weather;
  import spiderlightning:keyvalue/keyvalue@0.5.1;
  export call: func() -> string;
}
"""
APP = """
import sky
import wit_world
from wit_world.imports import weather
from wit_world.imports.keyvalue import Keyvalue


class WitWorld(wit_world.WitWorld):
    def call(self) -> str:
        Keyvalue.open("days").set("today", b"")
        return f"{sky.COLOUR} and {weather.today()}"
"""


@pytest.mark.parametrize(
    ("module", "said"),
    [
        ("witkit/backends/keyvalue/memory", "witkit: the compiled module `{}` is damaged"),
        ("project/sky", "error[WIT0806]: the guest stopped: the compiled module `{}` is damaged"),
        ("forecast", "error[WIT0910]: the provider `forecast:Forecast` cannot be loaded: the compiled module `{}` is"),
    ],
)
def test_a_damaged_module_is_named_and_removing_it_helps(module: str, said: str, tmp_path: Path) -> None:
    app = project(tmp_path, WORLD, APP, "keyvalue")
    (app.parent / "sky.py").write_text('COLOUR = "blue"\n')
    (tmp_path / "forecast.py").write_text('class Forecast:\n    def today(self):\n        return "sunny"\n')
    kept = tmp_path / "compiled"

    def run() -> subprocess.CompletedProcess[str]:
        provider = ["--provider", "example:project/weather=forecast:Forecast"]
        command = ["run", "--quiet", "--key-value", "memory", *provider, "--invoke", "call", str(app)]
        environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        return subprocess.run(
            [sys.executable, "-m", "witkit", *command],
            cwd=tmp_path,
            env={**environment, "PYTHONPYCACHEPREFIX": str(kept)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert run().stdout == '"blue and sunny"\n'
    [compiled] = kept.rglob(f"{module}.*.pyc")
    compiled.write_bytes(compiled.read_bytes()[:60])
    refused = run()
    assert refused.returncode in (1, 2)
    assert refused.stderr.startswith(said.format(compiled.relative_to(tmp_path)))
    assert "defect" not in refused.stderr
    compiled.unlink()
    assert run().stdout == '"blue and sunny"\n'
