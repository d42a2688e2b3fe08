"""Running `witkit` as a user does: a process of its own, in a folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

CLEAN = """package test:shop@0.1.0;

interface prices {
  /// What an item costs, in cents.
  price: func(item: string) -> option<u32>;
}

world shop {
  import prices;
  export order: func(item: string, quantity: u32) -> result<u32, string>;
}
"""

# Two independent mistakes.
BROKEN = """package test:shop@0.1.0;

interface prices {
  enum currency { euro, pound }
  price: func(item: string) -> option<curency>;
  enum currency { dollar }
}
"""


def witkit(*arguments: str | Path, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command line; colours are off unless the environment asks for them."""
    inherited = {k: v for k, v in os.environ.items() if "COLOR" not in k and not k.startswith("GITHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "witkit", *map(str, arguments)],
        cwd=cwd,
        env={**inherited, "PYTHONIOENCODING": "utf-8", **environment},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def package(folder: Path, text: str = CLEAN, name: str = "shop.wit") -> Path:
    """Write a package of one file and give its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    return folder
