"""witkit and wasm-tools on one folder: what they resolve, what they refuse and where, and what they print.

python -m tests.differential.compare FIRST LAST    # so many random packages, each as made and changed
"""

from __future__ import annotations

import json
import random
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.differential.packages import Maker
from tests.ir.conftest import reference
from tests.resolved import json_of
from witkit.ir import ALL, NONE, Features, Loaded, load
from witkit.ir.show.wit import to_wit

PLACE = re.compile(r"--> (.*):(\d+):\d+\s*$", re.MULTILINE)
# At these wasm-tools forgets where the file begins among its sources.
MISPLACED = re.compile("Control code|bidirectional|discouraged|invalid string character")
FEATURES = {(): NONE, ("--features", "on"): Features(frozenset({"on"})), ("--all-features",): ALL}
TOKEN = re.compile(r'"[^"\n]*"|//[^\n]*|/\*.*?\*/|%?[\w][\w.+-]*|->|\S', re.DOTALL)


def made(seed: int, *, change: bool) -> dict[str, str]:
    """The files of a random package; changed, up to two tokens are gone or are others of the same file."""
    files = Maker(seed, odd=0.2).files()
    chance = random.Random(seed)
    for _ in range(chance.randint(1, 2) if change else 0):
        path = chance.choice([path for path in sorted(files) if TOKEN.search(files[path])])
        tokens = list(TOKEN.finditer(files[path]))
        old = chance.choice(tokens)
        alike = [t for t in tokens if t.group()[0].isalnum() == old.group()[0].isalnum()]
        new = "" if chance.random() < 0.2 else chance.choice(alike).group()
        files[path] = files[path][: old.start()] + new + files[path][old.end() :]
    return files


def difference(files: dict[str, str], folder: Path, flags: tuple[str, ...]) -> str:
    """What witkit does differently from wasm-tools, in a few words; empty if they agree."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(text.encode())
    judged = reference("component", "wit", folder, "--json", *flags)
    loaded = load(folder, features=FEATURES[flags])
    if "panicked" in judged.stderr:
        return ""
    if judged.returncode != 0:
        return _refused(judged.stderr, loaded)
    if loaded.resolve is None:
        return "refused: " + "; ".join(d.message for d in loaded.diagnostics if d.is_error)
    ours = json.dumps(json_of(loaded))
    if ours != json.dumps(json.loads(judged.stdout)):
        return "another JSON"
    printed = folder / "printed" / "p.wit"
    printed.parent.mkdir()
    printed.write_bytes(to_wit(loaded.resolve, loaded.written).encode())
    again = load(printed, features=FEATURES[flags])
    if again.resolve is None or json.dumps(json_of(again)) != ours:
        return "another JSON from printed text"
    return ""


def _refused(stderr: str, loaded: Loaded) -> str:
    if loaded.resolve is not None:
        return f"accepted, in spite of {stderr.strip()}"
    place = PLACE.search(stderr)
    if place is None or MISPLACED.search(stderr):
        return ""
    lines = {
        (Path(d.where), d.primary.source.position(d.primary.start)[0])
        for d in loaded.diagnostics
        if d.is_error and d.primary
    }
    return "" if (Path(place[1]), int(place[2])) in lines else f"no error at {place[0]} {stderr.strip()}"


def main() -> None:
    first, last = map(int, sys.argv[1:3])
    counts: Counter[str] = Counter()
    for seed in range(first, last):
        for change in (False, True):
            flags = list(FEATURES)[seed % 3]
            with tempfile.TemporaryDirectory() as folder:
                found = difference(made(seed, change=change), Path(folder), flags)
            counts["agree" if not found else "differ"] += 1
            if found:
                print(f"{seed} {'changed' if change else 'as made'} {' '.join(flags)}: {found}")
    print(dict(counts))


if __name__ == "__main__":
    main()
