"""The examples on the page about host packages that need no package do what their comments say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "host-bindings.md"
BLOCK = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)


def test_a_guest_that_nobody_trusts_is_stopped_as_the_page_says() -> None:
    (example,) = (block for block in BLOCK.findall(PAGE.read_text(encoding="utf-8")) if "untrusted" in block)
    (said,) = re.findall(r"print\(.*\)  # (.*)", example)
    done = subprocess.run([sys.executable, "-c", example], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, f"{said}\n", "")
