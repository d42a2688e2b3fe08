"""What all commands have in common: how they start and how they end."""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import click
import pytest

from tests.cli.command_line import package, witkit
from tests.run.guests import assemble
from tests.run.projects import project
from witkit._leaving import Terminated
from witkit._version import __version__
from witkit.cli import group

EXAMPLES = Path(__file__).parents[2] / "examples"


def started(
    *words: str, folder: Path, stdout: int | IO[str] | None = None, shell: str = 'exec "$@"', **environment: str
) -> subprocess.Popen[str]:
    """`witkit` as a process of its own, started by a line of bash, which can close its streams."""
    command = ["bash", "-c", shell, "bash", sys.executable, "-m", "witkit", *words]
    return subprocess.Popen(
        command, cwd=folder, env=os.environ | environment, stdout=stdout, stderr=subprocess.PIPE, text=True,
        start_new_session=True,
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> tuple[int, str]:
    """How a process has ended: its exit code, and what it wrote to standard error."""
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_the_version_is_printed_without_loading_anything(tmp_path: Path) -> None:
    process = started("--version", folder=tmp_path, stdout=subprocess.PIPE, PYTHONPROFILEIMPORTTIME="1")
    printed, imports = process.communicate(timeout=60)
    assert (process.returncode, printed) == (0, f"witkit {__version__}\n")
    loaded = {line.split("|")[-1].strip() for line in imports.split("\n")}
    assert "witkit" in loaded
    assert not {"click", "lark", "jinja2", "wasmtime"} & loaded


def test_help_names_every_command(tmp_path: Path) -> None:
    shown = witkit("--help", cwd=tmp_path)
    assert shown.returncode == 0
    assert [name for name in group.COMMANDS if f"\n  {name} " not in shown.stdout] == []


def test_every_command_explains_itself_without_heavy_imports(tmp_path: Path) -> None:
    # One process for all, which starts a hundred times slower than a command explains itself.
    code = (
        "import sys; from witkit.cli.group import run\n"
        "for name in sys.argv[1:]:\n"
        "    code, heavy = run([name, '--help']), {'lark', 'jinja2', 'wasmtime', 'black'} & sys.modules.keys()\n"
        "    print(name, code, sorted(heavy), file=sys.stderr)"
    )
    shown = subprocess.run(
        [sys.executable, "-c", code, *group.COMMANDS], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert shown.stderr.splitlines() == [f"{name} 0 []" for name in group.COMMANDS]
    assert [name for name in group.COMMANDS if f"Usage: witkit {name}" not in shown.stdout] == []


def every_group(group: click.Group, name: str) -> Iterator[tuple[str, click.Group]]:
    yield name, group
    for each in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), each)
        if isinstance(command, click.Group):
            yield from every_group(command, f"{name} {each}")


@pytest.mark.parametrize("name", [name for name, _ in every_group(group.witkit, "witkit")])
def test_no_line_in_a_list_of_commands_is_cut(name: str, tmp_path: Path) -> None:
    shown = witkit(*name.split()[1:], "--help", cwd=tmp_path, COLUMNS="80").stdout
    _, commands = shown.split("\nCommands:\n")
    assert [line for line in commands.splitlines() if line.endswith("...")] == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["chek"], "did you mean `check`?"),
        (["check", "--formt", "json"], "--format"),
        (["check", "--format", "xml"], "'text', 'json', 'github'"),
        (["show"], "Missing argument 'PATH'"),
        (["gen", "host", "."], "Missing option '--out'"),
    ],
)
def test_wrong_use_exits_with_2_and_says_what_is_right(arguments: list[str], said: str, tmp_path: Path) -> None:
    done = witkit(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_a_command_without_a_traceback(number: signal.Signals, code: int, tmp_path: Path) -> None:
    """The command waits for a name that nobody ever writes to. It leaves by itself, and so cleans up."""
    os.mkfifo(tmp_path / "wit.toml")
    (tmp_path / "pyproject.toml").symlink_to("wit.toml")
    running = started("gen", folder=tmp_path)
    # Opening the other end succeeds as soon as the command reads.
    writer = os.open(tmp_path / "wit.toml", os.O_WRONLY)
    running.send_signal(number)
    found, said = ended(running)
    os.close(writer)
    assert (found, said.strip()) == (code, "")


@pytest.mark.parametrize("command", ["show wit --format json", "--version"])
def test_a_reader_that_leaves_early_is_not_an_error(command: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    assert ended_without_reader(*command.split(), folder=tmp_path) == (141, "")


PRINTER = """import wit_world
from wit_world import exports


class Run(exports.Run):
    def run(self) -> None:
        for number in range(10_000):
            print(f"line {number}")
"""


def test_a_guest_under_python_whose_reader_leaves_early_ends_in_silence(tmp_path: Path) -> None:
    """It prints more than Python's buffer takes, so that it learns of it while it runs."""
    world = "world w {\n  export wasi:cli/run@0.2.0;\n}\n"
    app = project(tmp_path, world, PRINTER)
    shutil.copytree(EXAMPLES / "orders" / "wit" / "deps" / "cli", app.parent / "wit" / "deps" / "cli")
    assert ended_without_reader("run", "--quiet", str(app), folder=tmp_path) == (141, "")


def test_a_component_whose_reader_leaves_early_ends_in_silence(tmp_path: Path) -> None:
    component = assemble("counter", tmp_path)
    command = ("run", "--quiet", "--key-value", "memory", str(component))
    assert ended_without_reader(*command, folder=tmp_path) == (141, "")


def ended_without_reader(*words: str, folder: Path) -> tuple[int, str]:
    """How a command ends whose standard output nobody reads."""
    reading, writing = os.pipe()
    os.close(reading)
    running = started(*words, folder=folder, stdout=writing)
    os.close(writing)
    return ended(running)


@pytest.mark.parametrize(
    ("word", "near"),
    [("chekc", "; did you mean `check`?"), ("inspect", "; did you mean `show`?"), ("nothing-like-it", "")],
)
def test_an_unknown_command_is_wrong_use(word: str, near: str, tmp_path: Path) -> None:
    done = witkit(word, cwd=tmp_path)
    assert (done.returncode, done.stderr.splitlines()[-1]) == (2, f"Error: there is no command `{word}`{near}")


@pytest.mark.parametrize(
    "command",
    [
        "check", "fmt", "show", "build", "run", "serve", "deps check", "gen host -o out", "upgrade -o out",
        "gen host wit -o", "upgrade wit -o", "run app.py --config",
    ],
)  # fmt: skip
def test_an_empty_path_is_not_the_current_folder(command: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit(*command.split(), "", cwd=tmp_path)
    assert done.returncode == 2
    assert "the path is empty; the current folder is `.`" in done.stderr


@pytest.mark.parametrize(
    ("command", "meant"),
    [("chek", "check"), ("lint", "check"), ("new gest", "guest"), ("deps chek", "check"), ("secret sett", "set")],
)
def test_a_misspelt_command_is_offered_in_the_same_words_everywhere(command: str, meant: str, tmp_path: Path) -> None:
    done = witkit(*command.split(), cwd=tmp_path)
    assert done.returncode == 2
    assert f"there is no command `{command.split()[-1]}`; did you mean `{meant}`?" in done.stderr


def test_explain_leads_to_the_rules(tmp_path: Path) -> None:
    done = witkit("explain", "nothing-like-it", cwd=tmp_path)
    assert (done.returncode, "`witkit rules` lists the rules" in done.stderr) == (2, True)


def test_rules_takes_no_names(tmp_path: Path) -> None:
    done = witkit("rules", "unused-use", cwd=tmp_path)
    assert (done.returncode, "`witkit explain unused-use` explains one" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["check", "fmt", "run app.py"])
def test_a_folder_in_the_place_of_the_configuration_is_not_passed_over(command: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    (tmp_path / "witkit.toml").mkdir()
    done = witkit(*command.split(), cwd=tmp_path)
    assert (done.returncode, "`witkit.toml` cannot be read: is a directory" in done.stderr) == (2, True)


@pytest.mark.parametrize("command", ["--version", "--help", "check wit", "show wit"])
def test_a_closed_output_is_not_an_error(command: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    assert ended(started(*command.split(), folder=tmp_path, shell='exec "$@" <&- >&-')) == (0, "")


def test_what_is_opened_does_not_take_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """A guest prints to standard output by its number: a data file must not be there."""
    code = (
        "import os; from pathlib import Path; from witkit.cli.group import run; run(['--version']);"
        "file = Path('data').open('wb'); os.write(1, b'printed'); os.write(2, b'printed'); file.close()"
    )
    subprocess.run(["bash", "-c", f'"{sys.executable}" -c "{code}" <&- >&- 2>&-'], cwd=tmp_path, check=True)
    assert (tmp_path / "data").read_bytes() == b""


@click.command()
def broken() -> int:
    """A command with a defect."""
    raise LookupError("nothing\nhere")


@pytest.fixture
def with_broken_command(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(group.COMMANDS, "broken", __name__)
    monkeypatch.setattr(sys.modules[__name__], "command", broken, raising=False)


@pytest.mark.usefixtures("with_broken_command")
def test_a_defect_is_one_line_that_asks_for_a_report(capsys: pytest.CaptureFixture[str]) -> None:
    assert group.run(["broken"]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.startswith(f"witkit {__version__} has a defect: LookupError: nothing here. Please report it")
    assert "WITKIT_TRACEBACK=1" in said


@pytest.mark.usefixtures("with_broken_command")
def test_the_traceback_of_a_defect_can_be_had(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WITKIT_TRACEBACK", "1")
    assert group.run(["broken"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):\n")
    assert "LookupError: nothing" in said
    assert said.count("has a defect") == 1


@click.command()
def interrupted() -> None:
    """A command that a signal ends while Python creates a class. Before 3.12, Python wraps the exception."""

    class Interrupting:
        def __set_name__(self, owner: type, name: str) -> None:
            raise KeyboardInterrupt if name == "by_hand" else Terminated(signal.SIGTERM)

    type("Unfinished", (), {click.get_current_context().args[0]: Interrupting()})


@pytest.mark.parametrize(("attribute", "code"), [("by_hand", 130), ("by_somebody", 143)])
def test_a_signal_while_modules_are_imported_is_not_a_defect(
    attribute: str, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(group.COMMANDS, "interrupted", __name__)
    monkeypatch.setattr(sys.modules[__name__], "command", interrupted, raising=False)
    monkeypatch.setattr(interrupted, "allow_extra_args", True)
    try:
        found = group.run(["interrupted", attribute])
    except Terminated as leaving:  # as it is: Python exits with its code
        found = int(leaving.code or 0)
    assert found == code
    assert capsys.readouterr() == ("", "")


def test_ending_on_a_signal_needs_no_import() -> None:
    code = "import sys; from witkit import cli; sys.meta_path.clear(); cli._terminated(15, None)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (143, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_is_reported_in_one_line(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    with Path("/dev/full").open("w") as full:
        code, said = ended(started("show", "wit", folder=tmp_path, stdout=full))
    assert (code, said.splitlines()[0]) == (2, "witkit: no space left on device")


def test_a_folder_that_is_gone_is_reported_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The current folder is removed under the command's feet."""
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert group.run(["check"]) == 2
    said = "witkit: the current folder does not exist any more: change to another one\n"
    assert capsys.readouterr() == ("", said)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ("check PATH", 1),
        ("check --against PATH", 1),
        ("fmt PATH", 1),
        ("deps check PATH", 1),
        ("show PATH", 1),
        ("build PATH", 1),
        ("new proposal PATH", 1),
        ("diff PATH wit", 2),
        ("diff wit PATH", 2),
    ],
)
def test_a_path_that_is_too_long_is_said_to_be(arguments: str, code: int, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    path = "/".join(["long"] * 2000)
    done = witkit(*arguments.replace("PATH", path).split(), cwd=tmp_path)
    assert (done.returncode, done.stderr or done.stdout.removesuffix("\n1 error in 1 package\n")) == (
        code,
        f"error[WIT0504]: this path is too long for the system\n --> {path}\n"
        "  = help: shorten it: most systems allow 255 bytes for each part of a path, and 4096 for all of it\n\n",
    )


@pytest.mark.parametrize("command", ["check .", "show .", "diff . wit", "diff wit ."])
def test_the_folder_of_a_project_is_not_that_of_its_package(command: str, tmp_path: Path) -> None:
    package(tmp_path / "wit")
    done = witkit(*command.split(), cwd=tmp_path)
    assert done.returncode == (2 if command.startswith("diff") else 1)
    assert (done.stdout + done.stderr).startswith(
        "error[WIT0506]: there is no `.wit` file in this folder\n --> .\n"
        "  = help: name the folder with the package: `wit`\n"
    )


def test_a_file_is_not_a_project_to_build(tmp_path: Path) -> None:
    package(tmp_path / "wit")
    file = next((tmp_path / "wit").glob("*.wit")).relative_to(tmp_path)
    done = witkit("build", str(file), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (
        2,
        f"error[WIT0923]: `{file}` is a file: a project is a folder\n --> {file}\n"
        "  = help: name the folder that has the `.py` files and the folder `wit`\n\n",
    )


def test_a_terminal_that_lacks_a_character_gets_an_escape(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package(tmp_path / "wit", "package a:b;\ninterface é {}\n")
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="ascii"))
    assert group.run(["check", str(tmp_path / "wit")]) == 1
    assert rb"\xe9" in shown.getvalue()
