"""Descriptors and streams of files: as in wasmtime, apart from what `DIFFERENT` lists."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wasi.asking import WASMTIME, Asked
from tests.wasi.tree import planted
from witkit.runtime import Wasi

NOW, KEEP = "types.NewTimestamp_Now()", "types.NewTimestamp_NoChange()"


CHANGED = "opened('note').stat().data_modification_timestamp"
ACCESSED = "opened('note').stat().data_access_timestamp"


def at(seconds: int, nanoseconds: int) -> str:
    return f"types.NewTimestamp_Timestamp(wall_clock.Datetime({seconds}, {nanoseconds}))"


FLAGS = [
    f"opened('{path}', {flags}, root='{root}').get_flags()"
    for root in ("/data", "/ro")
    for path, flags in [
        ("note", "READ"), ("note", "READ | WRITE"), ("note", "WRITE"), ("note", "F(0)"), ("note", "READ, O.TRUNCATE"),
        ("note", "READ, O.CREATE"), ("note", "READ, O.EXCLUSIVE"), ("note", "READ, O.DIRECTORY"),
        ("new", "F(0), O.CREATE"),
        ("sub", "READ"), ("sub", "READ | WRITE"), ("sub", "READ, O.DIRECTORY"), ("sub", "READ, O.DIRECTORY | O.CREATE"),
        ("sub", "READ, O.CREATE"), ("sub", "READ, O.TRUNCATE"), ("note", "READ | F.FILE_INTEGRITY_SYNC"),
        ("note", "READ | F.DATA_INTEGRITY_SYNC"), ("note", "READ | F.REQUESTED_WRITE_SYNC"),
    ]
]  # fmt: skip

READ_ONLY = [
    "folder().get_flags(), folder('/ro').get_flags()",
    "folder('/ro').create_directory_at('n')",
    "folder('/ro').create_directory_at('../n')",
    "folder('/ro').unlink_file_at('note')",
    "folder('/ro').remove_directory_at('empty')",
    "folder('/ro').symlink_at('note', 'n')",
    "folder('/ro').rename_at('note', folder(), 'n')",
    "folder('/ro').rename_at('../x', folder(), 'n')",
    "folder().rename_at('note', folder('/ro'), 'n')",
    "folder('/ro').link_at(NEVER, 'note', folder(), 'n')",
    "folder().link_at(NEVER, 'note', folder('/ro'), 'n')",
    f"folder('/ro').set_times_at(NEVER, 'note', {NOW}, {NOW})",
    f"folder('/ro').set_times({NOW}, {NOW})",
    f"opened('note', root='/ro').set_times({NOW}, {NOW})",
    "opened('note', root='/ro').set_size(1)",
    "opened('note', root='/ro').write(b'x', 0)",
    "opened('note', root='/ro').write_via_stream(0)",
    "opened('note', root='/ro').append_via_stream()",
    "opened('note', root='/ro').read(99, 0)",
    "folder('/ro').readlink_at('in'), folder('/ro').stat_at(FOLLOW, 'in').size",
]

DESCRIPTORS = [
    "opened('note').set_size(1)",
    "opened('note', WRITE).set_size(2**63)",
    "opened('note', WRITE).set_size(2**64 - 1)",
    "opened('note', WRITE).set_size(2**62)",
    "[opened('note', WRITE).set_size(3), content('note')]",
    "[opened('note', WRITE).set_size(9), content('note')]",
    "folder().set_size(1)",
    "folder().read(1, 0)",
    "folder().write(b'x', 0)",
    "folder().advise(0, 0, types.Advice.NORMAL)",
    "folder().sync(), folder().sync_data(), opened('note').sync(), opened('note').sync_data()",
    "[opened('note').advise(0, 5, each) for each in types.Advice]",
    "opened('note').advise(0, 2**64 - 1, types.Advice.NORMAL)",
    "[opened('note').read(*pair) for pair in [(0, 0), (3, 0), (99, 0), (99, 7), (99, 2**62), (2**64 - 1, 0)]]",
    "opened('note').read(99, 2**63)",
    "opened('note', WRITE).read(1, 0)",
    "opened('note').write(b'x', 0)",
    "opened('note', WRITE).write(b'', 0)",
    "[opened('note', WRITE).write(b'xyz', 2), content('note')]",
    "[opened('note', WRITE).write(b'xyz', 10), content('note')]",
    "opened('note', WRITE).write(b'xyz', 2**63)",
    "opened('note', WRITE).write(b'xyz', 2**63 - 1)",
    "opened('note').read_directory()",
    "[entries := opened('empty').read_directory(), entries.read_directory_entry(), entries.read_directory_entry()][1:]",
    "sorted((e.name, e.type.name) for e in iter(opened('sub').read_directory().read_directory_entry, None))",
    "[opened('note').stat().type.name, opened('note').stat().size, opened('note').stat().link_count]",
    "folder().is_same_object(folder()), folder().is_same_object(opened('sub')), folder().is_same_object(folder('/ro'))",
    "opened('note').is_same_object(opened('in'))",
    "opened('note').metadata_hash() == folder().metadata_hash_at(NEVER, 'note')",
    "opened('note').metadata_hash() == opened('sub/inner').metadata_hash()",
    "opened('note').metadata_hash() == folder().metadata_hash_at(NEVER, 'in')",
]

TIMES = [
    f"[opened('note').set_times({at(5, 6)}, {at(7, 8)}), {ACCESSED}]",
    f"[opened('note').set_times({KEEP}, {at(7, 8)}), {CHANGED}]",
    f"[folder().set_times_at(FOLLOW, 'in', {KEEP}, {at(5, 6)}), {CHANGED}]",
    f"[folder().set_times_at(NEVER, 'in', {KEEP}, {at(5, 6)}), {CHANGED}.seconds > 9]",
    f"[folder().set_times_at(NEVER, 'in', {KEEP}, {at(5, 6)}), folder().stat_at(NEVER, 'in')."
    "data_modification_timestamp]",
    f"[opened('note').set_times({NOW}, {NOW}), {CHANGED}.seconds > 9]",
    f"opened('note', WRITE).set_times({KEEP}, {KEEP})",
    f"opened('note', WRITE).set_times({at(5, 2 * 10**9)}, {KEEP})",
    f"opened('note', WRITE).set_times({at(2**64 - 1, 0)}, {KEEP})",
]

STREAMS = [
    "folder().read_via_stream(0)",
    "folder().write_via_stream(0)",
    "folder().append_via_stream()",
    "opened('note').read_via_stream(2).blocking_read(2)",
    "opened('note').read_via_stream(99).blocking_read(2)",
    "opened('note').read_via_stream(0).read(0)",
    "opened('note').read_via_stream(99).read(0)",
    "opened('note').read_via_stream(2**63).blocking_read(2)",
    "opened('note').read_via_stream(2**64 - 1).blocking_read(2)",
    "opened('note').read_via_stream(0).blocking_skip(99)",
    "opened('note', WRITE).read_via_stream(0).blocking_read(2)",
    "opened('note').write_via_stream(0).blocking_write_and_flush(b'x')",
    "opened('note').append_via_stream().blocking_write_and_flush(b'x')",
    "[opened('note', WRITE).write_via_stream(3).blocking_write_and_flush(b'XY'), content('note')]",
    "[opened('note', WRITE).append_via_stream().blocking_write_and_flush(b'XY'), content('note')]",
    "[opened('note', WRITE).write_via_stream(9).blocking_write_zeroes_and_flush(2), content('note')]",
    "opened('note', WRITE).write_via_stream(2**63).blocking_write_and_flush(b'XY')",
    "opened('note', WRITE).write_via_stream(2**64 - 1).blocking_write_and_flush(b'XY')",
    "[s := opened('note', WRITE).append_via_stream(), s.check_write() > 0, s.write(b'q'), s.blocking_flush(),"
    " s.check_write() > 0, content('note')][1:]",
    "[s := opened('note', WRITE).write_via_stream(0), s.blocking_write_and_flush(b'q'),"
    " s.blocking_write_and_flush(b'r'), content('note')][1:]",
    "[s := opened('new', WRITE, O.CREATE).write_via_stream(0), r := opened('note').read_via_stream(0),"
    " s.blocking_splice(r, 4), s.blocking_splice(r, 99), attempt(lambda: s.blocking_splice(r, 4)), s.blocking_flush(),"
    " content('new')][2:]",
    "[s := opened('note').read_via_stream(0), p := s.subscribe(), p.block(), p.__exit__(None, None, None),"
    " s.read(3)][4:]",
]

NOT_A_FOLDER = [
    f"opened('note').{call}"
    for call in [
        "create_directory_at('x')", "stat_at(NEVER, 'x')", "open_at(NEVER, 'x', O(0), READ)", "readlink_at('x')",
        "unlink_file_at('x')", "metadata_hash_at(NEVER, 'x')", "symlink_at('a', 'x')", "rename_at('x', folder(), 'y')",
        "link_at(NEVER, 'x', folder(), 'y')", f"set_times_at(NEVER, 'x', {NOW}, {NOW})", "remove_directory_at('x')",
    ]
] + ["folder().rename_at('note', opened('note'), 'y')"]  # fmt: skip

LINKS = [
    "folder().link_at(FOLLOW, 'note', folder(), 'n')",
    "folder().link_at(NEVER, 'in', folder(), 'n')",
    "[folder().link_at(NEVER, 'note', folder(), 'n'), folder().stat_at(NEVER, 'n').link_count]",
    "[folder().symlink_at('sub/', 'n'), folder().readlink_at('n'), content('n/inner')]",
    "[folder().rename_at('note', opened('sub'), 'n'), content('sub/n')]",
    "folder().rename_at('sub', opened('sub/deep'), 'n')",
    "[d := opened('sub'), folder().rename_at('sub', folder(), 'moved'),"
    " d.open_at(NEVER, 'inner', O(0), READ).read(9, 0)][2:]",
    "[d := opened('sub'), *(attempt(lambda: d.open_at(how, path, O(0), READ)) for how, path in"
    " [(NEVER, '../note'), (NEVER, 'note'), (FOLLOW, 'note')])][1:]",
]

PYTHON = [
    "os.listdir('/data/sub')", "open('/data/note').read()", "open('/ro/new', 'w')", "os.stat('/data/in').st_size",
    "[os.makedirs('/data/x/y'), os.rename('/data/x/y', '/data/z'), os.rmdir('/data/z')]", "os.readlink('/data/in')",
    "[open('/data/log', 'a').write('one'), open('/data/log', 'a').write('two'), open('/data/log').read()]",
    "open('/data/../outside/secret')", "open('/data/secret')", "open('/etc/passwd')", "os.remove('/data/sub')",
    "[f := open('/data/big', 'w+b'), f.write(bytes(3_000_000)), f.seek(-3, 2), f.read(), f.truncate(5), f.tell()][1:]",
]  # fmt: skip

AT_ONCE = "files are read at once; wasmtime reads in the background, and `read` gives nothing at first"
SPECIAL = "what is neither a file nor a folder has a type of its own"
DIFFERENT = {
    "opened('sub', F.MUTATE_DIRECTORY).get_flags()": (
        "<DescriptorFlags.READ|MUTATE_DIRECTORY: 33>", "<DescriptorFlags.READ: 1>", "shows what was asked for"
    ),
    "opened('note').advise(2**63, 0, types.Advice.NORMAL)": (
        "'Err INVALID'", "None", "no file has such a position"
    ),
    "opened('note').read_via_stream(2).read(99)": ("b'note\\n'", "b''", AT_ONCE),
    "opened('note').read_via_stream(0).skip(3)": ("3", "0", AT_ONCE),
    "opened('note').read_via_stream(0).blocking_read(0)": (
        "b''", "'Err StreamError_Closed'", "a file does not end where nothing is read"
    ),
    "opened('note', WRITE).write_via_stream(2**63).blocking_write_and_flush(b'')": (
        "None", "'Err failed INVALID'", "writing nothing does not fail"
    ),
    "folder().stat_at(NEVER, 'pipe').type.name": ("'FIFO'", "'UNKNOWN'", SPECIAL),
}  # fmt: skip
OF_A_FOLDER = f"folder().set_times({at(5, 6)}, {KEEP})"
if WASMTIME < 50:
    DIFFERENT[OF_A_FOLDER] = "None", "'Err BAD_DESCRIPTOR'", "a folder has times, too"
"""program -> what it gives here and in wasmtime, and why."""

SAME = [*FLAGS, *READ_ONLY, *DESCRIPTORS, *TIMES, *STREAMS, *NOT_A_FOLDER, *LINKS, *PYTHON]
if WASMTIME >= 50:
    SAME.append(OF_A_FOLDER)


def both(asked: Asked, expression: str, base: Path) -> list[str]:
    """What an expression gives here and in wasmtime, each in a new folder."""
    found = []
    for ask in (asked.ours, asked.theirs):
        root = planted(base / ask.__name__)
        found.append(
            ask(f"answer = attempt(lambda: ({expression}))", Wasi(dirs={"/data": root}, read_only_dirs={"/ro": root}))
        )
    return found


@pytest.mark.parametrize("expression", SAME)
def test_an_answer_is_the_same_as_in_wasmtime(expression: str, asked: Asked, tmp_path: Path) -> None:
    ours, theirs = both(asked, expression, tmp_path)
    assert ours == theirs
    assert "Traceback" not in ours


@pytest.mark.parametrize("expression", DIFFERENT)
def test_what_differs_from_wasmtime_is_known(expression: str, asked: Asked, tmp_path: Path) -> None:
    assert both(asked, expression, tmp_path) == list(DIFFERENT[expression][:2])


def test_a_pipe_that_nobody_writes_does_not_hold_the_guest(asked: Asked, tmp_path: Path) -> None:
    """In wasmtime, opening it never ends."""
    granted = Wasi(dirs={"/data": planted(tmp_path)})
    program = "answer = [attempt(lambda: opened('pipe').get_type().name), attempt(lambda: opened('pipe', WRITE))]"
    assert asked.ours(program, granted) == "['FIFO', 'Err NO_SUCH_DEVICE']"


def test_names_that_are_not_utf_8_are_errors_and_hide_no_others(asked: Asked, tmp_path: Path) -> None:
    root = planted(tmp_path)
    (root / "sub" / b"\xff".decode(errors="surrogateescape")).touch()
    program = (
        "d = opened('sub').read_directory(); answer = sorted(str(attempt(d.read_directory_entry)) for _ in range(6))"
    )
    found = asked.ours(program, Wasi(dirs={"/data": root}))
    assert found.count("ILLEGAL_BYTE_SEQUENCE") == 1
    assert found.count("DirectoryEntry(") == 4
