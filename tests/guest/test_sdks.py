"""Guests that use SDKs: which SDKs count, for which worlds they are built, and what is said of those that are wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.guest.sdks.fakes import APP, LOG, LOG_WIT, package, write
from witkit.componentize import load_config, preflight
from witkit.componentize.borrowed import borrowed
from witkit.componentize.inputs import files, texts
from witkit.componentize.projects import project_of
from witkit.componentize.sdks import find_sdks
from witkit.componentize.target import BuildTarget, build_target
from witkit.text import Diagnostic, WitkitError

OTHER_WIT = (
    "package acme:other;\ninterface things { make: func() -> u32; }\nworld w { import things; export things; }\n"
)
SETTINGS = 'wit_directory = "wit"\nbindings = "bindings"\n'


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which packages are found as if they were installed."""
    (tmp_path / "site").mkdir()
    monkeypatch.syspath_prepend(tmp_path / "site")
    return tmp_path / "site"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return write(tmp_path / "project", {"app.py": APP})


def _target(project: Path, **settings: object) -> BuildTarget:
    return build_target(load_config(project, **settings))


def _refused(project: Path, **settings: object) -> list[Diagnostic]:
    with pytest.raises(WitkitError) as refused:
        _target(project, **settings)
    return list(refused.value.diagnostics)


def _staged(target: BuildTarget) -> set[str]:
    return {str(place) for place, _ in files(target)} | {str(place) for place, _ in texts(target)}


def _checked(project: Path) -> list[tuple[str, str, str]]:
    try:
        preflight.check(_target(project))
    except WitkitError as refused:
        return [(problem.code, problem.message, problem.help or "") for problem in refused.diagnostics]
    return []


# ---- which SDKs, and which of their worlds ------------------------------------------------------


def test_an_installed_sdk_that_the_guest_imports_needs_no_settings(project: Path, installed: Path) -> None:
    write(installed, LOG)
    target = _target(project)
    assert target.sdk_worlds == {"acme_log": ["acme:log/service@1.2.0"]}
    assert target.world.name == "service"
    assert {"1/acme_log/__init__.py", "1/acme_log/bindings/imports/sink.py"} <= _staged(target)
    assert "1/acme_log/componentize-py.toml" not in _staged(target)


def test_an_sdk_that_nothing_imports_does_not_count(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project, {"app.py": "class Run: pass\n", "wit/w.wit": "package a:b;\nworld mine {}\n"})
    assert _target(project).sdks == ()


def test_an_sdk_in_one_of_the_paths_counts_even_if_nothing_imports_it(project: Path) -> None:
    write(project / "vendor", LOG)
    target = _target(project, paths=(".", "vendor"), world="job")
    assert [sdk.module for sdk in target.sdks] == ["acme_log"]
    assert "1/acme_log/bindings/imports/sink.py" in _staged(target)


def test_only_folders_that_may_be_sdks_are_searched(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(project, {**LOG, "data/2026/a.csv": "", "other/__init__.py": "", "app.py": "import other\n"})
    looked = set[str]()
    iterdir = Path.iterdir

    def recorded(folder: Path) -> Iterator[Path]:
        looked.add(folder.name)
        return iterdir(folder)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "iterdir", recorded)
        assert [sdk.module for sdk in find_sdks(load_config(project))] == ["acme_log"]
    assert {"acme_log", "other"} <= looked
    assert "data" not in looked


@pytest.mark.parametrize(
    ("app", "world"),
    [
        (APP, "service"),
        ("import acme_log\nclass AcmeLogBindings:\n    def run(self): return 1\n", "job"),
    ],
)
def test_the_classes_of_a_guest_show_which_world_of_an_sdk_it_implements(
    app: str, world: str, project: Path, installed: Path
) -> None:
    write(installed, LOG)
    write(project, {"app.py": app})
    assert _target(project).world.name == world


def test_a_guest_with_exports_of_its_own_takes_the_imports_of_an_sdk(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project, {"app.py": "import acme_log\nclass WitWorld: pass\n"})
    write(project, {"wit/w.wit": "package a:b;\nworld mine { export go: func(); }\n"})
    assert _target(project).worlds == {"": ["a:b/mine"], "acme_log": ["acme:log/imports@1.2.0"]}


def test_the_world_that_is_named_comes_before_what_the_classes_tell(project: Path, installed: Path) -> None:
    write(installed, LOG)
    for settings in (
        {"world": "imports"},
        {"world": "acme:log/imports"},
        {"module_worlds": {"acme_log": ("imports",)}},
    ):
        assert _target(project, **settings).world.name == "imports"


def test_several_worlds_become_one(project: Path, installed: Path) -> None:
    write(installed, LOG)
    target = _target(project, world=("service", "job"))
    assert target.sdk_worlds == {"acme_log": ["acme:log/service@1.2.0", "acme:log/job@1.2.0"]}
    assert [str(key) for key in target.world.exports] == ["Interface(acme:log/handler@1.2.0)", "run"]


def test_a_guest_may_have_a_world_of_its_own_beside_that_of_an_sdk(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(
        project, {"wit/w.wit": "package a:b;\ninterface clock { now: func() -> u64; }\nworld mine { import clock; }\n"}
    )
    target = _target(project)
    assert target.worlds == {"": ["a:b/mine"], "acme_log": ["acme:log/service@1.2.0"]}
    assert target.config.world_module == "wit_world"
    assert [part.package for part in target.borrowed] == ["acme_log.bindings"]
    assert set(target.wit) == {"union.wit"}


def test_what_another_world_does_not_have_can_be_left_out(project: Path, installed: Path) -> None:
    write(installed, LOG)
    wit = "package a:b;\nworld host { export acme:log/handler@1.2.0; }\n"
    write(project, {"wit/w.wit": wit, "wit/deps/log/log.wit": LOG_WIT})
    target = _target(project, world="acme:log/service", intersect_world="a:b/host")
    assert list(target.world.imports) == []
    assert len(target.world.exports) == 1


# ---- layouts ------------------------------------------------------------------------------------


@pytest.mark.parametrize("top", ["acme", "acme.sdk", "acme.wit.sdk"])
def test_an_sdk_may_be_a_package_inside_of_another_one(top: str, project: Path, installed: Path) -> None:
    write(installed, package(top, OTHER_WIT))
    write(project, {"app.py": f"from {top}.bindings.imports import things\nclass Things: pass\n"})
    target = _target(project)
    assert target.sdk_worlds == {"acme": ["acme:other/w"]}
    place = top.replace(".", "/")
    assert f"1/{place}/bindings/imports/things.py" in _staged(target)


def test_bindings_may_be_several_folders_below_the_settings(project: Path, installed: Path) -> None:
    settings = 'wit_directory = "data/wit"\nbindings = "inner/made"\n'
    write(installed, {"acme/__init__.py": "", "acme/componentize-py.toml": settings, "acme/data/wit/w.wit": OTHER_WIT})
    write(project, {"app.py": "import acme\nclass Things: pass\n"})
    target = _target(project)
    assert target.config.world_module == "acme_inner_made"
    assert "1/acme/inner/made/exports/__init__.py" in _staged(target)
    assert "1/acme/data/wit/w.wit" not in _staged(target)


def test_two_sdks_may_share_interfaces_and_call_them_differently(project: Path, installed: Path) -> None:
    settings = SETTINGS + 'full_names = true\n[import_interface_names]\n"acme:log/sink@1.2.0" = "drain"\n'
    wit = "package acme:more;\nworld plain { import acme:log/sink@1.2.0; }\n"
    write(installed, LOG, package("more", wit, settings=settings), {"more/wit/deps/log/log.wit": LOG_WIT})
    write(project, {"app.py": APP + "import more\n"})
    target = _target(project)
    assert target.sdk_worlds == {"acme_log": ["acme:log/service@1.2.0"], "more": ["acme:more/plain"]}
    lent = borrowed(target)
    assert "from acme_log_bindings.imports import sink\n" in lent["more/bindings/imports/drain.py"]
    assert "from acme_log_bindings.imports import sink\n" in lent["acme_log/bindings/imports/sink.py"]


def test_three_sdks_are_no_more_than_two(project: Path, installed: Path) -> None:
    names = ("one", "two", "three")
    for name in names:
        wit = f"package acme:{name};\ninterface {name} {{ f: func(); }}\nworld w {{ import {name}; }}\n"
        write(installed, package(name, wit))
    write(project, {"app.py": "import one, two, three\n"})
    assert list(_target(project).sdk_worlds) == list(names)


def test_what_an_sdk_imports_comes_with_it_and_may_be_an_sdk_itself(project: Path, installed: Path) -> None:
    write(installed, LOG, {"acme_text/__init__.py": "", "acme_text/__pycache__/x.pyc": ""})
    write(installed, package("more", OTHER_WIT), {"more/__init__.py": "import acme_log, acme_text, json\n"})
    write(project, {"app.py": "import more\nclass Things: pass\nclass Handler: pass\n"})
    target = _target(project)
    assert [sdk.module for sdk in target.sdks] == ["more", "acme_log"]
    assert "1/acme_text/__init__.py" in _staged(target)
    assert not any("pyc" in place for place in _staged(target))


def test_an_sdk_without_bindings_has_its_worlds_in_the_guests_own(project: Path, installed: Path) -> None:
    settings = 'wit_directory = "wit"\nfull_names = true\n'
    write(installed, package("acme", OTHER_WIT, settings=settings))
    write(project, {"app.py": "import acme\nimport wit_world\n"})
    target = _target(project)
    assert target.config.world_module == "wit_world"
    assert target.config.names.imports == {"acme:other/things": "acme_other_things"}
    assert target.borrowed == ()


def test_an_sdk_without_wit_only_names_interfaces(project: Path, installed: Path) -> None:
    settings = '[export_interface_names]\n"a:b/things" = "stuff"\n"a:b/unknown" = "x"\n'
    write(installed, {"acme/__init__.py": "", "acme/componentize-py.toml": settings})
    wit = "package a:b;\ninterface things { f: func(); }\nworld w { export things; }\n"
    write(project, {"app.py": "import acme\n", "wit/w.wit": wit})
    assert _target(project).config.names.exports == {"a:b/things": "stuff"}


# ---- what is wrong ------------------------------------------------------------------------------

DAMAGED = {
    "not TOML": ("wit_directory = \n", "WIT0902", "this is not valid TOML"),
    "another type": ("wit_directory = 1\n", "WIT0904", "`wit_directory` must be a string"),
    "no folder": ('wit_directory = "wti"\n', "WIT0904", "there is no `wti` beside this file"),
    "outside": ('wit_directory = "../wit"\n', "WIT0904", "must be a folder in the package"),
    "absolute": ('wit_directory = "/"\n', "WIT0904", "must be a folder in the package"),
    "bindings outside": (SETTINGS.replace('"bindings"', '".."'), "WIT0904", "must be a folder in the package"),
    "an invalid name": (SETTINGS + '[import_interface_names]\n"a:b/c" = 1\n', "WIT0904", "must be a string"),
}


@pytest.mark.parametrize("case", DAMAGED)
def test_wrong_settings_of_an_sdk_are_reported_at_their_place(case: str, project: Path, installed: Path) -> None:
    settings, code, message = DAMAGED[case]
    write(installed, LOG, {"acme_log/componentize-py.toml": settings})
    (problem,) = _refused(project)
    assert (problem.code, message in problem.message) == (code, True), problem.message
    file = problem.primary.source.name if problem.primary else problem.file
    assert file == str(installed / "acme_log" / "componentize-py.toml")


def test_an_unknown_key_of_an_sdk_is_a_warning_as_componentize_py_ignores_it(project: Path, installed: Path) -> None:
    write(installed, LOG, {"acme_log/componentize-py.toml": 'wit_dir = "wit"\n' + SETTINGS})
    (warning,) = _target(project).warnings
    assert (warning.code, warning.is_error, warning.help) == ("WIT0903", False, "did you mean `wit_directory`?")


def test_wrong_wit_of_an_sdk_is_reported_in_its_own_file(project: Path, installed: Path) -> None:
    write(installed, LOG, {"acme_log/wit/log.wit": "package acme:log@1.2.0;\nworld w { import missing; }\n"})
    (problem,) = _refused(project)
    assert problem.primary is not None
    assert problem.primary.source.name == str(installed / "acme_log" / "wit" / "log.wit")


def test_a_world_that_there_is_not_names_those_that_there_are(project: Path, installed: Path) -> None:
    write(installed, LOG)
    (problem,) = _refused(project, world="acme:log/service@1.0.0")
    assert problem.message == "there is no world `acme:log/service@1.0.0` in `acme:log@1.2.0`"
    assert problem.help == "there is `acme:log/service@1.2.0`"
    (problem,) = _refused(project, world="acme:log/servise")
    assert problem.help == "did you mean `acme:log/service`?"


def test_an_sdk_whose_worlds_do_not_fit_asks_for_one(project: Path, installed: Path) -> None:
    write(installed, LOG)
    app = "from acme_log import log\nclass Handler: pass\nclass AcmeLogBindings: pass\n"
    write(project, {"app.py": app})
    (problem,) = _refused(project)
    assert problem.code == "WIT0772"
    assert problem.message == "the SDK `acme_log` has 3 worlds, and the classes of `app` fit 2 of them"
    assert "`acme:log/service@1.2.0` (needs `Handler`)" in problem.help
    assert "`-w`" in problem.help
    write(project, {"app.py": app.replace("Handler", "Handlr").replace("class AcmeLogBindings: pass\n", "")})
    (problem,) = _refused(project)
    assert problem.message.endswith("fit none of them")


def test_worlds_of_a_module_that_is_not_an_sdk_are_refused(project: Path, installed: Path) -> None:
    write(installed, LOG)
    (problem,) = _refused(project, module_worlds={"acme_lgo": ("w",)})
    assert (problem.code, problem.help) == ("WIT0770", "did you mean `acme_log`?")


def test_several_sdks_of_one_top_level_package_are_known_by_their_dotted_names(project: Path, installed: Path) -> None:
    other = {name: text for name, text in package("acme.other", OTHER_WIT).items() if name != "acme/__init__.py"}
    log = {f"acme/{name}": text.replace("acme_log.", "acme.acme_log.") for name, text in LOG.items()}
    write(installed, other, log)
    write(project, {"app.py": "import acme.acme_log, acme.other\nclass Things: pass\nclass Handler: pass\n"})
    target = _target(project)
    assert target.sdk_worlds == {"acme.acme_log": ["acme:log/service@1.2.0"], "acme.other": ["acme:other/w"]}
    assert _target(project, module_worlds={"acme.acme_log": ("job",)}).sdk_worlds["acme.acme_log"] == [
        "acme:log/job@1.2.0"
    ]


def test_sdks_that_were_installed_into_a_folder_of_the_project_count_only_from_there(project: Path) -> None:
    write(project / "vendor", LOG, package("acme", OTHER_WIT))
    write(project, {"app.py": "class Run: pass\n", "wit/w.wit": "package a:b;\nworld mine {}\n"})
    assert _target(project).sdks == ()


def test_a_path_that_is_an_sdk_itself_is_refused_with_the_way_out(project: Path) -> None:
    write(project / "vendor", LOG)
    (problem,) = _refused(project, paths=(".", "vendor/acme_log"))
    assert problem.code == "WIT0771"
    assert "the folder above" in problem.help


def test_two_worlds_with_functions_of_their_own_are_refused(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project, {"wit/w.wit": "package a:b;\nworld mine { export go: func(); }\n"})
    (problem,) = _refused(project, module_worlds={"acme_log": ("job",)})
    assert problem.code == "WIT0773"


def test_two_worlds_with_another_function_of_one_name_are_refused(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project, {"wit/w.wit": "package a:b;\nworld mine { export run: func() -> string; }\n"})
    (problem,) = _refused(project, module_worlds={"acme_log": ("job",)})
    assert problem.code == "WIT0774"


# ---- which project ------------------------------------------------------------------------------


def test_a_guest_of_an_sdk_is_a_project_inside_of_another_one(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project.parent, {"wit/w.wit": "package a:b;\nworld w {}\n"})
    assert project_of(project) == project
    write(project, {"app.py": "class Run: pass\n"})
    assert project_of(project) == project.parent


def test_modules_of_older_bindings_and_of_an_sdk_itself_are_kept(project: Path, installed: Path) -> None:
    write(installed, LOG, {"acme_log/poll_loop.py": "", "poll_loop.py": "", "acme_log/bindings/types.py": ""})
    write(installed, {"acme_log/__init__.py": "import poll_loop\n"})
    target = _target(project)
    assert borrowed(target)["acme_log/bindings/types.py"] == "from componentize_py_types import *\n"
    assert "1/acme_log/poll_loop.py" in _staged(target)
    assert "1/poll_loop.py" not in _staged(target)


LACKS = ("WIT0758", "class `Handler` lacks `handle`", "rename `handel` to `handle`")
TAKEN = ("WIT0758", "class `Handler` lacks `handle`", "a class must have all functions of its export")
CLASSES = {
    "from acme_log.bindings import exports\nclass Handler(exports.Handler):": [LACKS],
    "from acme_log import bindings\nclass Handler(bindings.exports.Handler):": [LACKS],
    "import acme_log.bindings.exports as e\nclass Handler(e.Handler):": [LACKS],
    "class Handler:": [LACKS],
    "from acme_log.base import Base\nclass Handler(Base):": [],
    "import acme_log.base\nimport acme_log.bindings\nclass Handler(acme_log.base.Base):": [],
    "import acme_log.bindings.exports as e\nHandler = e.Handler\nclass Other:": [TAKEN],
    "from acme_log.bindings.exports import Handler\nclass Other:": [TAKEN],
    "from acme_log.base import Base as Handler\nclass Other:": [],
}


@pytest.mark.parametrize("start", CLASSES)
def test_a_class_that_derives_from_the_bindings_of_an_sdk_has_the_functions_of_its_export(
    start: str, project: Path, installed: Path
) -> None:
    write(installed, LOG, {"acme_log/base.py": "class Base:\n    def handle(self, request): return request\n"})
    write(project, {"app.py": f"import acme_log\n{start}\n    def handel(self, request): return request\n"})
    assert _checked(project) == CLASSES[start]


def test_a_guest_without_a_world_of_its_own_learns_where_its_bindings_are(project: Path, installed: Path) -> None:
    write(installed, LOG)
    write(project, {"app.py": f"import wit_world\n{APP}"})
    ((code, _, help),) = _checked(project)
    assert code == "WIT0756"
    assert help == "the guest uses the world of an SDK, whose bindings are `acme_log.bindings`"


NAMES = {
    "import acme_log.bse": "the guest imports `acme_log.bse`, which the SDK does not have: did you mean `base`?",
    "from acme_log import bse": "the guest imports `acme_log.bse`, which the SDK does not have: did you mean `base`?",
    "from acme_log import lag": "the guest imports `acme_log.lag`, which the SDK does not have: did you mean `log`?",
    "from acme_log.base import Bose": "the guest imports `acme_log.base.Bose`, which the SDK does not have",
    "from acme_log import log, base, bindings, __doc__": None,
    "from acme_log.base import *": None,
    "from acme_log.open import anything": None,
    "from acme_log.bindings.imports import anything": None,
    "try:\n    from acme_log import new\nexcept ImportError:\n    pass": None,
}


@pytest.mark.parametrize("statement", NAMES)
def test_what_an_sdk_certainly_does_not_have_is_found_before_the_build(
    statement: str, project: Path, installed: Path
) -> None:
    more = {"acme_log/base.py": "class Base: ...\n", "acme_log/open.py": "def __getattr__(name): return name\n"}
    write(installed, LOG, more)
    write(project, {"app.py": f"{statement}\n{APP}"})
    found = [f"{message}: {help}" for code, message, help in _checked(project) if code == "WIT0756"]
    expected = NAMES[statement]
    assert len(found) == bool(expected)
    assert all(message.startswith(expected or "") for message in found)
