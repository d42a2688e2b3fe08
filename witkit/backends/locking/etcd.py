"""Locks in etcd: one key per lock, on a lease of its own.

The key is `<prefix><service>:<name>`, its value the random bytes of the token. The key is created if it does not exist
and deleted if it has the value, each in one transaction. etcd deletes it with its lease, whose time etcd counts with a
clock that nobody can set. A lease takes whole seconds, and no less than etcd allows, mostly two, and begins again when
etcd starts or has another leader. So a lock with a time to live is freed by its host, and by its lease if the host has
died.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Final

from witkit.backends.backend import Backend
from witkit.backends.etcd_client import ETCD, URL, Etcd, parts_of, text, understood
from witkit.backends.failure import Failure
from witkit.backends.limits import Limits
from witkit.backends.settings import SECRET, TEXT, setting

from .leases import LeasedLocks, LeaseSettings, LockServer, key_of
from .protocol import LockToken

LIMITS: Final = Limits(name=65_536, key=65_536)


@dataclass(frozen=True, slots=True, repr=False)
class EtcdSettings(LeaseSettings):
    url: str = setting(SECRET, "The server, with user and password.", URL, checked=parts_of)
    prefix: str = setting(TEXT, "What all keys in etcd begin with.", "witkit-lock:")


class EtcdServer(LockServer):
    """One etcd. `_leases` has the leases of this host's locks, by service and token."""

    begins_again = True

    def __init__(self, settings: EtcdSettings) -> None:
        self._etcd, self._prefix = Etcd(settings.url, settings.answer_timeout), settings.prefix
        self._leases: dict[tuple[str, LockToken], str] = {}
        self.location = self._etcd.location

    def acquire(self, service: str, token: LockToken, seconds: float) -> float:
        key, value = text(key_of(self._prefix, service, token.name)), text(token.secret)
        if self._etcd.call("kv/range", {"key": key, "keys_only": True}).get("kvs"):
            return 0
        granted = self._etcd.call("lease/grant", {"TTL": str(math.ceil(seconds))})
        with understood():
            lease, given = str(granted["ID"]), float(granted["TTL"])
        self._leases[service, token] = lease
        answer = self._etcd.call(
            "kv/txn",
            {
                "compare": [{"key": key, "target": "CREATE", "result": "EQUAL", "create_revision": "0"}],
                "success": [{"requestPut": {"key": key, "value": value, "lease": lease}}],
            },
        )
        if answer.get("succeeded"):
            return given
        self._revoke(service, token, "")
        return 0

    def renew(self, service: str, token: LockToken, seconds: float) -> bool:
        lease = self._leases.get((service, token))
        answer = self._etcd.call("lease/keepalive", {"ID": lease}) if lease else {}
        with understood():
            return int(answer.get("result", {}).get("TTL", 0)) > 0

    def release(self, service: str, token: LockToken) -> bool:
        key = text(key_of(self._prefix, service, token.name))
        answer = self._etcd.call(
            "kv/txn",
            {
                "compare": [{"key": key, "target": "VALUE", "result": "EQUAL", "value": text(token.secret)}],
                "success": [{"requestDeleteRange": {"key": key, "prev_kv": True}}],
            },
        )
        with understood():
            lease = _lease_in(answer)
        self._revoke(service, token, lease)
        return bool(answer.get("succeeded"))

    def check(self) -> None:
        self._etcd.call("kv/range", {"key": text(key_of(self._prefix, "", b"")), "keys_only": True})

    def close(self) -> None:
        self._etcd.close()

    def _revoke(self, service: str, token: LockToken, lease: str) -> None:
        """End the lease of a lock that is no longer held. Otherwise it ends by itself, but perhaps late."""
        own = self._leases.pop((service, token), "")
        if lease or own:
            with suppress(Failure):
                self._etcd.call("lease/revoke", {"ID": lease or own})


def _lease_in(answer: dict[str, Any]) -> str:
    """The lease of the key that a transaction has deleted, or empty."""
    for response in answer.get("responses", []):
        for before in response.get("response_delete_range", {}).get("prev_kvs", []):
            return str(before.get("lease", ""))
    return ""


def _opened(settings: EtcdSettings) -> LeasedLocks:
    return LeasedLocks(EtcdServer(settings), settings, LIMITS)


backend = Backend("Locks in etcd.", _opened, EtcdSettings, LIMITS, ETCD)
