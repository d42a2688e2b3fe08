"""Imports that a component cannot do are found before the build; those that may fail are left alone."""

from __future__ import annotations

from importlib.machinery import EXTENSION_SUFFIXES
from pathlib import Path

import pytest

from tests.guest.shops import problems
from witkit.cli.group import run
from witkit.componentize import load_config
from witkit.componentize.bindings import NOT_IN_BINDINGS
from witkit.componentize.missing import MISSING_NAME
from witkit.componentize.reading import read_guest
from witkit.componentize.sdk_names import MISSING_MODULE
from witkit.componentize.target import build_target
from witkit.componentize.uses import closed_uses
from witkit.text import Diagnostic

WIT = """package test:shop;
interface key-values { resource bucket { get: func() -> string; } open: func() -> bucket; }
interface keyvalue { enum color { red, dark-blue } flags perm { r, w } variant v { one(u8), two } set: func(); }
world w { import keyvalue; import key-values; export go: func(); }
"""
APP = """
import wit_world
from wit_world.imports import keyvalue
class WitWorld(wit_world.WitWorld):
    def go(self): pass
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "wit").mkdir()
    (tmp_path / "wit" / "shop.wit").write_text(WIT)
    return tmp_path


def _found(project: Path, text: str, **settings: object) -> list[Diagnostic]:
    (project / "app.py").write_text(f"{text}\n{APP}")
    return problems(project, **settings)


WRONG = {
    "import bz2": (MISSING_MODULE, "does not have `bz2`, because it needs `_bz2`", "avoid it"),
    "import os, ssl": (MISSING_MODULE, "does not have `ssl`", "avoid it"),
    "from ctypes import util": (MISSING_MODULE, "does not have `ctypes`", "avoid it"),
    "import compression.zstd": (MISSING_MODULE, "does not have `compression.zstd`", "avoid it"),
    "import cgi": (MISSING_MODULE, "a component has Python 3.14, which no longer has `cgi`", "avoid it"),
    "import distutils.core": (MISSING_MODULE, "no longer has `distutils`", "avoid it"),
    "import json.encodre": (MISSING_MODULE, "does not have `json.encodre`", "did you mean `json.encoder`?"),
    "import collections.abcd": (MISSING_MODULE, "does not have `collections.abcd`", "did you mean `collections.abc`?"),
    "import json.nothing": (MISSING_MODULE, "does not have `json.nothing`", "avoid it"),
    "from componentize_py_types import Er": (MISSING_NAME, "does not have `Er`", "did you mean `Err`?"),
    "import componentize_py_type": (MISSING_MODULE, "`componentize_py_type`", "did you mean `componentize_py_types`?"),
    "from os import path, fork": (MISSING_NAME, "`os` does not have `fork` in a component", "avoid it"),
    "from os import get_terminal_size": (MISSING_NAME, "`os` does not have `get_terminal_size`", "avoid it"),
    "from collections import OrderdDict": (MISSING_NAME, "does not have `OrderdDict`", "did you mean `OrderedDict`?"),
    "import wit_world.imports.key_value": (NOT_IN_BINDINGS, "`wit_world.imports` has no `key_value`", "`key_values`?"),
    "from wit_world.imports import keyvalues": (NOT_IN_BINDINGS, "has no `keyvalues`", "`key_values`?"),
    "from wit_world.imports.key_values import Bukcet": (NOT_IN_BINDINGS, "has no `Bukcet`", "`Bucket`?"),
    "from wit_world.import_ import keyvalue": (NOT_IN_BINDINGS, "`wit_world` has no `import_`", "`imports`?"),
    "import nowhere": (
        MISSING_MODULE,
        "imports `nowhere`, which it does not have",
        "pip install --target vendor nowhere",
    ),
    "import wit_wrld": (MISSING_MODULE, "imports `wit_wrld`", "did you mean `wit_world`?"),
    "import jsson": (MISSING_MODULE, "imports `jsson`", "did you mean `json`?"),
    "import numpy": (MISSING_MODULE, "imports `numpy`", "pip install --target vendor numpy"),
    "import importlib\nssl = importlib.import_module('ssl')": (MISSING_MODULE, "does not have `ssl`", "avoid it"),
    "bz2 = __import__('bz2')": (MISSING_MODULE, "does not have `bz2`", "avoid it"),
    "import wit_world.exports.foo": (NOT_IN_BINDINGS, "`wit_world` has no `exports`", "exports no interface"),
    "from wit_world import exports\nclass A(exports.A): pass": (
        NOT_IN_BINDINGS,
        "has no `exports`",
        "no interface",
    ),
    "from wit_world import imports\ndef f(): imports.keyvaleu.set()": (NOT_IN_BINDINGS, "no `keyvaleu`", "`keyvalue`?"),
    "import wit_world.imports as i\ndef f(): i.key_values.opne()": (NOT_IN_BINDINGS, "has no `opne`", "`open`?"),
    "class A(wit_world.WitWrold): pass": (NOT_IN_BINDINGS, "`wit_world` has no `WitWrold`", "`WitWorld`?"),
    "from wit_world.imports.keyvalue import Color\ndef f(): return Color.red": (
        NOT_IN_BINDINGS,
        "`wit_world.imports.keyvalue.Color` has no `red`",
        "`RED`?",
    ),
    "def f(): return keyvalue.Color.DARKBLUE": (NOT_IN_BINDINGS, "has no `DARKBLUE`", "`DARK_BLUE`?"),
    "def f(): return keyvalue.Perm.X | keyvalue.Perm.R": (
        NOT_IN_BINDINGS,
        "`wit_world.imports.keyvalue.Perm` has no `X`",
        "`R`, `W`",
    ),
    "def f(): return keyvalue.V.One(1)": (NOT_IN_BINDINGS, "`wit_world.imports.keyvalue.V` has no `One`", "`V_One`?"),
    "def f(): return keyvalue.V.other(1)": (
        NOT_IN_BINDINGS,
        "V` has no `other`",
        "its cases are classes: `V_One`, `V_Two`",
    ),
    "class A(wit_world.WITWORLD): pass": (NOT_IN_BINDINGS, "`wit_world` has no `WITWORLD`", "`WitWorld`?"),
    "from wit_world import Err": (NOT_IN_BINDINGS, "`wit_world` has no `Err`", "from componentize_py_types import Err"),
    "import helpr": (MISSING_MODULE, "imports `helpr`", "did you mean `helper`?"),
    "import click": (MISSING_MODULE, "imports `click`", "it is installed here: set `site-packages = true`"),
    "import fast": (
        MISSING_MODULE,
        "compiled for another platform: `fast.cpython-311-x86_64.so`",
        "build of it for WASI",
    ),
    "import helper": (MISSING_MODULE, "does not have `lzma`", "avoid it"),
    "try: import bz2\nexcept ValueError: pass": (MISSING_MODULE, "does not have `bz2`", "avoid it"),
    "class Inner:\n    import bz2": (MISSING_MODULE, "does not have `bz2`", "avoid it"),
}


@pytest.mark.parametrize("text", WRONG)
def test_an_import_that_certainly_fails_is_reported_before_the_build(text: str, project: Path) -> None:
    (project / "helper.py").write_text("import lzma\n" if text == "import helper" else "")
    (project / "fast.cpython-311-x86_64.so").write_bytes(b"\x7fELF")
    ((code, message, help),) = [(d.code, d.message, d.help or "") for d in _found(project, text)]
    wanted = WRONG[text]
    assert code == wanted[0]
    assert wanted[1] in message
    assert wanted[2] in help


FINE = [
    "def f(): return keyvalue.Color.RED.value, keyvalue.Color.__members__, keyvalue.Perm.R | keyvalue.Perm.W",
    "def f(): return keyvalue.V_One(1).value, keyvalue.V.__args__",
    "import json, xml.etree.ElementTree, annotationlib, string.templatelib",
    "import os.path\nfrom collections.abc import Mapping",
    "try:\n    import bz2\nexcept ImportError:\n    bz2 = None",
    "try:\n    from os import fork\nexcept (ImportError, ValueError):\n    fork = None",
    "try:\n    import tomllib\nexcept ModuleNotFoundError:\n    import tomli as tomllib",
    "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import ssl, nowhere",
    "import sys\nif sys.platform == 'win32':\n    import winreg",
    "from contextlib import suppress\nwith suppress(ImportError):\n    import nowhere",
    "def f():\n    import bz2",
    "import helper, pkg.inner, space.inner\nfrom pkg import inner",
    "import wit_world.imports.keyvalue\nfrom wit_world import imports\nfrom wit_world.imports import *",
    "from componentize_py_types import Err, Ok\nimport componentize_py_types",
    "import wasm_only",
    "from importlib import import_module\ntry: ssl = import_module('ssl')\nexcept ImportError: pass",
    "from wit_world.imports import key_values\ndef f(b: key_values.Bucket): key_values.open().get()",
    "def f(wit_world): wit_world.nothing",
    "from componentize_py_async_support.streams import ByteStreamReader, StreamReader\n"
    "from componentize_py_async_support.futures import FutureReader\n"
    "import componentize_py_async_support as s\ns.spawn",
]


@pytest.mark.parametrize("text", FINE)
def test_an_import_that_works_or_may_fail_is_not_reported(text: str, project: Path) -> None:
    for name in ("helper.py", "pkg/__init__.py", "pkg/inner.py", "space/inner.py"):
        (project / name).parent.mkdir(exist_ok=True)
        (project / name).write_text("from . import inner\n" if name == "pkg/__init__.py" else "")
    (project / "wasm_only.cpython-314-wasm32-wasi.so").write_bytes(b"\0asm\1\0\0\0")
    assert _found(project, text) == []


def test_names_in_a_module_that_may_not_be_imported_are_its_own_business(project: Path) -> None:
    (project / "helper.py").write_text("from wit_world.imports import keyvalue\nkeyvalue.sett\n")
    assert _found(project, "try:\n    import helper\nexcept ImportError:\n    helper = None") == []
    assert [problem.code for problem in _found(project, "import helper")] == [NOT_IN_BINDINGS]


def test_the_module_of_an_interface_that_is_also_imported_has_the_names_of_both(project: Path) -> None:
    (project / "wit" / "shop.wit").write_text(WIT.replace("export go", "export key-values; export go"))
    (project / "key_values.py").write_text("class Bucket:\n    def get(self): ...\n")
    uses = "from wit_world.exports import key_values as k\nclass KeyValues:\n    def open(self): return k.{}()\n"
    assert _found(project, uses.format("open")) == []
    assert _found(project, uses.format("Bucket")) == []
    (problem,) = _found(project, uses.format("opne"))
    assert problem.message == "`wit_world.exports.key_values` has no `opne`"


def test_what_is_installed_may_be_imported_with_site_packages(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _found(project, "import click, jinja2.sandbox", site_packages=True) == []
    installed = project / "installed"
    installed.mkdir()
    (installed / f"quick{EXTENSION_SUFFIXES[0]}").write_bytes(b"\x7fELF")
    monkeypatch.syspath_prepend(installed)
    (compiled,) = _found(project, "import quick", site_packages=True)
    assert "compiled for another platform" in compiled.message


GRAMMAR = """
type Number[T] = dict[str, T]
def first[T: int = bool](items: list[T]) -> T: return items[0]
class Box[T]:
    text = f'{'quoted' if True else "x"} {f'{'deep'}'}'
    try:
        pass
    except ValueError, TypeError:
        pass
template = t'hello {first}'
"""


def test_a_guest_is_read_by_the_grammar_of_the_components_python(project: Path) -> None:
    assert _found(project, GRAMMAR) == []
    ((message, place),) = [(d.message, d.primary) for d in _found(project, f"{GRAMMAR}\nx = = 2")]
    assert message == "not valid Python: invalid syntax"
    assert place is not None
    assert place.source.position(place.start) == (GRAMMAR.count("\n") + 2, 5)


@pytest.mark.parametrize(
    "text",
    [
        "type \\\n  N = int",
        "type N[A,\n  B] = (\n  int)",
        "def f[\n  A\n](x): ...",
        "x = f'{'''\na'''}'",
        "x = f'{\n1 # remark\n}{'a'\n'b'}'",
        'class A[T\n]: x: int = f"{\'"\'}"',
        "try: pass\nexcept (A,\n  B): pass\nexcept A, \\\n  B: pass",
    ],
)
def test_lines_stay_where_they_are_among_newer_statements(text: str, project: Path) -> None:
    (found,) = _found(project, f"type Newer = int\n{text}\nimport nowhere")
    assert found.primary is not None
    assert found.primary.text == "import nowhere"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("type N = int\nf() = 1", "cannot assign to function call"),
        ("type N = int\ntry: pass\nexcept A, B as e: pass", "multiple exception types must be parenthesized"),
        ("type N = int\nx = f'{a +}'", "invalid syntax"),
        ("def f[T](:", "invalid syntax"),
        ("print 'x'", "Missing parentheses in call to 'print'"),
        ("x = (1,", "'(' was never closed"),
    ],
)
def test_what_no_python_takes_is_a_mistake_among_newer_statements_too(text: str, message: str, project: Path) -> None:
    (problem,) = _found(project, text)
    assert problem.code == "WIT0755"
    assert message in problem.message


def test_exports_are_looked_for_among_newer_statements(project: Path) -> None:
    (project / "app.py").write_text("type N = int\n" + APP.replace("def go", "def gone"))
    assert [problem.message for problem in problems(project)] == ["class `WitWorld` lacks `go`"]


USES = {
    "import threading\nt = threading.Thread(target=print)": ["`threading.Thread` raises"],
    "from threading import Thread as T\ndef f(): T().start()": ["`threading.Thread` raises"],
    "import asyncio as a\ndef f(): a.run(g())": ["`asyncio.run` raises `PermissionError` in a component"],
    "import concurrent.futures\nconcurrent.futures.ThreadPoolExecutor()": ["`concurrent.futures.ThreadPoolExecutor`"],
    "from zoneinfo import ZoneInfo\ndef f(): return ZoneInfo('Europe/Berlin')": [
        "the component does not have data for time zones"
    ],
    "import threading\nclass T(threading.Thread): pass": ["`threading.Thread` raises"],
    "import multiprocessing as mp\ndef f(): return mp.Lock(), mp.Pipe()": [
        "`multiprocessing.Lock`",
        "`multiprocessing.Pipe`",
    ],
    "from os import popen\ndef f(): popen('ls')": ["`os.popen` raises `OSError` in a component"],
    "import zoneinfo\ndef f(): return zoneinfo.ZoneInfo.no_cache('UTC')": [
        "the component does not have data for time zones"
    ],
    "import zoneinfo\ndef f(): return zoneinfo.available_timezones()": [
        "the component does not have data for time zones"
    ],
    "def f(t): return t.encode('bz2')": ["the encoding `bz2` raises `LookupError` in a component"],
    "import codecs\ndef f(b): return codecs.decode(b, 'BZ2-codec'), codecs.encode(b, 'zlib')": [
        "the encoding `BZ2-codec`"
    ],
    "def f(b): return str(b, 'mbcs'), str(b, 'cp1252'), b.decode('nonsense')": ["the encoding `mbcs`"],
    "def f(p): return open(p, encoding='oem')": ["the encoding `oem`"],
    "import hashlib\ndef f(b): return hashlib.new('ripemd160', b), hashlib.new('SHA256', b)": ["the hash `ripemd160`"],
    "import hmac\ndef f(b): return hmac.new(b, b, digestmod='sm3'), hmac.digest(b, b, 'md5')": ["the hash `sm3`"],
    "import tarfile\ndef f(b): return tarfile.open(fileobj=b, mode='r:xz'), tarfile.open('a', 'w|bz2')": [
        "the mode `r:xz` of `tarfile.open` raises `CompressionError`",
        "the mode `w|bz2`",
    ],
    "import tarfile\ndef f(b): return tarfile.open(fileobj=b, mode='r:gz')": [],
    "import zipfile as z\ndef f(b): return z.ZipFile(b, 'w', z.ZIP_LZMA), z.ZIP_DEFLATED": [
        "`zipfile.ZIP_LZMA` raises `RuntimeError` in a component",
    ],
    "from getpass import getuser\nwho = getuser()": ["`getpass.getuser` raises `OSError`"],
    "import tempfile\ndef f():\n    with tempfile.TemporaryDirectory() as d: return tempfile.gettempdir()": [
        "`tempfile.TemporaryDirectory` raises `FileNotFoundError` in a component whose host gives it no folder",
        "`tempfile.gettempdir` raises",
    ],
    "from tempfile import NamedTemporaryFile as N\nclass C:\n    def f(self): return N()": [
        "`tempfile.NamedTemporaryFile`"
    ],
    "import tempfile\ndef f(): return tempfile.SpooledTemporaryFile()": [],
    "import tempfile\nT = tempfile.mkdtemp()": ["`tempfile.mkdtemp` raises `FileNotFoundError` while the component is"],
    "def f(): return open(__file__).read()": ["what is beside the guest's modules cannot be read in a component"],
    "from pathlib import Path\ndef f(): return (Path(__file__).parent / 'a.txt').read_text()": ["what is beside"],
    "from pathlib import Path\nH = Path(__file__).parent\nF = H / 'a'\ndef f(): return F.read_bytes()": ["beside"],
    "import os\nH = os.path.dirname(__file__)\ndef f():\n    with open(os.path.join(H, 'a')) as f: pass": ["beside"],
    "import os\ndef f(): return os.listdir(os.path.dirname(__file__))": ["what is beside"],
    "from pathlib import Path\nH = Path(__file__).parent\nT = (H / 'a').read_text()\ndef f(): return T.open()": [],
    "from pathlib import Path\ndef f(): return Path(__file__).name, open('x').read(), Path('y').read_text()": [],
    "from pathlib import Path\ndef f(): return Path(__file__).read_text()\nT = f()": [],
    "import importlib.metadata\ndef f(): return importlib.metadata.version('attrs')": [
        "`importlib.metadata.version` raises `PackageNotFoundError` in a component",
    ],
    "from importlib import metadata as m\nf = lambda: m.entry_points()": [
        "`importlib.metadata.entry_points` finds nothing"
    ],
    "from importlib.metadata import version\ndef f():\n    def g(): return version('x')": [
        "`importlib.metadata.version`"
    ],
    "import pkgutil\nfrom importlib.resources import files\ndef f(): return files('a'), pkgutil.get_data('a', 'b')": [
        "`importlib.resources.files` raises `FileNotFoundError`",
        "`pkgutil.get_data` raises `FileNotFoundError`",
    ],
    "from inspect import getsource\ndef f(): return getsource(f)": ["`inspect.getsource` raises `OSError`"],
    "from importlib.metadata import version\nVERSION = version('attrs')": [],
    "from importlib.metadata import version\ndef f(): return g()\ndef g(): return version('x')\nVERSION = f()": [],
    "from importlib.metadata import version\nclass C:\n    def __init__(self): self.v = version('x')\nC()": [],
    "from importlib.metadata import version\nclass C:\n    def read(self): return version('x')\nV = C().read()": [],
    "import os\nfrom pathlib import Path\ndef f(): return os.dup(1), Path.home(), os.path.expanduser('~')": [
        "`os.dup` raises `OSError`",
        "`pathlib.Path.home` raises `RuntimeError`",
        "`os.path.expanduser` gives `~` back as it is in a component",
    ],
    "import time\nfrom time import process_time_ns as now\ndef f(): return time.process_time(), now()": [
        "`time.process_time` is negative, and counts waiting in a component",
        "`time.process_time_ns` is negative",
    ],
    "from multiprocessing.pool import ThreadPool\nfrom _thread import start_new_thread\n"
    "def f(): start_new_thread(f, ()), ThreadPool(2)": [
        "`_thread.start_new_thread` raises `RuntimeError`",
        "`multiprocessing.pool.ThreadPool` raises `AttributeError`",
    ],
    "import threading\ndef f(): threading.Event().wait(20)": ["`threading.Event.wait` does not wait in a component"],
    "from threading import Event as E\ndone: E = E()\ndef f(): return done.wait(timeout=2.5)": [
        "`threading.Event.wait`"
    ],
    "import threading as t\nclass C:\n    def __init__(self): self.c = t.Condition()\n"
    "    def f(self, n):\n        with self.c: self.c.wait(n)": ["`threading.Condition.wait`"],
    "import queue\nq = queue.SimpleQueue()\ndef f(): return q.get(True, 5), q.get(timeout=5)": [
        "`queue.SimpleQueue.get`"
    ]
    * 2,
    "import queue, threading\nq, e = queue.Queue(), threading.Event()\nr = queue.SimpleQueue()\n"
    "def f(): return r.get(), r.get(False), r.get_nowait(), queue.Queue().get(timeout=5)\n"
    "def g(): return threading.Event().wait(), threading.Event().wait(None)": [],
    "import threading\ne = threading.Event()\ndef f(e): return e.wait(3)\ndef g():\n    e = other()": [],
    "class Event:\n    def wait(self, n): ...\nEvent().wait(3)": [],
    "import os\ndef f(): return os.fork()": ["`os` does not have `fork` in a component"],
    "import os, time\ndef f(): time.tzset()\nx = os.system": [
        "`time` does not have `tzset`",
        "`os` does not have `system`",
    ],
    "import json\ndef f(): return json.lods('1')": ["`json` does not have `lods`"],
    "import os\nif hasattr(os, 'fork'): os.fork()": [],
    "import os, sys\nif sys.platform != 'wasi': os.fork()": [],
    "import os\ntry: os.fork()\nexcept AttributeError: pass": [],
    "import os\ndef f(os): return os.fork()": [],
    "import os.path, xml.dom, concurrent.futures as cf\nx = os.path.join, xml.dom.Node, cf.Future, os.environ": [],
    "import threading\nx: threading.Thread\nlock = threading.Lock()": [],
    "def run(x): ...\nrun(1)\nclass threading:\n    Thread = print\nthreading.Thread()": [],
}


def _warned(project: Path, text: str) -> list[str]:
    (project / "app.py").write_text(f"{text}\n{APP}")
    target = build_target(load_config(project))
    return [d.message for d in closed_uses(target.config, read_guest(target.config, target.world))]


@pytest.mark.parametrize("text", USES)
def test_what_never_works_in_a_component_is_a_warning(text: str, project: Path) -> None:
    reported = _warned(project, text)
    assert len(reported) == len(USES[text])
    assert all(part in message for part, message in zip(USES[text], reported, strict=True))


def test_time_zones_are_there_with_tzdata_in_a_path(project: Path) -> None:
    (project / "tzdata").mkdir()
    assert _warned(project, "import zoneinfo\nzoneinfo.ZoneInfo('UTC')") == []


def test_a_native_run_says_the_same(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "app.py").write_text(f"import zoneinfo\nX = zoneinfo.ZoneInfo\ndef f(): zoneinfo.ZoneInfo('UTC')\n{APP}")
    assert run(["run", "--invoke", "go", str(project / "app.py")]) == 0
    assert "app.py:3: the component does not have data for time zones" in capsys.readouterr().err


OWN = {
    "def greet(): pass\nclass Card: pass\nSIZE: int = 3\nfrom os import path as greeted\nimport json": {
        "from helper import greet, Card, SIZE, greeted, json, __name__": "",
        "from helper import *": "",
        "from helper import gret": "`helper` has no `gret`; did you mean `greet`?",
        "from helper import card, SIZE": "`helper` has no `card`; did you mean `Card`?",
        "from helper import nothing": "`helper` has no `nothing`; define `nothing` there",
        "try:\n    from helper import nothing\nexcept ImportError: pass": "",
        "if True:\n    from helper import nothing": "",
        "def f():\n    from helper import nothing": "",
    },
    "SIZE: int": {"from helper import SIZE": "`helper` has no `SIZE`; define `SIZE` there"},
    "if print:\n    size = 1\nfor each in []: pass\nwith open('x') as file: (n := 1)": {
        "from helper import size, each, file, n": "",
    },
    "def f():\n    global size\n    size = 1": {"from helper import size": ""},
    "match [1]:\n    case [a, *b]: pass\n    case {'c': 1, **d}: pass": {"from helper import a, b, d": ""},
    "def f(): globals()['size'] = 1": {"from helper import size": ""},
    "def __getattr__(name): return 1": {"from helper import size": ""},
    "import sys\nsetattr(sys.modules[__name__], 'size', 1)": {"from helper import size": ""},
    "from os.path import *": {"from helper import join": ""},
    "": {
        "import helper\nhelper.size = 1\nfrom helper import size": "",
        "from pkg import inner, space": "",
        "from pkg import outer": "`pkg` has no `outer`; define `outer` there",
        "import pkg.inner": "",
        "from . import helper": "`app` is not in a package that `from .` could mean; import the module by its whole",
        "from ..helper import f": "`app` is not in a package that `from ..` could mean; import the module by its whole",
    },
}


@pytest.mark.parametrize(("helper", "text"), [(helper, text) for helper, texts in OWN.items() for text in texts])
def test_a_name_that_a_module_of_the_guest_does_not_have_is_reported(helper: str, text: str, project: Path) -> None:
    (project / "helper.py").write_text(helper)
    (project / "pkg" / "space").mkdir(parents=True)
    (project / "pkg" / "__init__.py").write_text("")
    (project / "pkg" / "inner.py").write_text("from . import space\nfrom .. import helper" if "pkg.i" in text else "")
    found = [f"{problem.message}; {problem.help}" for problem in _found(project, text)]
    if "pkg.i" in text:
        assert found == ["`pkg.inner` is not in a package that `from ..` could mean; " + _WHOLE]
    elif wanted := OWN[helper][text]:
        (one,) = found
        assert wanted in one
    else:
        assert found == []


_WHOLE = "import the module by its whole name, without dots"
