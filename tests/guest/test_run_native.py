"""`witkit run app.py`: what `witkit run app.wasm` does, without the build."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.command_line import witkit
from tests.guest.building import built

ORDERS = Path(__file__).resolve().parents[2] / "examples" / "orders"


@pytest.fixture(scope="module")
def component(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(ORDERS, "orders", tmp_path_factory.mktemp("orders"))


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copytree(
        ORDERS, tmp_path / "orders", ignore=shutil.ignore_patterns("*.wasm", ".*", "__pycache__", "bindings")
    )
    return tmp_path / "orders"


@pytest.mark.parametrize(
    "call",
    [
        ["--invoke", "place", "GUEST", "tea", "2"],
        ["--invoke", "place", "GUEST", "teapot", "3"],
        ["--invoke", "catalog.products", "GUEST"],
        ["--invoke", "place", "GUEST", "tea"],
        ["--invoke", "plaice", "GUEST"],
        ["GUEST"],
    ],
    ids=" ".join,
)
def test_the_guest_answers_like_its_component(call: list[str], project: Path, component: Path) -> None:
    def run(guest: Path) -> tuple[int, str, str]:
        words = [str(guest) if word == "GUEST" else word for word in call]
        done = witkit("run", "--quiet", "--key-value", "memory", *words, cwd=project)
        return done.returncode, done.stdout, done.stderr.replace(str(guest), "GUEST")

    assert run(project / "app.py") == run(component)


def test_both_find_what_the_other_stored(project: Path, component: Path) -> None:
    assert "#1" in witkit("run", "app.py", cwd=project).stdout
    assert "#3" in witkit("run", str(component), cwd=project).stdout
    assert "#5" in witkit("run", "app.py", cwd=project).stdout


def test_an_exception_is_reported_at_its_line(project: Path) -> None:
    text = (project / "app.py").read_text()
    (project / "app.py").write_text(text.replace("return [Product(", "return 1 / 0 or [Product("))
    done = witkit("run", "--invoke", "products", "app.py", cwd=project)
    assert done.returncode == 1
    assert "WIT0806" in done.stderr
    assert "return 1 / 0 or [Product(" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_exception_in_another_folder_of_the_project_is_reported_at_its_line(project: Path) -> None:
    (project / "lib").mkdir()
    (project / "lib" / "prices.py").write_text("def price():\n    return {}['tea']\n")
    (project / "src").mkdir()
    app = (project / "app.py").read_text().replace("return [Product(", "return prices.price() or [Product(")
    (project / "src" / "app.py").write_text(app.replace("import wit_world\n", "import prices\nimport wit_world\n"))
    (project / "app.py").unlink()
    settings = (project / "pyproject.toml").read_text()
    build = "[tool.witkit.build]\n"
    (project / "pyproject.toml").write_text(settings.replace(build, build + 'paths = ["src", "lib", "."]\n'))
    done = witkit("run", "--invoke", "products", "src/app.py", cwd=project)
    assert done.returncode == 1
    assert "--> lib/prices.py:2:5" in done.stderr


def test_a_guest_in_a_package_may_import_from_beside_itself(tmp_path: Path) -> None:
    wit = "package a:b;\nworld w { export f: func() -> string; }\n"
    files = {
        "wit/w.wit": wit,
        "pyproject.toml": '[tool.witkit.build]\napp = "shop.app"\npaths = ["src"]\n',
        "src/shop/__init__.py": "",
        "src/shop/words.py": 'WORD = "beside"\n',
        "src/shop/app.py": "from .words import WORD\n\nclass WitWorld:\n    def f(self):\n        return WORD\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    done = witkit("run", "--invoke", "f", "shop/app.py", cwd=tmp_path / "src")
    assert (done.stdout, done.stderr) == ('"beside"\n', "")


MISTAKES = {
    "WIT0755": ("class Run", "class (Run"),
    "WIT0753": ("class Run", "class Ran"),
    "WIT0755]: not valid Python: 'await' outside async function": ("class Run", "def stop():\n    await x\nclass Run"),
    "`wit_world` has no `Nothing`": (
        "import wit_world\n",
        "import wit_world\nfrom wit_world import Nothing\n",
    ),
    "the guest stopped: it ends the program while it is imported": (
        "import wit_world\n",
        "import wit_world\nraise SystemExit(3)\n",
    ),
    "the guest imports `nothing`": ("import wit_world\n", "import wit_world\nimport nothing\n"),
}


@pytest.mark.parametrize("reported", MISTAKES)
def test_what_cannot_be_imported_is_reported_at_its_place(reported: str, project: Path) -> None:
    text = (project / "app.py").read_text()
    assert MISTAKES[reported][0] in text
    (project / "app.py").write_text(text.replace(*MISTAKES[reported]))
    done = witkit("run", "--quiet", "app.py", cwd=project)
    assert done.returncode == 1
    assert reported in done.stderr
    assert "app.py" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_module_that_hides_the_bindings_is_refused(project: Path) -> None:
    (project / "app.py").rename(project / "wit_world.py")
    assert "WIT0752" in witkit("run", "wit_world.py", cwd=project).stderr


def test_a_file_that_is_not_there(project: Path) -> None:
    done = witkit("run", "ap.py", cwd=project)
    assert done.returncode == 1
    assert "WIT0807" in done.stderr
    assert "help: check the path for a typing mistake" in done.stderr
