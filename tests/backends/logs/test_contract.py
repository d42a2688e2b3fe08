"""Log messages: what every backend promises, and what each adds."""

from __future__ import annotations

import logging
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import witkit.backends
from tests.backends.disks import fill, small_disk
from tests.sampled import crowd
from witkit.backends.connect import Choice
from witkit.backends.failure import Failure, Kind
from witkit.backends.logs.memory import MemoryLogs
from witkit.backends.logs.protocol import Level, Logs
from witkit.backends.openings import Openings
from witkit.backends.table import CAPABILITIES
from witkit.interfaces.wasi_logging.logging import Level as WitLevel
from witkit.interfaces.wasi_logging.logging import Logging
from witkit.text import WitkitError
from witkit.text.secrets import learn

STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ")


@dataclass(frozen=True)
class Lines:
    """A backend that writes lines, and how to read them."""

    name: str
    settings: dict[str, Any]
    read: Callable[[], str]

    @contextmanager
    def opened(self, **more: Any) -> Iterator[Logging]:
        with witkit.backends.open("logging", self.name, **self.settings, **more) as found:
            yield found

    def written(self) -> list[str]:
        """The lines since the last time, without the time of each."""
        return [STAMP.sub("", line) for line in self.read().split("\n")[:-1]]


@pytest.fixture(params=["stderr", "file"])
def lines(request: pytest.FixtureRequest, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Lines:
    if request.param == "stderr":
        return Lines("stderr", {}, lambda: capsys.readouterr().err)
    file = tmp_path / "logs" / "messages.log"
    return Lines("file", {"path": file}, lambda: file.read_text(encoding="utf-8"))


def entries(logs: Logs) -> list[tuple[str, str, str]]:
    assert isinstance(logs, MemoryLogs)
    return [(each.level.spelled, each.context, each.message) for each in logs.entries]


def test_a_message_is_one_line_with_level_and_context(lines: Lines) -> None:
    with lines.opened() as log:
        log.log(WitLevel.WARN, "shop", "tea is out")
        log.log(WitLevel.CRITICAL, "", "so is milk")
    assert lines.written() == ["warn     [shop] tea is out", "critical so is milk"]


def test_every_level_of_the_interface_has_its_name(lines: Lines) -> None:
    with lines.opened() as log:
        for level in WitLevel:
            log.log(level, "", "tea")
    assert [line.split() for line in lines.written()] == [[level.name.lower(), "tea"] for level in WitLevel]
    assert [level.spelled for level in Level] == [level.name.lower() for level in WitLevel]


@pytest.mark.parametrize(
    ("context", "message", "line"),
    [
        ("", "one\ntwo\r\nthree", r"info     one\ntwo\r\nthree"),
        ("", "C:\\new", r"info     C:\\new"),
        ("a\nb", "c\td", r"info     [a\nb] c\td"),
        ("", "\x1b[2Jgone\x07", "info     ␛[2Jgone␇"),
        ("", "a\x85b\u2028c\u202ed\x9be", "info     a<U+0085>b<U+2028>c<U+202E>d<U+009B>e"),
        ("", "\0", "info     ␀"),
        ("", "tea 🍵 für é", "info     tea 🍵 für é"),
        ("", "", "info     "),
    ],
)
def test_no_message_breaks_out_of_its_line(lines: Lines, context: str, message: str, line: str) -> None:
    with lines.opened() as log:
        log.log(WitLevel.INFO, context, message)
    assert lines.written() == [line]


def test_lower_levels_are_left_out(lines: Lines) -> None:
    with lines.opened(level="warn") as log:
        for level in WitLevel:
            log.log(level, "", "tea")
    assert [line.split()[0] for line in lines.written()] == ["warn", "error", "critical"]


@pytest.mark.parametrize("message", ["x" * 1000, "é" * 1000, "\n" * 1000, "🍵" * 26])
def test_a_line_is_bounded(lines: Lines, message: str) -> None:
    with lines.opened(longest=100) as log:
        log.log(WitLevel.INFO, "shop", message)
        log.log(WitLevel.INFO, "c" * 10_000, "tea")
        log.log(WitLevel.INFO, "", "x" * 91)
    cut, other, whole = lines.written()
    for line in (cut, other):
        kept = line.partition(" … ")[0]
        assert 96 < len(kept.encode()) <= 100
    assert cut.endswith(f" … (of {len(message) + 4:,} characters)")
    assert whole == f"info     {'x' * 91}"


def test_a_secret_that_a_program_logs_is_masked_even_if_its_end_is_left_out(lines: Lines) -> None:
    learn({"password": "tea-with-milk-and-honey"})
    with lines.opened(longest=30) as log:
        log.log(WitLevel.INFO, "tea-with-milk-and-honey", "")
        log.log(WitLevel.INFO, "", "x" * 12 + "tea-with-milk-and-honey")
    assert [line[:24] for line in lines.written()] == ["info     [***] ", "info     " + "x" * 12 + "***"]


def test_threads_do_not_mix_their_lines(lines: Lines) -> None:
    with lines.opened() as log:

        def write(number: int) -> None:
            for _ in range(50):
                log.log(WitLevel.INFO, f"{number}", f"{number}" * 500)

        threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    expected = sorted(f"info     [{number}] {f'{number}' * 500}" for number in range(4) for _ in range(50))
    assert sorted(lines.written()) == expected


def test_memory_keeps_what_was_written() -> None:
    with witkit.backends.open("logging", "memory", level="debug") as log:
        log.log(WitLevel.TRACE, "shop", "not this")
        log.log(WitLevel.DEBUG, "shop", "one\ntwo")
        assert entries(log.logs) == [("debug", "shop", "one\ntwo")]
    assert entries(log.logs) == [("debug", "shop", "one\ntwo")]


def test_memory_makes_room_for_new_messages_and_cuts_long_ones() -> None:
    with witkit.backends.open("logging", "memory", memory=100_000, longest=1000) as log:
        for number in range(1000):
            log.log(WitLevel.INFO, "", f"{number:04}" + "x" * 5000)
        kept = [message[:4] for _, _, message in entries(log.logs)]
        assert {len(message) for _, _, message in entries(log.logs)} == {1000}
    assert kept == [f"{number:04}" for number in range(1000 - len(kept), 1000)]
    assert 10 < len(kept) < 100


@pytest.mark.parametrize("name", CAPABILITIES["logging"].backends)
def test_a_closed_backend_says_so_to_the_operator_only(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    with ExitStack() as stack:
        logs: Any = Openings(stack).open(CAPABILITIES["logging"], Choice(name))
    for call in (logs.check, lambda: logs.write(Level.INFO, "", "tea")):
        with pytest.raises(Failure) as caught:
            call()
        assert caught.value.kind is Kind.CLOSED
    with witkit.backends.open("logging", name) as log:
        pass
    with caplog.at_level(logging.WARNING):
        log.log(WitLevel.INFO, "", "tea")
    assert "logging log: logging has been closed" in caplog.text


def test_a_message_that_cannot_be_written_stops_no_program(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    with (tmp_path / "closed").open("w") as closed:
        pass
    with witkit.backends.open("logging") as log, caplog.at_level(logging.WARNING):
        with monkeypatch.context() as patched:
            patched.setattr("sys.stderr", closed)
            log.log(WitLevel.INFO, "", "tea")
        assert "logging log: standard error cannot be written" in caplog.text


def test_a_file_that_is_full_is_moved_and_two_hold_the_newest_messages(tmp_path: Path) -> None:
    file = tmp_path / "messages.log"
    with witkit.backends.open("logging", "file", path=file, size=2000) as log:
        for number in range(500):
            log.log(WitLevel.INFO, "", f"message {number}")
    text = file.with_name("messages.log.1").read_text() + file.read_text()
    found = [int(number) for number in re.findall(r"message (\d+)", text)]
    assert found == list(range(500 - len(found), 500))
    assert sorted(each.name for each in tmp_path.iterdir()) == ["messages.log", "messages.log.1"]
    assert all(each.stat().st_size < 2100 for each in tmp_path.iterdir())


def test_several_writers_of_a_file_lose_nothing_when_it_is_moved(tmp_path: Path) -> None:
    settings = {"path": tmp_path / "messages.log", "size": 12_000}

    def write(number: int) -> None:
        with witkit.backends.open("logging", "file", **settings) as log:
            for count in range(100):
                log.log(WitLevel.INFO, f"{number}", f"message {count}")

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    text = "".join(each.read_text() for each in tmp_path.iterdir())
    found = sorted(re.findall(r"\[(\d)\] message (\d+)", text))
    assert found == sorted((f"{number}", f"{count}") for number in range(4) for count in range(100))
    assert len(list(tmp_path.iterdir())) == 2


PROCESS = """
import sys, witkit.backends
from witkit.interfaces.wasi_logging.logging import Level
with witkit.backends.open("logging", "file", path=sys.argv[1], size=100_000) as log:
    for count in range(200):
        log.log(Level.INFO, sys.argv[2], f"message {count} " + "x" * 300)
"""


def test_many_processes_write_whole_lines_into_one_file(tmp_path: Path) -> None:
    file = tmp_path / "messages.log"
    command = [sys.executable, "-c", PROCESS, str(file)]
    running = [subprocess.Popen([*command, f"{number}"]) for number in range(crowd(8))]
    assert [process.wait(60) for process in running] == [0] * len(running)
    lines = (file.with_name("messages.log.1").read_text() + file.read_text()).splitlines()
    assert all(re.fullmatch(r"\S+ info     \[\d\] message \d+ x{300}", line) for line in lines)
    assert 100_000 < sum(map(len, lines)) < 210_000


def test_a_file_that_somebody_removes_begins_again(tmp_path: Path) -> None:
    file = tmp_path / "messages.log"
    with witkit.backends.open("logging", "file", path=file) as log:
        log.log(WitLevel.INFO, "", "one")
        file.unlink()
        log.log(WitLevel.INFO, "", "two")
        log.log(WitLevel.INFO, "", "three")
    assert re.findall(r"info     (\w+)", file.read_text()) == ["two", "three"]


def test_on_a_full_disk_no_half_line_stays(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with small_disk(tmp_path, 64) as disk:
        file = disk / "messages.log"
        with witkit.backends.open("logging", "file", path=file) as log, caplog.at_level(logging.WARNING):
            log.log(WitLevel.INFO, "", "one")
            fill(disk)
            for _ in range(3):
                log.log(WitLevel.INFO, "", "x" * 8000)
            assert "logging log: the log messages cannot be written: No space left on device" in caplog.text
            (disk / "filling").unlink()
            log.log(WitLevel.INFO, "", "two")
        assert re.findall(r"info     (\w+)", file.read_text()) == ["one", "two"]


@pytest.mark.parametrize(
    ("backend", "settings", "code", "said"),
    [
        ("stderr", {"level": "loud"}, "WIT0910", "there is no level `loud`"),
        ("stderr", {"longest": 0}, "WIT0910", "`longest` must be a whole number, at least 1"),
        ("memory", {"path": "x"}, "WIT0910", "there is no setting `path`"),
        ("file", {"path": "."}, "WIT0802", "the file for log messages cannot be used: it is a folder"),
        ("file", {"path": "x" * 300}, "WIT0802", "the file for log messages cannot be used: File name too long"),
        ("file", {"path": "a\0b"}, "WIT0910", "`path` must be the name of a file"),
    ],
)
def test_a_wrong_setting_is_refused(backend: str, settings: dict[str, Any], code: str, said: str) -> None:
    with pytest.raises(WitkitError) as caught, witkit.backends.open("logging", backend, **settings):
        pass
    (found,) = caught.value.diagnostics
    assert (found.code, found.message) == (code, said)
