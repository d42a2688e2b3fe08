"""`[tool.witkit]`: what it may say, and what is answered when it says something else."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.bindgen import ModuleNames
from witkit.cli.config import generations
from witkit.text import WitkitError


def project(folder: Path, text: str) -> Path:
    (folder / "pyproject.toml").write_text(text, encoding="utf-8")
    return folder


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(WitkitError) as raised:
        generations(project(folder, text))
    return str(raised.value).replace(f"{folder}/", "")


def test_a_generation_takes_package_and_world_from_the_project(tmp_path: Path) -> None:
    text = '[tool.witkit]\nworld = "orders"\n[[tool.witkit.gen]]\ntarget = "host"\nout = "src"\n'
    (found,) = generations(project(tmp_path, text))
    assert (found.path, found.world, found.out) == (tmp_path / "wit", "orders", tmp_path / "src")


def test_a_generation_may_say_all_of_it_itself(tmp_path: Path) -> None:
    text = """
[[tool.witkit.gen]]
target = "guest"
wit = "api"
world = "shop"
out = "."
package = "shop_api"
templates = "tpl"
features = ["fast"]
"""
    (found,) = generations(project(tmp_path, text))
    assert (found.target, found.path, found.world, found.package) == ("guest", tmp_path / "api", "shop", "shop_api")
    assert (found.templates, found.features) == (tmp_path / "tpl", ("fast",))


def test_a_generation_may_choose_names_of_modules(tmp_path: Path) -> None:
    text = """
[[tool.witkit.gen]]
target = "host"
out = "."
full-names = true
import-interface-names = { "a:b/store@1.0.0" = "kept" }

[tool.witkit.gen.export-interface-names]
tools = "helpers"
"""
    (found,) = generations(project(tmp_path, text))
    assert found.names == ModuleNames({"a:b/store@1.0.0": "kept"}, {"tools": "helpers"}, full=True)


def test_an_empty_table_is_a_configuration(tmp_path: Path) -> None:
    assert generations(project(tmp_path, "[tool.witkit]\n")) == []


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(WitkitError, match=r"pyproject.toml` cannot be read: no such file"):
        generations(tmp_path)


def test_a_project_without_the_table_is_reported(tmp_path: Path) -> None:
    assert "[WIT0906]: `pyproject.toml` has no `[tool.witkit]`" in complaint(tmp_path, "[project]\nname = 'x'\n")


def test_a_syntax_error_has_its_place(tmp_path: Path) -> None:
    assert complaint(tmp_path, "[tool.witkit]\nwit = \n").startswith(
        "pyproject.toml:2:7: error[WIT0902]: this is not valid TOML"
    )


def test_every_wrong_thing_is_reported_at_once_and_with_its_place(tmp_path: Path) -> None:
    text = """[tool.witkit]
wrld = "orders"
wit = 3

[[tool.witkit.gen]]
target = "host"
out = "src"

[[tool.witkit.gen]]
target = "hots"
otu = "src"
"""
    assert complaint(tmp_path, text).splitlines() == [
        "pyproject.toml:2:1: error[WIT0903]: `tool.witkit` has no key `wrld`",
        "pyproject.toml:3:1: error[WIT0904]: `wit` must be a string",
        "pyproject.toml:9:1: error[WIT0905]: `tool.witkit.gen` needs `out`",
        "pyproject.toml:10:1: error[WIT0904]: `target` cannot be `hots`",
        "pyproject.toml:11:1: error[WIT0903]: `tool.witkit.gen` has no key `otu`",
    ]


def test_the_old_name_of_the_target_is_refused_with_the_new_one(tmp_path: Path) -> None:
    text = '[[tool.witkit.gen]]\nbackend = "host"\nout = "src"\n'
    with pytest.raises(WitkitError) as raised:
        generations(project(tmp_path, text))
    [found] = raised.value.diagnostics
    assert (found.message, found.help) == (
        "`backend` is now called `target`",
        "write `target = …`; the values are the same",
    )


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("[tool]\nwitkit = 3\n", "`witkit` must be a table"),
        ("[tool.witkit]\ngen = 3\n", "`gen` must be an array"),
        ("[tool.witkit]\ngen = [3]\n", "`gen` must be an array of tables"),
        (
            '[[tool.witkit.gen]]\ntarget = "host"\nout = "."\nfeatures = [1]\n',
            "`features` must be an array of strings",
        ),
        ('tool = "x"\n', "has no `[tool.witkit]`"),
        ("[tool.witkit.gen]\ntarget = 'host'\n", "`gen` must be an array"),
    ],
)
def test_a_wrong_shape_is_said_in_words(tmp_path: Path, text: str, wrong: str) -> None:
    assert wrong in complaint(tmp_path, text)
