"""A file in another language is one finding, which names the language."""

from __future__ import annotations

from pathlib import Path

import pytest

from witkit.ir import load
from witkit.text import Diagnostic, WitkitError

FILES = Path(__file__).resolve().parent / "other-languages"
LANGUAGES = {
    ".c": "C or C++",
    ".capnp": "Cap'n Proto",
    ".cs": "Java, Kotlin or C#",
    ".go": "Go",
    ".graphql": "GraphQL",
    ".h": "C or C++",
    ".html": "HTML or XML",
    ".java": "Java, Kotlin or C#",
    ".idl": "Web IDL",
    ".json": "JSON",
    ".kt": "Java, Kotlin or C#",
    ".md": "Markdown",
    ".proto": "protobuf",
    ".py": "Python",
    ".rs": "Rust",
    ".sh": "a shell script",
    ".smithy": "Smithy",
    ".sql": "SQL",
    ".swift": "Swift",
    ".thrift": "Thrift",
    ".toml": "TOML",
    ".ts": "TypeScript or JavaScript",
    ".wat": "the text format of WebAssembly",
    ".witx": "WITX",
    ".xml": "HTML or XML",
    ".yaml": "YAML",
    ".zig": "Zig",
}


def only_finding(text: str, folder: Path) -> Diagnostic:
    (folder / "a.wit").write_text(text, encoding="utf-8")
    [found] = load(folder).diagnostics
    return found


@pytest.mark.parametrize("file", sorted(FILES.iterdir()), ids=lambda file: file.name)
def test_a_file_of_another_language_is_one_finding(file: Path, tmp_path: Path) -> None:
    found = only_finding(file.read_text(encoding="utf-8"), tmp_path)
    assert (found.code, found.message) == ("WIT0122", f"this is not WIT: it looks like {LANGUAGES[file.suffixes[0]]}")


def test_the_other_files_of_the_folder_are_still_understood(tmp_path: Path) -> None:
    (tmp_path / "b.wit").write_text("package a:b;\ninterface i { use order.{id}; f: func(a: id); }\n")
    found = only_finding((FILES / "order.rs").read_text(encoding="utf-8"), tmp_path)
    assert found.code == "WIT0122"


def test_prose_is_not_wit(tmp_path: Path) -> None:
    text = "Dear reader,\nthis is a letter, with words in it; and marks: (some), more!\n" * 4
    found = only_finding(text, tmp_path)
    assert (found.message, found.help) == ("this is not WIT", "nothing in this file reads as WIT: is it the right one?")


def test_zeros_are_binary_data(tmp_path: Path) -> None:
    assert only_finding("\1\0\2\0 and more\0" * 50, tmp_path).message.endswith("it looks like binary data")


def test_bytes_that_are_not_text_are_one_finding(tmp_path: Path) -> None:
    (tmp_path / "a.wit").write_bytes(bytes(range(256)))
    with pytest.raises(WitkitError, match="not UTF-8"):
        load(tmp_path / "a.wit")


@pytest.mark.parametrize(
    "text",
    [
        "interface i {\n  fn a();\n  pub fn b();\n  struct c { d: u8 }\n}\n",
        "interface i {\n  message m {\n    string a = 1;\n    string b = 2;\n  }\n}\n",
        "export interface i {\n  a: func() => u8;\n  b: func(c: string): u8;\n}\n",
        "#include <x.h>\nworld w {\n}\ninterface i {\n  f: func();\n}\n",
    ],
)
def test_wit_with_the_habits_of_another_language_stays_wit(text: str, tmp_path: Path) -> None:
    (tmp_path / "package.wit").write_text("package a:b;\n")
    (tmp_path / "a.wit").write_text(text)
    assert "WIT0122" not in {found.code for found in load(tmp_path).diagnostics}


def test_a_merge_conflict_is_one_finding(tmp_path: Path) -> None:
    text = "package a:b;\n<<<<<<< ours\ninterface i {}\n=======\ninterface i { f: func(); }\n>>>>>>> theirs\n"
    assert only_finding(text, tmp_path).message == "a merge conflict is left in this file"
