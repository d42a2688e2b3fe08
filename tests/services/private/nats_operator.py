"""A NATS that lets in whom its operator has given credentials, as Synadia Cloud does."""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import time
from typing import Any

from tests.services.private.nats import PrivateNats
from tests.services.standing import unavailable

UNBOUNDED = {"subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "conn": -1, "leaf": -1}


class OperatorNats(PrivateNats):
    """`credentials` is the text of a `.creds` file of one user, `of_a_stranger` one of another operator."""

    def __init__(self) -> None:
        if importlib.util.find_spec("nkeys") is None:
            unavailable("needs the distribution nkeys")
        super().__init__()
        self.credentials, self._trusted, self._accounts = _made()
        self.of_a_stranger, _, _ = _made()

    def prepare(self) -> None:
        super().prepare()
        place = self.folder / "nats.conf"
        configuration = json.loads(place.read_text())
        system, *_ = self._accounts
        resolved = {"operator": self._trusted, "resolver": "MEMORY", "resolver_preload": self._accounts}
        place.write_text(json.dumps({**configuration, **resolved, "system_account": system}))


def _made() -> tuple[str, str, dict[str, str]]:
    """The credentials of a user, the operator's JWT, and those of its accounts by name, the system's first."""
    import nkeys

    of_account = nkeys.PREFIX_BYTE_ACCOUNT
    kinds = (nkeys.PREFIX_BYTE_OPERATOR, of_account, of_account, nkeys.PREFIX_BYTE_USER)
    operator, system, account, user = (
        nkeys.from_seed(bytearray(nkeys.encode_seed(os.urandom(32), kind))) for kind in kinds
    )
    storage = {"mem_storage": -1, "disk_storage": -1, "streams": -1, "consumer": -1}
    trusted = _token(operator, operator, {"type": "operator"})
    bounds = {system: UNBOUNDED, account: {**UNBOUNDED, **storage, "wildcards": True}}
    accounts = {
        each.public_key.decode(): _token(operator, each, {"type": "account", "limits": limits})
        for each, limits in bounds.items()
    }
    let_in = _token(account, user, {"type": "user", "pub": {}, "sub": {}, "subs": -1, "data": -1, "payload": -1})
    lines = [
        "-----BEGIN NATS USER JWT-----", let_in, "------END NATS USER JWT------", "",
        "-----BEGIN USER NKEY SEED-----", bytes(user.seed).decode(), "------END USER NKEY SEED------", "",
    ]  # fmt: skip
    return "\n".join(lines), trusted, accounts


def _token(issuer: Any, subject: Any, about: dict[str, Any]) -> str:
    """A JWT as NATS wants it."""
    claims = {
        "jti": os.urandom(8).hex(), "iat": int(time.time()), "iss": issuer.public_key.decode(), "name": about["type"],
        "sub": subject.public_key.decode(), "nats": {**about, "version": 2},
    }  # fmt: skip
    signed = ".".join(_written(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ed25519-nkey"}, claims))
    return f"{signed}.{_written(issuer.sign(signed.encode()))}"


def _written(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
