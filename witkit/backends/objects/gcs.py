"""Google Cloud Storage."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from witkit.backends.errors import wrong_setting
from witkit.backends.settings import EXISTING_FILE, SECRET, TEXT, setting, together

from .service import URL, ObjectService, ObjectSettings, check_bucket, checked_url, named_once, sendable, server

if TYPE_CHECKING:
    from obstore.store import GCSConfig, ObjectStore


@dataclass(frozen=True, slots=True, repr=False)
class GcsSettings(ObjectSettings):
    url: str = setting(TEXT, URL, "", checked=checked_url("gs"))
    bucket: str = setting(TEXT, "The bucket. Without it, each container is a bucket.", "", checked=check_bucket)
    key_file: Path | None = setting(EXISTING_FILE, "The JSON file with the key of a service account.", None)
    token: str = setting(
        SECRET, "A bearer token. Without any, the credentials of the environment.", "", checked=sendable("token")
    )

    @together("url", "bucket", "prefix")
    def _is_named_once(self) -> None:
        named_once(self, self.bucket)

    @together("key_file", "token")
    def _has_one_secret(self) -> None:
        if self.key_file and self.token:
            raise wrong_setting("`key-file` and `token` exclude each other", "give one of them", "token")


def service(settings: GcsSettings) -> ObjectService:
    """The service of these settings."""
    bucket, prefix = settings.place(settings.bucket, "gs")
    config = _config(settings)

    def connect(bucket: str, again: bool) -> ObjectStore:
        from obstore.store import GCSStore

        return GCSStore(bucket, config=config, client_options=settings.client(), retry_config=settings.retries(again))

    where = f"Google Cloud Storage at {server(settings.endpoint, 'Google')}"
    return ObjectService(f"the bucket {bucket} in {where}" if bucket else where, bucket, prefix, connect)


def _config(settings: GcsSettings) -> GCSConfig:
    given = {
        "base_url": settings.endpoint.rstrip("/"),
        "service_account": str(settings.key_file or ""),
        "bearer_token": settings.token,
    }
    config: GCSConfig = {}
    config.update({name: value for name, value in given.items() if value})  # type: ignore[typeddict-item]
    return config
