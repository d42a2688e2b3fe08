"""Read the configuration of SpiderLightning's host `slight`, in versions 0.1 and 0.2, as choices of backends.

What slight did in silence is said or kept: a capability with names refuses all other names, `"*"` is the backend of
all names, and `${store.KEY}` is looked up where witkit keeps such values (`_STORES`). A backend that witkit lacks is
reported when it is needed, with the nearest that there is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from witkit.backends.connect import NONE, Choice
from witkit.text import Span, did_you_mean
from witkit.text.settings import SettingsTable

VERSIONS: Final = ("0.1", "0.2")
EVERY: Final = "*"

_STORES: Final = {"azapp": "env", "envvars": "env", "usersecrets": "secret"}
"""The kind of reference for each store of slight. It has no client for Azure App Configuration (`azapp`)."""

_REFERENCE: Final = re.compile(r"\$\{(?:configs\.)?(?P<store>[^.}]+)\.(?P<key>.+)\}")


@dataclass(frozen=True, slots=True)
class SlightResource:
    """What a resource of slight is here. The table of backends has the nearest to a backend that witkit lacks."""

    capability: str
    backend: str
    settings: Mapping[str, str] = field(default_factory=dict)
    """Names of settings here by slight's names."""
    fixed: Mapping[str, Any] = field(default_factory=dict)


_AZURE: Final = {"AZURE_STORAGE_ACCOUNT": "account", "AZURE_STORAGE_KEY": "key"}
_AWS: Final = {"AWS_ACCESS_KEY_ID": "access-key", "AWS_SECRET_ACCESS_KEY": "secret-key", "AWS_REGION": "region"}

RESOURCES: Final[Mapping[str, SlightResource | None]] = {
    "keyvalue.filesystem": SlightResource("key-value", "filesystem"),
    "keyvalue.redis": SlightResource("key-value", "redis", {"REDIS_ADDRESS": "url"}),
    "keyvalue.azblob": SlightResource("key-value", "azure", _AZURE),
    "keyvalue.awsdynamodb": SlightResource("key-value", "awsdynamodb"),
    "keyvalue.dapr": SlightResource("key-value", "dapr"),
    "distributed_locking.etcd": SlightResource("locking", "etcd", {"ETCD_ENDPOINT": "url"}),
    "configs.envvars": SlightResource("configs", "environment", fixed={"exact": True}),
    "configs.usersecrets": SlightResource("configs", "secrets", fixed={"exact": True}),
    "configs.azapp": SlightResource("configs", "azapp"),
    "sql.postgres": SlightResource("sql", "postgresql", {"POSTGRES_CONNECTION_URL": "url"}),
    "blobstore.aws_s3": SlightResource("blob-store", "s3", _AWS),
    "blobstore.azblob": SlightResource("blob-store", "azure", _AZURE),
    "messaging.filesystem": SlightResource("messaging", "sqlite"),
    "messaging.mosquitto": SlightResource("messaging", "mqtt", {"MOSQUITTO_HOST": "host", "MOSQUITTO_PORT": "port"}),
    "messaging.nats": SlightResource("messaging", "nats", {"NATS_CREDS": "credentials"}),
    "messaging.confluent_apache_kafka": SlightResource("messaging", "kafka"),
    "messaging.azsbus": SlightResource("messaging", "azsbus"),
    "http": None,
    # slight's programs may request every host. Addresses that are not public need a configuration of witkit's own.
    "http-client": SlightResource("http-client", "network", fixed={"allow": ["*:*"]}),
    "http-server": None,
}
"""By slight's name. None for what needs no backend."""

_WITHOUT_NAMES: Final = ("http-client",)
"""Resources that programs do not open by name."""

_OLD_NAMES: Final = {"kv": "keyvalue", "lockd": "distributed_locking", "mq": "messaging", "pubsub": "messaging"}
"""The names of capabilities in version 0.1 that changed later."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One `[[capability]]`: its resource, the name that it is for, and its settings."""

    resource: SlightResource
    name: str
    choice: Choice
    table: SettingsTable


def is_slightfile(whole: SettingsTable) -> bool:
    """Whether a TOML file is one of slight's, by its keys or its name."""
    return "specversion" in whole.values or "capability" in whole.values or "slight" in Path(whole.source.name).name


def slight_choices(whole: SettingsTable) -> dict[str, Choice]:
    """The choices by capability. The caller raises the problems of the table with `finish`."""
    whole.reject_unknown_keys("specversion", "secret_store", "secret_settings", "capability")
    whole.require("specversion")
    version = whole.one_of("specversion", VERSIONS)
    entries = list(_entries(whole, version)) if version else []
    found: dict[str, list[_Entry]] = {}
    for entry in entries:
        found.setdefault(entry.resource.capability, []).append(entry)
    return {capability: _combined(each) for capability, each in found.items()}


def _entries(whole: SettingsTable, version: str) -> Iterator[_Entry]:
    store = (whole.text("secret_store") or "") if version == "0.1" else ""
    for table in whole.tables("capability"):
        settings = table.table("configs")
        key = "name" if version == "0.1" else "resource"
        table.reject_unknown_keys(*(("name", "configs") if version == "0.1" else ("resource", "name", "configs")))
        table.require(key, "name")
        named = table.text(key)
        if named is None or (version == "0.2" and table.text("name") is None):
            continue
        is_for_all = version == "0.1" or named in _WITHOUT_NAMES
        name = EVERY if is_for_all else table.text("name") or ""
        capability, dot, backend = named.partition(".")
        resource = _resource(table, key, f"{_OLD_NAMES.get(capability, capability)}{dot}{backend}")
        if resource is not None:
            yield _Entry(resource, name, _choice(resource, settings, table.place(key), store), table)


def _resource(table: SettingsTable, key: str, name: str) -> SlightResource | None:
    """What a resource of slight is here. A problem if there is no such resource, or nothing like it."""
    if name not in RESOURCES:
        offer = did_you_mean(name, RESOURCES) or f"slight's resources: {', '.join(RESOURCES)}"
        table.wrong(key, f"slight has no resource `{name}`", offer)
        return None
    return RESOURCES[name]


def _choice(resource: SlightResource, settings: SettingsTable, place: Span | None, store: str = "") -> Choice:
    """The choice for a resource. Settings that it leaves out are in `store`, if the file names one."""
    given = {**resource.fixed, **_stored(resource, store)}
    places = {} if place is None else dict.fromkeys(("backend", *given), place)
    for key, value in settings.values.items():
        known = resource.settings.get(key)
        if known is None or not isinstance(value, str):
            continue  # slight ignores them, too
        given[known] = _reference(value)
        if (found := settings.place(key)) is not None:
            places[known] = found
    return Choice(resource.backend, given, places)


def _stored(resource: SlightResource, store: str) -> dict[str, str]:
    """References to the settings of a resource in one of slight's stores."""
    kind = _STORES.get(store.removeprefix("configs."))
    return {} if kind is None else {name: f"${{{kind}:{key}}}" for key, name in resource.settings.items()}


def _reference(value: str) -> str:
    """A value of slight: a text, or a reference if the whole of it is one."""
    found = _REFERENCE.fullmatch(value)
    if found is None:
        return value.replace("${", "$${")
    kind = _STORES.get(found["store"])
    return found["key"] if kind is None else f"${{{kind}:{found['key']}}}"


def _combined(entries: list[_Entry]) -> Choice:
    """The choice of one capability. Names that occur twice, and `*` beside other names, are problems."""
    seen: dict[str, _Entry] = {}
    for entry in entries:
        if entry.name in seen:
            entry.table.wrong("name", f"the name `{entry.name}` is there twice for one capability")
        seen.setdefault(entry.name, entry)
    every = seen.pop(EVERY, None)
    if every is not None and seen:
        every.table.wrong("name", "`*` is for all names, and there are others", "remove `*`, or the other names")
    if every is not None:
        return every.choice
    return Choice(NONE, names={name: entry.choice for name, entry in seen.items()})
