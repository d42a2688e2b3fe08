"""The guest in `interpreter`, which says what the Python of a component is, and what witkit keeps of it.

`python -m tests.guest.interpreters` writes the file again, after a new release of componentize-py.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from tests.conftest import KEPT
from witkit.componentize import load_config, tool
from witkit.interpreter import library as kept
from witkit.runtime import UntypedComponent, default_engine

PROJECT: Final = Path(__file__).parent / "interpreter"
FILE: Final = Path(kept.__wrapped__.__code__.co_filename).with_name("library.json")
CLOSED: Final = {
    "_thread.start_new_thread": "(print, ())",
    "asyncio.new_event_loop": "()",
    "asyncio.run": "(None)",
    "asyncio.Runner": "().run(None)",
    "concurrent.futures.ProcessPoolExecutor": "()",
    "concurrent.futures.ThreadPoolExecutor": "().submit(print)",
    "getpass.getuser": "()",
    "faulthandler.dump_traceback_later": "(1)",
    "logging.handlers.QueueListener": "(None).start()",
    "multiprocessing.Array": "('i', 1)",
    "multiprocessing.Barrier": "(1)",
    "multiprocessing.Condition": "()",
    "multiprocessing.Event": "()",
    "multiprocessing.JoinableQueue": "()",
    "multiprocessing.Lock": "()",
    "multiprocessing.Manager": "()",
    "multiprocessing.Pipe": "()",
    "multiprocessing.Pool": "()",
    "multiprocessing.Process": "(target=print).start()",
    "multiprocessing.Queue": "()",
    "multiprocessing.RLock": "()",
    "multiprocessing.Semaphore": "()",
    "multiprocessing.SimpleQueue": "()",
    "multiprocessing.Value": "('i', 1)",
    "multiprocessing.dummy.Pool": "(1)",
    "multiprocessing.dummy.Process": "(target=print).start()",
    "multiprocessing.pool.ThreadPool": "(1)",
    "os.dup": "(1)",
    "os.popen": "('x')",
    "pathlib.Path.home": "()",
    "socket.socketpair": "()",
    "subprocess.Popen": "(['x'])",
    "subprocess.call": "(['x'])",
    "subprocess.check_call": "(['x'])",
    "subprocess.check_output": "(['x'])",
    "subprocess.getoutput": "('x')",
    "subprocess.run": "(['x'])",
    "threading.Thread": "(target=print).start()",
    "threading.Timer": "(0, print).start()",
}
"""How each class or function that cannot work is used."""


def component(to: Path) -> UntypedComponent:
    """The guest's component, as componentize-py makes it without what witkit adds; `to` is a folder of the test."""
    app = PROJECT / "interpreter_app.py"
    digest = sha256(app.read_bytes() + (PROJECT / "wit" / "interpreter.wit").read_bytes()).hexdigest()[:16]
    kept = KEPT / f"interpreter-{version('componentize-py')}-{digest}.wasm"
    if not kept.is_file():
        shutil.copyfile(app, to / app.name)
        made = to / "component.wasm"
        outcome = tool.componentize(load_config(PROJECT), PROJECT / "wit", [to], made, to)
        assert outcome.code == 0, outcome.output
        kept.parent.mkdir(parents=True, exist_ok=True)
        beside = kept.with_suffix(f".{os.getpid()}")
        shutil.copyfile(made, beside)
        beside.replace(kept)
    return default_engine().load(kept)


def evaluated(component: UntypedComponent, expression: str) -> str:
    """What an expression gives in an instance of its own."""
    with component.instantiate() as instance:
        return str(instance.function(None, "evaluate")(expression))


def reported(component: UntypedComponent) -> dict[str, Any]:
    """What `library.json` has to say, as this component says it."""
    with component.instantiate() as instance:
        found = json.loads(instance.function(None, "library")())
    public = {name: names for name, names in found["names"].items() if names is not None and _is_public(name)}
    return {
        "componentize-py": version("componentize-py"),
        "python": found["python"],
        "loaded": found["loaded"],
        "fails": found["fails"],
        "names": {name: " ".join(n for n in names if not n.startswith("_")) for name, names in public.items()},
        "early": {name: " ".join(names) for name, names in found["early"].items()},
        "late": {name: " ".join(names) for name, names in found["late"].items() if names},
        "closed": {name: _closed(component, name) for name in CLOSED},
    }


def removed(known: dict[str, Any]) -> list[str]:
    """What the standard library of this Python has, and that of the component's has no more."""
    names = {*known["early"], *known["fails"]}
    return sorted(name for name in sys.stdlib_module_names if name not in names and not name.startswith("_"))


def _closed(component: UntypedComponent, name: str) -> str:
    module = name.partition(".")[0] if name.startswith("pathlib.") else name.rpartition(".")[0]
    return evaluated(component, f"import_module({module!r}){name.removeprefix(module)}{CLOSED[name]}")


def _is_public(module: str) -> bool:
    return not module.startswith("encodings.") and not any(part.startswith("_") for part in module.split("."))


def main() -> None:
    """Write `library.json`."""
    if sys.version_info[:2] != (3, 11):
        sys.exit("run it under Python 3.11, the oldest one, which knows what was removed since")
    with TemporaryDirectory() as folder:
        known = reported(component(Path(folder)))
    FILE.write_text(json.dumps({**known, "removed": removed(known)}, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
