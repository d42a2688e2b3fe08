"""What witkit knows of the Python inside a component, held against a component."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.guest import interpreters
from tests.guest.building import built
from witkit.componentize.files_read import INSTALLED, TEMPORARY
from witkit.componentize.uses import UNLIKE
from witkit.componentize.waits import WAITS
from witkit.interpreter import library
from witkit.interpreter.library import with_parents
from witkit.runtime import UntypedComponent, default_engine

APP = """
import argparse, datetime, decimal, email, hashlib, json, logging, random, re, statistics, string, time
import urllib.parse, uuid, zoneinfo
import wit_world

class WitWorld(wit_world.WitWorld):
    def evaluate(self, expression):
        import csv
        import xml.etree.ElementTree as tree
        try:
            return str(eval(expression, globals() | locals()))
        except Exception as problem:
            return f"{type(problem).__name__}: {problem}"
"""
WIT = "package test:parity; world parity { export evaluate: func(expression: string) -> string; }"
ZONE = (
    b"TZif2" + bytes(15) + (b"\0" * 3 + b"\0") * 3 + b"\0\0\0\0" + b"\0\0\0\1" + b"\0\0\0\4" + b"\0\0\x0e\x10\0\0CET\0"
)
"""Berlin without its history: one offset, and the rule for summer time after the second part."""
RULE = b"\nCET-1CEST,M3.5.0,M10.5.0/3\n"
SAME = [
    "datetime.datetime.strptime('2024-05-06 07:08', '%Y-%m-%d %H:%M').isoformat()",
    "time.strptime('2024', '%Y').tm_year",
    "email.message_from_string('To: me\\n\\nhello').get_payload()",
    "argparse.ArgumentParser(prog='p').format_usage()",
    "string.Template('$a').substitute(a=1)",
    "statistics.quantiles([1, 2, 3, 4])",
    "hashlib.new('sha256', b'x').hexdigest()",
    "list(csv.reader(['a,b']))",
    "tree.fromstring('<a><b/></a>').find('b').tag",
    "'x'.encode('cp1252'), 'x'.encode('utf-16-le'), '€'.encode('iso8859-15'), b'x'.decode('unicode_escape')",
    "'ü'.encode('idna'), 'ü'.encode('punycode'), 'あ'.encode('shift_jis'), 'x'.encode('Windows-1251')",
    "'x'.encode('no-such-encoding')",
    "datetime.datetime(2024, 7, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).isoformat()",
    "datetime.datetime(2024, 1, 1, tzinfo=zoneinfo.ZoneInfo('Europe/Berlin')).tzname()",
    "uuid.uuid5(uuid.NAMESPACE_DNS, 'x')",
    "0.1 + 0.2, 1e22, round(2.5), divmod(-7, 2), 10 ** 30",
    "logging.getLevelName(30)",
]


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> UntypedComponent:
    return interpreters.component(tmp_path_factory.mktemp("interpreter"))


def test_what_is_known_of_the_standard_library_is_what_a_component_has(component: UntypedComponent) -> None:
    """`python -m tests.guest.interpreters` writes it again."""
    known = json.loads(interpreters.FILE.read_text(encoding="utf-8"))
    removed = known.pop("removed")
    assert known == interpreters.reported(component)
    assert set(interpreters.removed(known)) <= set(removed)


@pytest.mark.parametrize(
    "module", ["bz2", "lzma", "ssl", "ctypes", "cgi", "distutils.core", "compression.zstd", "fcntl"]
)
def test_a_module_that_is_lacking_cannot_be_imported_there(module: str, component: UntypedComponent) -> None:
    assert library().lacks(module)
    assert interpreters.evaluated(component, f"import_module({module!r})").startswith("ModuleNotFoundError")


@pytest.mark.parametrize(
    "module",
    [
        "collections.abc",
        "os.path",
        "json",
        "sqlite3",
        "zlib",
        "string.templatelib",
        "idlelib",
        "encodings.cp1252",
        "app",
    ],
)
def test_no_other_module_is_lacking(module: str) -> None:
    assert library().lacks(module) is None


@pytest.mark.parametrize(
    ("expression", "raised"),
    [
        ("b'x'.decode('bz2')", "LookupError"),
        ("import_module('codecs').lookup('mbcs')", "LookupError"),
        ("import_module('hashlib').new('ripemd160')", "ValueError"),
        ("import_module('hmac').new(b'', b'', 'sm3')", "ValueError"),
        ("import_module('tarfile').open(fileobj=import_module('io').BytesIO(), mode='w:xz')", "CompressionError"),
        ("import_module('zipfile').ZipFile(import_module('io').BytesIO(), 'w', 12)", "RuntimeError"),
    ],
)
def test_what_a_component_lacks_behind_a_text_raises_there(
    expression: str, raised: str, component: UntypedComponent
) -> None:
    assert interpreters.evaluated(component, expression).startswith(f"{raised}:")


WAITING = {
    "queue.SimpleQueue.get": ("(lambda o: o.get(timeout=1e6))", "Empty: "),
    "threading.Condition.wait": ("(lambda o: (o.acquire(), o.wait(1e6)))", "(True, False)"),
    "threading.Event.wait": ("(lambda o: o.wait(1e6))", "False"),
}
"""How each method is called on an object that nothing else will ever use, and what it gives or raises."""


@pytest.mark.parametrize("name", [f"{of}.{method}" for of, methods in WAITS.items() for method in methods])
def test_what_waits_with_a_timeout_returns_at_once_there(name: str, component: UntypedComponent) -> None:
    call, given = WAITING[name]
    module, of, _ = name.split(".")
    assert interpreters.evaluated(component, f"{call}(import_module({module!r}).{of}())") == given


VALUES = {
    "os.path.expanduser": ("('~/x')", "~/x"),
    "os.times": ("().user < 0", "True"),
    "time.process_time": ("() < 0", "True"),
    "time.process_time_ns": ("() < 0", "True"),
}


@pytest.mark.parametrize("name", UNLIKE)
def test_what_gives_other_values_gives_these_there(name: str, component: UntypedComponent) -> None:
    call, given = VALUES[name]
    module, _, attribute = name.rpartition(".")
    assert interpreters.evaluated(component, f"import_module({module!r}).{attribute}{call}") == given


def test_the_time_of_the_process_has_the_time_that_it_sleeps(component: UntypedComponent) -> None:
    times = "[t := import_module('time'), a := t.process_time(), t.sleep(0.05), t.process_time() - a >= 0.05][3]"
    assert interpreters.evaluated(component, times) == "True"


FILES = {
    "importlib.metadata": "('pip')",
    "importlib.metadata.distributions": "()",
    "importlib.metadata.entry_points": "()",
    "importlib.metadata.packages_distributions": "()",
    "importlib.resources": "('json', 'decoder.py')",
    "importlib.resources.as_file": "(import_module('pathlib').Path('json')).__enter__().open()",
    "importlib.resources.files": "('json').joinpath('decoder.py').read_text()",
    "inspect": "(import_module('json').loads)",
    "pkgutil.get_data": "('json', 'decoder.py')",
    "pkgutil": "()",
    "tempfile": "()",
}
"""How what reads files is called: by its name, or by that of its module."""


@pytest.mark.parametrize("name", [*TEMPORARY, *INSTALLED])
def test_what_reads_files_finds_none_there(name: str, component: UntypedComponent) -> None:
    module, _, attribute = name.rpartition(".")
    raised = TEMPORARY.get(name) or INSTALLED[name]
    call = f"import_module({module!r}).{attribute}{FILES.get(name, FILES.get(module))}"
    given = interpreters.evaluated(component, call if raised else f"len(list({call}))")
    assert given.startswith(f"{raised}:") if raised else given == "0"


@pytest.mark.parametrize("module", ["dbm", "shelve"])
def test_databases_are_imported_during_the_build(module: str) -> None:
    """`dbm.open` looks for those that it knows by name."""
    assert {"dbm.dumb", "dbm.sqlite3"} <= set(library().needed_later([module]))


def test_names_are_judged_only_if_the_module_has_no_others() -> None:
    known = library()
    assert known.lacks_name("os", "fork")
    assert known.lacks_name("signal", "SIGALRM") is ("SIGALRM" not in known.names["signal"])
    assert not any(known.lacks_name(*name) for name in [("os", "path"), ("xml", "etree"), ("x", "y")])
    assert known.lacks_name("typing", "TypedDct")
    there = {
        "asyncio": "AbstractEventLoopPolicy",
        "calendar": "January",
        "concurrent.futures": "ProcessPoolExecutor",
        "shutil": "ExecError",
        "typing": "ForwardRef",
        "unittest": "IsolatedAsyncioTestCase",
        "zoneinfo": "TZPATH",
    }
    assert not any(known.lacks_name(module, name) for module, name in there.items())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("parity")
    zone = folder / "vendor" / "tzdata" / "zoneinfo" / "Europe" / "Berlin"
    zone.parent.mkdir(parents=True)
    zone.write_bytes(ZONE + ZONE.replace(b"\0CET", b"\0CET") + RULE)
    (folder / "vendor" / "tzdata" / "__init__.py").touch()
    (folder / "app.py").write_text(APP)
    (folder / "wit").mkdir()
    (folder / "wit" / "parity.wit").write_text(WIT)
    (folder / "pyproject.toml").write_text('[tool.witkit.build]\npaths = [".", "vendor"]\n')
    return folder


@pytest.fixture(scope="module")
def parity(project: Path) -> UntypedComponent:
    return default_engine().load(built(project, "parity", project))


@pytest.mark.parametrize("expression", SAME)
def test_the_standard_library_does_the_same_in_a_component(expression: str, parity: UntypedComponent) -> None:
    names: dict[str, object] = {}
    exec(APP.replace("import wit_world", "").replace("(wit_world.WitWorld)", ""), names)
    natively = names["WitWorld"]().evaluate(expression)  # type: ignore[operator]
    assert interpreters.evaluated(parity, expression) == natively


def test_the_page_on_guests_explains_each_module_that_is_lacking(repository: Path) -> None:
    """Those below an explained package, and private ones, need no words of their own."""
    page = (repository / "docs" / "guests.md").read_text(encoding="utf-8")
    table = page.partition("### Its Python")[2].partition("\n## ")[0]
    explained = set(re.findall(r"`([\w.]+)`", "".join(re.findall(r"^\| (.*?) \|", table, re.MULTILINE))))
    public = [name for name in library().fails if not any(part.startswith("_") for part in name.split("."))]
    left = [name for name in public if not explained & set(with_parents(name))]
    assert left == SIMILAR
    assert explained <= {*library().fails, *library().removed}


SIMILAR = [
    # Internals of packages, which fail for the reasons that the table has.
    "asyncio.tools",
    "asyncio.windows_utils",
    "encodings.bz2_codec",
    "encodings.mbcs",
    "encodings.oem",
    "multiprocessing.forkserver",
    "multiprocessing.heap",
    "multiprocessing.popen_fork",
    "multiprocessing.popen_forkserver",
    "multiprocessing.popen_spawn_posix",
    "multiprocessing.popen_spawn_win32",
    "multiprocessing.resource_tracker",
]

TOLD = {
    "sys.platform": "wasi",
    "sys.maxsize == 2**31 - 1": "True",
    "import_module('struct').calcsize('l')": "4",
    "import_module('time').tzname": "('UTC', 'UTC')",
    "dict(import_module('os').environ)": "{}",
    "import_module('os').getcwd()": "/",
    "[hasattr(import_module('os'), name) for name in ('fork', 'kill', 'getuid')]": "[False, False, False]",
    "hasattr(import_module('signal'), 'alarm'), hasattr(import_module('time'), 'tzset')": "(False, False)",
}


@pytest.mark.parametrize("expression", TOLD)
def test_what_the_page_says_of_its_python_is_so(expression: str, component: UntypedComponent) -> None:
    assert interpreters.evaluated(component, expression) == TOLD[expression]


def test_hashes_are_those_of_the_build_and_random_numbers_are_not(component: UntypedComponent) -> None:
    hashes, numbers = ({interpreters.evaluated(component, each) for _ in range(2)} for each in HASH_AND_RANDOM)
    assert (len(hashes), len(numbers)) == (1, 2)


HASH_AND_RANDOM = ("hash('text')", "import_module('random').random()")
