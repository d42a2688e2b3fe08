"""A guest has no more files and sockets open than it may have."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from witkit import abi
from witkit.abi.traps import GuestTrap
from witkit.interfaces.wasi import network, types
from witkit.interfaces.wasi.network import IpAddressFamily, IpSocketAddress_Ipv4, Ipv4SocketAddress
from witkit.interfaces.wasi.types import DescriptorFlags, OpenFlags, PathFlags
from witkit.runtime import Wasi
from witkit.wasi import Machine
from witkit.wasi.connections import PeerSink
from witkit.wasi.room import Room

HERE = IpSocketAddress_Ipv4(Ipv4SocketAddress(0, (127, 0, 0, 1)))
FEW = 5


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    (tmp_path / "file").write_text("tea")
    with Machine(Wasi(dirs={"/": tmp_path}, network=True), descriptors=FEW) as made:
        yield made


def of(machine: Machine, interface: str) -> Any:
    return machine.implementation(f"wasi:{interface}@0.2.0")


def folder(machine: Machine) -> Any:
    ((found, _),) = of(machine, "filesystem/preopens").get_directories()
    return found


def opened(folder: Any, name: str = "file") -> Any:
    return folder.open_at(PathFlags(0), name, OpenFlags(0), DescriptorFlags.READ)


def tcp(machine: Machine) -> Any:
    return of(machine, "sockets/tcp-create-socket").create_tcp_socket(IpAddressFamily.IPV4)


def listening(machine: Machine) -> Any:
    made, net = tcp(machine), of(machine, "sockets/instance-network").instance_network()
    made.start_bind(net, HERE)
    made.finish_bind()
    made.start_listen()
    made.finish_listen()
    return made


def test_one_file_too_many_is_refused_until_another_one_is_closed(machine: Machine) -> None:
    root = folder(machine)
    files = [opened(root) for _ in range(FEW - 1)]
    for _ in range(3):
        with pytest.raises(abi.Err) as refused:
            opened(root)
        assert refused.value.value is types.ErrorCode.QUOTA
    files.pop().end()
    opened(root)


def test_a_file_counts_until_its_streams_are_closed(machine: Machine) -> None:
    root = folder(machine)
    files = [opened(root) for _ in range(FEW - 1)]
    stream = files[0].read_via_stream(0)
    files[0].end()
    with pytest.raises(abi.Err):
        opened(root)
    stream.end()
    opened(root)


def test_a_folder_that_is_read_counts(machine: Machine) -> None:
    root = folder(machine)
    readers = [root.read_directory() for _ in range(FEW - 1)]
    with pytest.raises(abi.Err) as refused:
        root.read_directory()
    assert refused.value.value is types.ErrorCode.QUOTA
    readers.pop().end()
    assert root.read_directory().read_directory_entry().name == "file"


def test_what_cannot_be_opened_counts_for_nothing(machine: Machine) -> None:
    root = folder(machine)
    for _ in range(FEW * 3):
        with pytest.raises(abi.Err) as refused:
            opened(root, "nothing")
        assert refused.value.value is types.ErrorCode.NO_ENTRY
    opened(root)


def test_a_guest_that_takes_its_folders_again_and_again_is_stopped(machine: Machine) -> None:
    kept = [folder(machine) for _ in range(FEW)]
    with pytest.raises(GuestTrap, match="the guest has too many files open"):
        folder(machine)
    kept.pop().end()
    folder(machine)


@pytest.mark.parametrize("kind", ["tcp", "udp"])
def test_one_socket_too_many_is_refused_until_another_one_is_closed(kind: str, machine: Machine) -> None:
    create = getattr(of(machine, f"sockets/{kind}-create-socket"), f"create_{kind}_socket")
    sockets = [create(IpAddressFamily.IPV6 if number % 2 else IpAddressFamily.IPV4) for number in range(FEW)]
    with pytest.raises(abi.Err) as refused:
        create(IpAddressFamily.IPV4)
    assert refused.value.value is network.ErrorCode.NEW_SOCKET_LIMIT
    sockets.pop().end()
    create(IpAddressFamily.IPV4)


def test_a_connection_that_is_one_too_many_waits_for_its_turn(machine: Machine) -> None:
    server = listening(machine)
    others = [tcp(machine) for _ in range(FEW - 1)]
    with socket.create_connection(("127.0.0.1", server.local_address().value.port)) as peer:
        server.subscribe().block()
        with pytest.raises(abi.Err) as refused:
            server.accept()
        assert refused.value.value is network.ErrorCode.NEW_SOCKET_LIMIT
        others.pop().end()
        accepted, _, output = server.accept()
        output.blocking_write_and_flush(b"tea")
        assert peer.recv(3) == b"tea"
        with pytest.raises(abi.Err):
            tcp(machine)
        accepted.end()
    tcp(machine)


def test_what_a_peer_has_not_taken_yet_counts() -> None:
    room = Room(1)
    ours, peer = socket.socketpair()
    ours.setblocking(False)
    with ours, peer:
        sent = PeerSink(ours, room)
        sent.write(bytes(1 << 22))  # more than a system keeps
        sent.close()
        assert not room.take()
        left = 1 << 22
        while left:
            left -= len(peer.recv(1 << 20))
    while not room.take():  # the thread that has sent it ends
        pass
