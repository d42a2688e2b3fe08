"""Rules of other distributions: they run where a project names them, and what goes wrong in them is theirs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.command_line import CLEAN, package, witkit

RULES = '''"""Rules of acme."""

from witkit.checks.rule import MINIMAL, Finding, Rule
from witkit.syntax import nodes


def check(interface, context):
    yield Finding(interface.name.span, f"`{interface.name.name}` is not ours")
    BROKEN


RULES = [
    Rule(code="ACME1", name="foreign", category="names", presets=MINIMAL, on=(nodes.Interface,), check=check, doc="It.")
]
'''


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """A project that names the plug-in `acme`, which is installed with the text that the test gives."""
    package(tmp_path / "wit", CLEAN)
    (tmp_path / "witkit.toml").write_text('[check]\nplugins = ["acme"]\n', encoding="utf-8")
    installed = tmp_path / "installed" / "acme-1.2.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.2\n", encoding="utf-8")
    module = f"acme_{request.node.name.partition('[')[0]}_{abs(hash(request.node.name))}"
    (installed / "entry_points.txt").write_text(f"[witkit.rules]\nacme = {module}:RULES\n", encoding="utf-8")
    text = getattr(request, "param", RULES.replace("    BROKEN\n", ""))
    (installed.parent / f"{module}.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(installed.parent)
    return tmp_path


def found(project: Path, *arguments: str) -> list[str]:
    done = witkit("check", "wit", "--format", "json", *arguments, cwd=project)
    assert done.stderr == ""
    return [f"{d['code']}: {d['message']}" for d in json.loads(done.stdout)]


def test_a_rule_of_another_distribution_runs(project: Path) -> None:
    assert found(project) == ["ACME1: `prices` is not ours"]
    assert found(project, "--ignore", "foreign") == []


def test_it_can_be_allowed_listed_and_explained(project: Path) -> None:
    package(project / "wit", CLEAN.replace("interface", "// witkit: allow(foreign)\ninterface"))
    assert found(project) == []
    assert "ACME1    foreign " in witkit("rules", cwd=project).stdout
    assert witkit("explain", "foreign", cwd=project).stdout.startswith("# foreign (ACME1)\n")


def test_it_does_not_run_in_a_project_that_does_not_name_it(project: Path) -> None:
    (project / "witkit.toml").unlink()
    assert found(project) == []


@pytest.mark.parametrize("project", [RULES.replace("BROKEN", "interface.nothing")], indirect=True, ids=["raises"])
def test_what_a_rule_raises_is_its_finding(project: Path) -> None:
    package(project / "wit", CLEAN + "\ninterface more {}\n")
    first, second = found(project)
    assert first.startswith("ACME1: this rule failed: AttributeError: ")
    assert second == "ACME1: `prices` is not ours"


@pytest.mark.parametrize(
    "project",
    [RULES.replace("    BROKEN\n", "").replace('doc="It."', 'doc="It.", applies=lambda c: 1 / 0')],
    indirect=True,
)
def test_what_its_look_at_a_file_raises_is_a_finding_too(project: Path) -> None:
    assert found(project) == ["ACME1: this rule failed: ZeroDivisionError: division by zero"]


@pytest.mark.parametrize(
    ("project", "said"),
    [
        ("import nothing_of_that_name\n", "cannot be loaded: ModuleNotFoundError"),
        ("RULES = [1]\n", "it has int, not `witkit.checks.rule.Rule`"),
        (RULES.replace('"foreign"', '"unused-use"'), "there is a `unused-use` already"),
        (RULES.replace('category="names"', 'category="name"'), "unknown category `name`"),
    ],
    indirect=["project"],
    ids=["import", "no-rule", "name-taken", "category"],
)
def test_a_plugin_that_cannot_be_used_is_a_warning(project: Path, said: str) -> None:
    (warning,) = found(project)
    assert warning.startswith("WIT1093: `acme` can")
    assert said in warning


def test_a_plugin_that_is_not_installed_is_a_warning(tmp_path: Path) -> None:
    package(tmp_path / "wit", CLEAN)
    (tmp_path / "witkit.toml").write_text('[check]\nplugins = ["nobody"]\n', encoding="utf-8")
    assert found(tmp_path) == ["WIT1093: no distribution is installed that has `nobody`"]
