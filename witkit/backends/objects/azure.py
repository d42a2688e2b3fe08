"""Azure Blob Storage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witkit.backends.errors import wrong_setting
from witkit.backends.settings import SECRET, TEXT, setting, together

from .service import URL, ObjectService, ObjectSettings, check_bucket, checked_url, named_once, sendable, server

if TYPE_CHECKING:
    from obstore.store import AzureConfig, ObjectStore


def _container(name: str) -> None:
    check_bucket(name, "container")


@dataclass(frozen=True, slots=True, repr=False)
class AzureSettings(ObjectSettings):
    url: str = setting(TEXT, URL, "", checked=checked_url("az"))
    account: str = setting(TEXT, "The storage account.", checked=sendable("account"))
    container: str = setting(
        TEXT, "The container in Azure. Without it, each container of the guest is one.", "", checked=_container
    )
    key: str = setting(SECRET, "The account's key. Without any, the credentials of the environment.", "")
    sas_token: str = setting(SECRET, "A shared access signature, instead of the key.", "")

    @together("url", "container", "prefix")
    def _is_named_once(self) -> None:
        named_once(self, self.container)

    @together("key", "sas_token")
    def _has_one_secret(self) -> None:
        if self.key and self.sas_token:
            raise wrong_setting("`key` and `sas-token` exclude each other", "give one of them", "sas-token")


def service(settings: AzureSettings) -> ObjectService:
    """The service of these settings."""
    container, prefix = settings.place(settings.container, "az")
    config = _config(settings)

    def connect(container: str, again: bool) -> ObjectStore:
        from obstore.store import AzureStore

        return AzureStore(
            container, config=config, client_options=settings.client(), retry_config=settings.retries(again)
        )

    where = f"the account {settings.account} of {server(settings.endpoint, 'Azure')}"
    return ObjectService(f"the container {container} in {where}" if container else where, container, prefix, connect)


def _config(settings: AzureSettings) -> AzureConfig:
    given = {
        "account_name": settings.account,
        "endpoint": settings.endpoint.rstrip("/"),
        "account_key": settings.key,
        "sas_key": settings.sas_token,
    }
    config: AzureConfig = {}
    config.update({name: value for name, value in given.items() if value})  # type: ignore[typeddict-item]
    return config
