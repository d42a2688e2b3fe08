"""S3, and servers that speak its protocol."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from witkit.backends.errors import wrong_setting
from witkit.backends.settings import SECRET, TEXT, setting, together

from .service import URL, ObjectService, ObjectSettings, check_bucket, checked_url, named_once, sendable, server

if TYPE_CHECKING:
    from obstore.store import ObjectStore, S3Config


@dataclass(frozen=True, slots=True, repr=False)
class S3Settings(ObjectSettings):
    url: str = setting(TEXT, URL, "", checked=checked_url("s3"))
    bucket: str = setting(TEXT, "The bucket. Without it, each container is a bucket.", "", checked=check_bucket)
    region: str = setting(
        TEXT, "The region of the bucket. Without it, that of the environment.", "", checked=sendable("region")
    )
    access_key: str = setting(
        TEXT, "The access key. Without it, the credentials of the environment.", "", checked=sendable("access-key")
    )
    secret_key: str = setting(SECRET, "The secret of the access key.", "")
    session_token: str = setting(SECRET, "The token of temporary credentials.", "", checked=sendable("session-token"))

    @together("url", "bucket", "prefix")
    def _is_named_once(self) -> None:
        named_once(self, self.bucket)

    @together("access_key", "secret_key")
    def _key_is_whole(self) -> None:
        if bool(self.access_key) != bool(self.secret_key):
            raise wrong_setting("`access-key` and `secret-key` belong together", "give both or none", "access-key")


def service(settings: S3Settings) -> ObjectService:
    """The service of these settings."""
    bucket, prefix = settings.place(settings.bucket, "s3")
    config = _config(settings)

    def connect(bucket: str, again: bool) -> ObjectStore:
        from obstore.store import S3Store

        return S3Store(bucket, config=config, client_options=settings.client(), retry_config=settings.retries(again))

    where = f"S3 at {server(settings.endpoint, 'Amazon')}"
    return ObjectService(f"the bucket {bucket} in {where}" if bucket else where, bucket, prefix, connect)


def _config(settings: S3Settings) -> S3Config:
    given = {
        "endpoint": settings.endpoint.rstrip("/"),
        "region": settings.region,
        "access_key_id": settings.access_key,
        "secret_access_key": settings.secret_key,
        "session_token": settings.session_token,
    }
    config: S3Config = {}
    config.update({name: value for name, value in given.items() if value})  # type: ignore[typeddict-item]
    return config
