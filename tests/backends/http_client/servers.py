"""Servers on this machine that answer with exactly the bytes of a test."""

from __future__ import annotations

import datetime
import ipaddress
import socket
import ssl
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import Any

import witkit.backends
from witkit.backends.http_client.protocol import HttpClient

Answer = Callable[["Received"], bytes | Iterable[bytes] | None]

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello"


@dataclass(frozen=True)
class Received:
    """A request as it arrived."""

    line: str
    headers: dict[str, str]
    body: bytes
    connection: int


@dataclass
class Server:
    """A server, and what it has received. An answer of None closes the connection."""

    answer: Answer
    listening: socket.socket
    context: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    connections: int = 0
    has_ended: bool = False

    @property
    def port(self) -> int:
        found: int = self.listening.getsockname()[1]
        return found

    @property
    def url(self) -> str:
        """Its address with the number, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def accept(self) -> None:
        """Serve each connection in a thread of its own, until the server's socket is closed."""
        with suppress(OSError):
            while True:
                taken, _ = self.listening.accept()
                if self.has_ended:
                    return taken.close()
                self.connections += 1
                Thread(target=self._serve, args=(taken, self.connections), daemon=True).start()

    def _serve(self, taken: socket.socket, number: int) -> None:
        with suppress(OSError), taken:
            connection = self.context.wrap_socket(taken, server_side=True) if self.context else taken
            with connection, connection.makefile("rb") as reader:
                while request := _read(reader, number):
                    self.received.append(request)
                    answer = self.answer(request)
                    if answer is None:
                        return
                    for piece in [answer] if isinstance(answer, bytes) else answer:
                        connection.sendall(piece)


def _read(reader: Any, number: int) -> Received | None:
    line = reader.readline().decode().strip()
    if not line:
        return None
    headers = {}
    while (header := reader.readline().decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    return Received(line, headers, reader.read(int(headers.get("content-length", 0))), number)


@contextmanager
def serving(answer: Answer | bytes = OK, host: str = "127.0.0.1", context: Any = None) -> Iterator[Server]:
    """A server with this answer to every request."""
    fixed = answer
    given: Answer = (lambda received: fixed) if isinstance(fixed, bytes) else fixed
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    server = Server(given, socket.create_server((host, 0), family=family), context)
    accepting = Thread(target=server.accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        server.has_ended = True
        with suppress(OSError):
            server.listening.shutdown(socket.SHUT_RDWR)
        with suppress(OSError):  # Not all systems end `accept` by that.
            socket.create_connection((host, server.port), 1).close()
        # If it was closed now, the thread could accept a connection of the next server, which gets its number.
        accepting.join()
        server.listening.close()


@contextmanager
def client(**settings: Any) -> Iterator[HttpClient]:
    """The backend `network`."""
    with witkit.backends.open("http-client", "network", **settings) as opened:
        yield opened.client


def response(status: str, *headers: str, body: bytes = b"") -> bytes:
    """A response with this status, these header fields and this body."""
    head = [f"HTTP/1.1 {status}", *headers, f"content-length: {len(body)}", "", ""]
    return "\r\n".join(head).encode() + body


def certified(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """TLS for a server with these names, and the file with the certificate that a client has to trust."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "witkit tests")])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [_alternative(x509, name) for name in names]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return context, public


def _alternative(x509: Any, name: str) -> Any:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
