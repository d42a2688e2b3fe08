"""Every function of the six packages is called by a guest, through witkit's WASI."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.runtime import guests
from tests.wasi.asking import Asked
from tests.wasi.peers import Peers, peers
from tests.wasi.tree import planted
from witkit import abi
from witkit.interfaces import wasi as bindings
from witkit.interfaces.wasi.network import ErrorCode
from witkit.runtime import Engine, Trap, Wasi
from witkit.wasi import Machine
from witkit.wasi.lookup import Networks
from witkit.wasi.streams import Error

UNSTABLE = {
    "wasi:cli/exit#exit-with-code", "wasi:clocks/timezone#display", "wasi:clocks/timezone#utc-offset",
    "wasi:sockets/network#network-error-code",
}  # fmt: skip
"""What componentize-py leaves out of a guest's bindings."""

CALLS = """
environment.get_environment(), environment.get_arguments(), environment.initial_cwd()
s := keep(stdin.get_stdin()), s.read(1), s.blocking_read(1), s.skip(1), s.blocking_skip(1), keep(s.subscribe()).ready()
o := keep(stdout.get_stdout()), o.check_write(), o.write(b'a'), o.check_write(), o.write_zeroes(1), o.flush()
o.blocking_flush(), o.blocking_write_and_flush(b'b'), o.blocking_write_zeroes_and_flush(1), keep(o.subscribe()).block()
o.splice(s, 1), o.blocking_splice(s, 1), stderr.get_stderr()
terminal_stdin.get_terminal_stdin(), terminal_stdout.get_terminal_stdout(), terminal_stderr.get_terminal_stderr()
monotonic_clock.now(), monotonic_clock.resolution(), wall_clock.now(), wall_clock.resolution()
poll.poll([keep(monotonic_clock.subscribe_instant(0)), keep(monotonic_clock.subscribe_duration(0))])
random.get_random_bytes(1), random.get_random_u64(), insecure_seed.insecure_seed()
insecure.get_insecure_random_bytes(1), insecure.get_insecure_random_u64()
f := opened('note', READ | WRITE), f.read_via_stream(0), f.write_via_stream(0), f.append_via_stream()
f.advise(0, 1, types.Advice.NORMAL), f.sync_data(), f.get_flags(), f.get_type(), f.set_size(9), f.sync(), f.stat()
f.set_times(types.NewTimestamp_Now(), types.NewTimestamp_NoChange()), f.read(1, 0), f.write(b'x', 0), f.metadata_hash()
d := folder(), d.read_directory().read_directory_entry(), d.create_directory_at('n'), d.stat_at(FOLLOW, 'in')
d.set_times_at(FOLLOW, 'in', types.NewTimestamp_Now(), types.NewTimestamp_Now()), d.link_at(NEVER, 'note', d, 'l')
d.readlink_at('in'), d.remove_directory_at('n'), d.rename_at('l', d, 'm'), d.symlink_at('note', 'k')
d.unlink_file_at('m')
d.is_same_object(f), d.metadata_hash_at(FOLLOW, 'note')
failed := attempt_stream(keep(f.read_via_stream(2**63))), failed.to_debug_string(), types.filesystem_error_code(failed)
resolved('127.0.0.1'), keep(ip_name_lookup.resolve_addresses(net, 'localhost')).subscribe().block()
l := listening(), l.is_listening(), l.set_listen_backlog_size(5), l.address_family(), attempt(l.accept)
t := connected()[0], t.local_address(), t.remote_address(), t.subscribe(), t.shutdown(tcp.ShutdownType.BOTH)
t.keep_alive_enabled(), t.set_keep_alive_enabled(True), t.keep_alive_idle_time(), t.set_keep_alive_idle_time(10**9)
t.keep_alive_interval(), t.set_keep_alive_interval(10**9), t.keep_alive_count(), t.set_keep_alive_count(3)
t.hop_limit(), t.set_hop_limit(9), t.receive_buffer_size(), t.set_receive_buffer_size(9999), t.send_buffer_size()
t.set_send_buffer_size(9999)
(u := datagrams(v4(UPORT))), u[2].check_send(), u[2].send([out(b'x')]), u[2].subscribe(), received(u[1])
u[0].local_address(), u[0].remote_address(), u[0].address_family()
u[0].unicast_hop_limit(), u[0].set_unicast_hop_limit(9)
u[0].receive_buffer_size(), u[0].set_receive_buffer_size(9999), u[0].send_buffer_size(), u[0].set_send_buffer_size(9999)
u[0].subscribe(), u[1].subscribe()
preopens.get_directories()
"""
PROGRAM = """
def attempt_stream(stream):
    try:
        stream.blocking_read(1)
    except Err as problem:
        return problem.value.value
"""


@pytest.fixture(scope="module")
def servers() -> Iterator[Peers]:
    with peers() as found:
        yield found


def test_a_guest_calls_every_function(asked: Asked, servers: Peers, tmp_path: Path) -> None:
    called: set[str] = set()

    def observe(interface: str, func: abi.Func, target: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            called.add(f"{interface.partition('@')[0]}#{func.name}")
            return target(*arguments)

        return call

    lines = [f"({line})" for line in CALLS.strip().splitlines()]
    program = "\n".join([servers.program, PROGRAM, *(f"attempt_all = {line}" for line in lines)])
    granted = Wasi(stdin=b"some input", dirs={"/data": planted(tmp_path)}, network=True)
    with Machine(granted) as machine:
        given = [replace(each, observe=observe) for each in machine.provided()]
        with asked.component.instantiate(given) as instance:
            assert instance.function(None, "ask")(program) == "None"
            with pytest.raises(Trap):
                instance.function(None, "ask")("exit.exit(Ok(None))")
    every = {
        f"{each.interface.name.partition('@')[0]}#{func.name}"
        for each in bindings.WORLD.imports
        for func in each.interface.functions
    }
    assert every - called == UNSTABLE


UNSTABLE_WIT = """package t:u;
world w {
  import wasi:cli/exit@0.2.8;
  import wasi:clocks/timezone@0.2.8;
  export leave: func(code: u8);
  export offset: func() -> s32;
}
package wasi:cli@0.2.8 { interface exit { exit-with-code: func(status-code: u8); } }
package wasi:clocks@0.2.8 {
  interface wall-clock { record datetime { seconds: u64, nanoseconds: u32 } }
  interface timezone {
    use wall-clock.{datetime};
    record timezone-display { utc-offset: s32, name: string, in-daylight-saving-time: bool }
    display: func(when: datetime) -> timezone-display;
    utc-offset: func(when: datetime) -> s32;
  }
}
"""
UNSTABLE_WAT = f"""(module
  (import "wasi:cli/exit@0.2.8" "exit-with-code" (func $leave (param i32)))
  (import "wasi:clocks/timezone@0.2.8" "utc-offset" (func $offset (param i64 i32) (result i32)))
  (import "wasi:clocks/timezone@0.2.8" "display" (func $display (param i64 i32 i32)))
  {guests.REALLOC}
  (func (export "leave") (param i32) (call $leave (local.get 0)))
  (func (export "offset") (result i32)
    (call $display (i64.const 0) (i32.const 0) (i32.const 64))
    (i32.add (call $offset (i64.const 0) (i32.const 0)) (i32.load (i32.const 72)))))
"""


def test_a_guest_calls_what_is_unstable(tmp_path: Path) -> None:
    component = Engine(cache=tmp_path).load(guests.component(UNSTABLE_WIT, UNSTABLE_WAT))
    with Machine() as machine, component.instantiate(machine.provided()) as instance:
        assert instance.function(None, "offset")() == len("UTC")
        with pytest.raises(Trap) as ended:
            instance.function(None, "leave")(7)
    assert ended.value.code == 7


def test_an_error_has_the_code_of_where_it_comes_from() -> None:
    networks = Networks()
    assert networks.network_error_code(Error("gone", socket=ErrorCode.CONNECTION_RESET)) is ErrorCode.CONNECTION_RESET
    assert networks.network_error_code(Error("no such file")) is None
