"""Templates: strict, replaceable one by one, their mistakes reported with a place."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment

from witkit.bindgen import generate
from witkit.bindgen.common.templates import Templates
from witkit.ir import load
from witkit.text import WitkitError

WIT = """
package a:b;
interface shapes { record point { x: u32 } }
world w { import shapes; }
"""


def generated(folder: Path, templates: Path | None) -> dict[str, str]:
    (folder / "w.wit").write_text(WIT, encoding="utf-8")
    files = generate(load(folder / "w.wit").world("w"), "host", templates=templates)
    return {str(file.path): file.text for file in files}


def override(folder: Path, name: str, content: str) -> Path:
    path = folder / "templates" / "host" / name
    path.parent.mkdir(parents=True)
    path.write_text(content, encoding="utf-8")
    return folder / "templates"


def test_a_user_replaces_one_template_and_keeps_the_others(tmp_path: Path) -> None:
    before = generated(tmp_path, None)
    own = "class {{ view.name }}:\n    mine = {{ view.fields | length }}\n"
    after = generated(tmp_path, override(tmp_path, "record.py.jinja", own))
    assert "class Point:\n    mine = 1\n" in after["w/shapes.py"]
    assert before["w/__init__.py"].splitlines()[2:] == after["w/__init__.py"].splitlines()[2:]


def test_own_templates_change_the_hash_in_the_header_of_what_they_make(tmp_path: Path) -> None:
    before = generated(tmp_path, None)
    after = generated(tmp_path, override(tmp_path, "record.py.jinja", "class Point:\n    pass\n"))
    changed = {path for path in before if before[path].partition("\n")[0] != after[path].partition("\n")[0]}
    assert changed == {"w/shapes.py"}


def test_a_name_that_does_not_exist_is_reported_with_template_and_line(tmp_path: Path) -> None:
    templates = override(tmp_path, "record.py.jinja", "# first\n{{ view.nme }}\n")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    [diagnostic] = failed.value.diagnostics
    assert diagnostic.code == "WIT0601"
    assert "`host/record.py.jinja` failed at line 2" in diagnostic.message
    assert "nme" in diagnostic.message


def test_a_syntax_error_in_a_template_is_reported_with_its_line(tmp_path: Path) -> None:
    templates = override(tmp_path, "record.py.jinja", "# first\n# second\n{% if %}\n")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    assert "failed at line 3" in failed.value.diagnostics[0].message


def test_what_an_expression_raises_is_reported_with_template_and_line(tmp_path: Path) -> None:
    templates = override(tmp_path, "record.py.jinja", "# first\n{{ 1 / 0 }}\n")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    assert "`host/record.py.jinja` failed at line 2: division by zero" in failed.value.diagnostics[0].message


def test_a_template_that_replaces_nothing_is_reported_with_a_suggestion(tmp_path: Path) -> None:
    templates = override(tmp_path, "recrod.py.jinja", "")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    [diagnostic] = failed.value.diagnostics
    assert diagnostic.code == "WIT0605"
    assert diagnostic.help == "did you mean `record.py.jinja`?"


def test_a_folder_without_templates_is_reported(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match="they are in a folder `host` or `guest` or `payloads` of it"):
        generated(tmp_path, tmp_path)


def test_a_template_that_is_not_utf_8_is_reported(tmp_path: Path) -> None:
    templates = override(tmp_path, "record.py.jinja", "")
    (templates / "host" / "record.py.jinja").write_bytes(b"\xff")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    assert failed.value.diagnostics[0].message == "template `host/record.py.jinja` cannot be read: it is not utf-8"


def test_a_template_that_makes_no_python_is_reported_with_its_file(tmp_path: Path) -> None:
    templates = override(tmp_path, "record.py.jinja", "class {{ view.name }}: (((\n")
    with pytest.raises(WitkitError) as failed:
        generated(tmp_path, templates)
    [diagnostic] = failed.value.diagnostics
    assert diagnostic.code == "WIT0602"
    assert diagnostic.file == "w/shapes.py"


def test_templates_are_compiled_once_and_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WITKIT_CACHE_DIR", str(tmp_path / "cache"))
    values = {"notes": ["one"]}
    first = Templates("host").render("notes.py.jinja", values)
    assert first == "# one\n"
    monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("a template was compiled again"))
    assert Templates("host").render("notes.py.jinja", values) == first
