# Source: wasi:http/types@0.2.8

"""The imported interface `wasi:http/types@0.2.8`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from witkit import abi
from witkit.abi import Err, Ok

from . import error, poll, streams
from .error import Error as IoError
from .monotonic_clock import Duration
from .poll import Pollable
from .streams import InputStream, OutputStream

__all__ = [
    "INTERFACE",
    "DnsErrorPayload",
    "Duration",
    "ErrorCode",
    "ErrorCode_ConfigurationError",
    "ErrorCode_ConnectionLimitReached",
    "ErrorCode_ConnectionReadTimeout",
    "ErrorCode_ConnectionRefused",
    "ErrorCode_ConnectionTerminated",
    "ErrorCode_ConnectionTimeout",
    "ErrorCode_ConnectionWriteTimeout",
    "ErrorCode_DestinationIpProhibited",
    "ErrorCode_DestinationIpUnroutable",
    "ErrorCode_DestinationNotFound",
    "ErrorCode_DestinationUnavailable",
    "ErrorCode_DnsError",
    "ErrorCode_DnsTimeout",
    "ErrorCode_HttpProtocolError",
    "ErrorCode_HttpRequestBodySize",
    "ErrorCode_HttpRequestDenied",
    "ErrorCode_HttpRequestHeaderSectionSize",
    "ErrorCode_HttpRequestHeaderSize",
    "ErrorCode_HttpRequestLengthRequired",
    "ErrorCode_HttpRequestMethodInvalid",
    "ErrorCode_HttpRequestTrailerSectionSize",
    "ErrorCode_HttpRequestTrailerSize",
    "ErrorCode_HttpRequestUriInvalid",
    "ErrorCode_HttpRequestUriTooLong",
    "ErrorCode_HttpResponseBodySize",
    "ErrorCode_HttpResponseContentCoding",
    "ErrorCode_HttpResponseHeaderSectionSize",
    "ErrorCode_HttpResponseHeaderSize",
    "ErrorCode_HttpResponseIncomplete",
    "ErrorCode_HttpResponseTimeout",
    "ErrorCode_HttpResponseTrailerSectionSize",
    "ErrorCode_HttpResponseTrailerSize",
    "ErrorCode_HttpResponseTransferCoding",
    "ErrorCode_HttpUpgradeFailed",
    "ErrorCode_InternalError",
    "ErrorCode_LoopDetected",
    "ErrorCode_TlsAlertReceived",
    "ErrorCode_TlsCertificateError",
    "ErrorCode_TlsProtocolError",
    "FieldKey",
    "FieldName",
    "FieldSizePayload",
    "FieldValue",
    "Fields",
    "FutureIncomingResponse",
    "FutureTrailers",
    "HeaderError",
    "HeaderError_Forbidden",
    "HeaderError_Immutable",
    "HeaderError_InvalidSyntax",
    "Headers",
    "IncomingBody",
    "IncomingRequest",
    "IncomingResponse",
    "InputStream",
    "IoError",
    "Method",
    "Method_Connect",
    "Method_Delete",
    "Method_Get",
    "Method_Head",
    "Method_Options",
    "Method_Other",
    "Method_Patch",
    "Method_Post",
    "Method_Put",
    "Method_Trace",
    "OutgoingBody",
    "OutgoingRequest",
    "OutgoingResponse",
    "OutputStream",
    "Pollable",
    "RequestOptions",
    "ResponseOutparam",
    "Scheme",
    "Scheme_Http",
    "Scheme_Https",
    "Scheme_Other",
    "StatusCode",
    "TlsAlertReceivedPayload",
    "Trailers",
    "Types",
]


@dataclass(slots=True)
class Method_Get:
    """The case `get` of `method`."""


@dataclass(slots=True)
class Method_Head:
    """The case `head` of `method`."""


@dataclass(slots=True)
class Method_Post:
    """The case `post` of `method`."""


@dataclass(slots=True)
class Method_Put:
    """The case `put` of `method`."""


@dataclass(slots=True)
class Method_Delete:
    """The case `delete` of `method`."""


@dataclass(slots=True)
class Method_Connect:
    """The case `connect` of `method`."""


@dataclass(slots=True)
class Method_Options:
    """The case `options` of `method`."""


@dataclass(slots=True)
class Method_Trace:
    """The case `trace` of `method`."""


@dataclass(slots=True)
class Method_Patch:
    """The case `patch` of `method`."""


@dataclass(slots=True)
class Method_Other:
    """The case `other` of `method`."""

    value: str


Method: TypeAlias = (
    Method_Get
    | Method_Head
    | Method_Post
    | Method_Put
    | Method_Delete
    | Method_Connect
    | Method_Options
    | Method_Trace
    | Method_Patch
    | Method_Other
)
"""The variant `method`."""


@dataclass(slots=True)
class Scheme_Http:
    """The case `HTTP` of `scheme`."""


@dataclass(slots=True)
class Scheme_Https:
    """The case `HTTPS` of `scheme`."""


@dataclass(slots=True)
class Scheme_Other:
    """The case `other` of `scheme`."""

    value: str


Scheme: TypeAlias = Scheme_Http | Scheme_Https | Scheme_Other
"""The variant `scheme`."""


@dataclass(slots=True)
class DnsErrorPayload:
    """The record `DNS-error-payload`."""

    rcode: str | None
    info_code: int | None


@dataclass(slots=True)
class TlsAlertReceivedPayload:
    """The record `TLS-alert-received-payload`."""

    alert_id: int | None
    alert_message: str | None


@dataclass(slots=True)
class FieldSizePayload:
    """The record `field-size-payload`."""

    field_name: str | None
    field_size: int | None


@dataclass(slots=True)
class ErrorCode_DnsTimeout:
    """The case `DNS-timeout` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_DnsError:
    """The case `DNS-error` of `error-code`."""

    value: DnsErrorPayload


@dataclass(slots=True)
class ErrorCode_DestinationNotFound:
    """The case `destination-not-found` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_DestinationUnavailable:
    """The case `destination-unavailable` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_DestinationIpProhibited:
    """The case `destination-IP-prohibited` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_DestinationIpUnroutable:
    """The case `destination-IP-unroutable` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionRefused:
    """The case `connection-refused` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionTerminated:
    """The case `connection-terminated` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionTimeout:
    """The case `connection-timeout` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionReadTimeout:
    """The case `connection-read-timeout` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionWriteTimeout:
    """The case `connection-write-timeout` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConnectionLimitReached:
    """The case `connection-limit-reached` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_TlsProtocolError:
    """The case `TLS-protocol-error` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_TlsCertificateError:
    """The case `TLS-certificate-error` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_TlsAlertReceived:
    """The case `TLS-alert-received` of `error-code`."""

    value: TlsAlertReceivedPayload


@dataclass(slots=True)
class ErrorCode_HttpRequestDenied:
    """The case `HTTP-request-denied` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpRequestLengthRequired:
    """The case `HTTP-request-length-required` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpRequestBodySize:
    """The case `HTTP-request-body-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpRequestMethodInvalid:
    """The case `HTTP-request-method-invalid` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpRequestUriInvalid:
    """The case `HTTP-request-URI-invalid` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpRequestUriTooLong:
    """The case `HTTP-request-URI-too-long` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpRequestHeaderSectionSize:
    """The case `HTTP-request-header-section-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpRequestHeaderSize:
    """The case `HTTP-request-header-size` of `error-code`."""

    value: FieldSizePayload | None


@dataclass(slots=True)
class ErrorCode_HttpRequestTrailerSectionSize:
    """The case `HTTP-request-trailer-section-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpRequestTrailerSize:
    """The case `HTTP-request-trailer-size` of `error-code`."""

    value: FieldSizePayload


@dataclass(slots=True)
class ErrorCode_HttpResponseIncomplete:
    """The case `HTTP-response-incomplete` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpResponseHeaderSectionSize:
    """The case `HTTP-response-header-section-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpResponseHeaderSize:
    """The case `HTTP-response-header-size` of `error-code`."""

    value: FieldSizePayload


@dataclass(slots=True)
class ErrorCode_HttpResponseBodySize:
    """The case `HTTP-response-body-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpResponseTrailerSectionSize:
    """The case `HTTP-response-trailer-section-size` of `error-code`."""

    value: int | None


@dataclass(slots=True)
class ErrorCode_HttpResponseTrailerSize:
    """The case `HTTP-response-trailer-size` of `error-code`."""

    value: FieldSizePayload


@dataclass(slots=True)
class ErrorCode_HttpResponseTransferCoding:
    """The case `HTTP-response-transfer-coding` of `error-code`."""

    value: str | None


@dataclass(slots=True)
class ErrorCode_HttpResponseContentCoding:
    """The case `HTTP-response-content-coding` of `error-code`."""

    value: str | None


@dataclass(slots=True)
class ErrorCode_HttpResponseTimeout:
    """The case `HTTP-response-timeout` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpUpgradeFailed:
    """The case `HTTP-upgrade-failed` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_HttpProtocolError:
    """The case `HTTP-protocol-error` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_LoopDetected:
    """The case `loop-detected` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_ConfigurationError:
    """The case `configuration-error` of `error-code`."""


@dataclass(slots=True)
class ErrorCode_InternalError:
    """The case `internal-error` of `error-code`."""

    value: str | None


ErrorCode: TypeAlias = (
    ErrorCode_DnsTimeout
    | ErrorCode_DnsError
    | ErrorCode_DestinationNotFound
    | ErrorCode_DestinationUnavailable
    | ErrorCode_DestinationIpProhibited
    | ErrorCode_DestinationIpUnroutable
    | ErrorCode_ConnectionRefused
    | ErrorCode_ConnectionTerminated
    | ErrorCode_ConnectionTimeout
    | ErrorCode_ConnectionReadTimeout
    | ErrorCode_ConnectionWriteTimeout
    | ErrorCode_ConnectionLimitReached
    | ErrorCode_TlsProtocolError
    | ErrorCode_TlsCertificateError
    | ErrorCode_TlsAlertReceived
    | ErrorCode_HttpRequestDenied
    | ErrorCode_HttpRequestLengthRequired
    | ErrorCode_HttpRequestBodySize
    | ErrorCode_HttpRequestMethodInvalid
    | ErrorCode_HttpRequestUriInvalid
    | ErrorCode_HttpRequestUriTooLong
    | ErrorCode_HttpRequestHeaderSectionSize
    | ErrorCode_HttpRequestHeaderSize
    | ErrorCode_HttpRequestTrailerSectionSize
    | ErrorCode_HttpRequestTrailerSize
    | ErrorCode_HttpResponseIncomplete
    | ErrorCode_HttpResponseHeaderSectionSize
    | ErrorCode_HttpResponseHeaderSize
    | ErrorCode_HttpResponseBodySize
    | ErrorCode_HttpResponseTrailerSectionSize
    | ErrorCode_HttpResponseTrailerSize
    | ErrorCode_HttpResponseTransferCoding
    | ErrorCode_HttpResponseContentCoding
    | ErrorCode_HttpResponseTimeout
    | ErrorCode_HttpUpgradeFailed
    | ErrorCode_HttpProtocolError
    | ErrorCode_LoopDetected
    | ErrorCode_ConfigurationError
    | ErrorCode_InternalError
)
"""The variant `error-code`."""


@dataclass(slots=True)
class HeaderError_InvalidSyntax:
    """The case `invalid-syntax` of `header-error`."""


@dataclass(slots=True)
class HeaderError_Forbidden:
    """The case `forbidden` of `header-error`."""


@dataclass(slots=True)
class HeaderError_Immutable:
    """The case `immutable` of `header-error`."""


HeaderError: TypeAlias = (
    HeaderError_InvalidSyntax | HeaderError_Forbidden | HeaderError_Immutable
)
"""The variant `header-error`."""


FieldKey: TypeAlias = str


FieldName: TypeAlias = FieldKey


FieldValue: TypeAlias = bytes


class Fields(Protocol):
    """The resource `fields`."""

    def __init__(self) -> None:
        """Make a new `fields`."""
        ...

    @classmethod
    def from_list(cls, entries: list[tuple[FieldName, FieldValue]], /) -> Fields:
        """The static function `from-list` of `fields`.

        Raises:
            Err: with a value of type `HeaderError`.
        """
        ...

    def get(self, name: FieldName, /) -> list[FieldValue]:
        """The method `get` of `fields`."""
        ...

    def has(self, name: FieldName, /) -> bool:
        """The method `has` of `fields`."""
        ...

    def set(self, name: FieldName, value: list[FieldValue], /) -> None:
        """The method `set` of `fields`.

        Raises:
            Err: with a value of type `HeaderError`.
        """
        ...

    def delete(self, name: FieldName, /) -> None:
        """The method `delete` of `fields`.

        Raises:
            Err: with a value of type `HeaderError`.
        """
        ...

    def append(self, name: FieldName, value: FieldValue, /) -> None:
        """The method `append` of `fields`.

        Raises:
            Err: with a value of type `HeaderError`.
        """
        ...

    def entries(self) -> list[tuple[FieldName, FieldValue]]:
        """The method `entries` of `fields`."""
        ...

    def clone(self) -> Fields:
        """The method `clone` of `fields`."""
        ...


Headers: TypeAlias = Fields


Trailers: TypeAlias = Fields


class IncomingRequest(Protocol):
    """The resource `incoming-request`."""

    def method(self) -> Method:
        """The method `method` of `incoming-request`."""
        ...

    def path_with_query(self) -> str | None:
        """The method `path-with-query` of `incoming-request`."""
        ...

    def scheme(self) -> Scheme | None:
        """The method `scheme` of `incoming-request`."""
        ...

    def authority(self) -> str | None:
        """The method `authority` of `incoming-request`."""
        ...

    def headers(self) -> Headers:
        """The method `headers` of `incoming-request`."""
        ...

    def consume(self) -> IncomingBody:
        """The method `consume` of `incoming-request`.

        Raises:
            Err: without a value.
        """
        ...


class OutgoingRequest(Protocol):
    """The resource `outgoing-request`."""

    def __init__(self, headers: Headers, /) -> None:
        """Make a new `outgoing-request`."""
        ...

    def body(self) -> OutgoingBody:
        """The method `body` of `outgoing-request`.

        Raises:
            Err: without a value.
        """
        ...

    def method(self) -> Method:
        """The method `method` of `outgoing-request`."""
        ...

    def set_method(self, method: Method, /) -> None:
        """The method `set-method` of `outgoing-request`.

        Raises:
            Err: without a value.
        """
        ...

    def path_with_query(self) -> str | None:
        """The method `path-with-query` of `outgoing-request`."""
        ...

    def set_path_with_query(self, path_with_query: str | None, /) -> None:
        """The method `set-path-with-query` of `outgoing-request`.

        Raises:
            Err: without a value.
        """
        ...

    def scheme(self) -> Scheme | None:
        """The method `scheme` of `outgoing-request`."""
        ...

    def set_scheme(self, scheme: Scheme | None, /) -> None:
        """The method `set-scheme` of `outgoing-request`.

        Raises:
            Err: without a value.
        """
        ...

    def authority(self) -> str | None:
        """The method `authority` of `outgoing-request`."""
        ...

    def set_authority(self, authority: str | None, /) -> None:
        """The method `set-authority` of `outgoing-request`.

        Raises:
            Err: without a value.
        """
        ...

    def headers(self) -> Headers:
        """The method `headers` of `outgoing-request`."""
        ...


class RequestOptions(Protocol):
    """The resource `request-options`."""

    def __init__(self) -> None:
        """Make a new `request-options`."""
        ...

    def connect_timeout(self) -> Duration | None:
        """The method `connect-timeout` of `request-options`."""
        ...

    def set_connect_timeout(self, duration: Duration | None, /) -> None:
        """The method `set-connect-timeout` of `request-options`.

        Raises:
            Err: without a value.
        """
        ...

    def first_byte_timeout(self) -> Duration | None:
        """The method `first-byte-timeout` of `request-options`."""
        ...

    def set_first_byte_timeout(self, duration: Duration | None, /) -> None:
        """The method `set-first-byte-timeout` of `request-options`.

        Raises:
            Err: without a value.
        """
        ...

    def between_bytes_timeout(self) -> Duration | None:
        """The method `between-bytes-timeout` of `request-options`."""
        ...

    def set_between_bytes_timeout(self, duration: Duration | None, /) -> None:
        """The method `set-between-bytes-timeout` of `request-options`.

        Raises:
            Err: without a value.
        """
        ...


class ResponseOutparam(Protocol):
    """The resource `response-outparam`."""

    @classmethod
    def set(
        cls, param: ResponseOutparam, response: Ok[OutgoingResponse] | Err[ErrorCode], /
    ) -> None:
        """The static function `set` of `response-outparam`."""
        ...


StatusCode: TypeAlias = int


class IncomingResponse(Protocol):
    """The resource `incoming-response`."""

    def status(self) -> StatusCode:
        """The method `status` of `incoming-response`."""
        ...

    def headers(self) -> Headers:
        """The method `headers` of `incoming-response`."""
        ...

    def consume(self) -> IncomingBody:
        """The method `consume` of `incoming-response`.

        Raises:
            Err: without a value.
        """
        ...


class IncomingBody(Protocol):
    """The resource `incoming-body`."""

    def stream(self) -> InputStream:
        """The method `stream` of `incoming-body`.

        Raises:
            Err: without a value.
        """
        ...

    @classmethod
    def finish(cls, this: IncomingBody, /) -> FutureTrailers:
        """The static function `finish` of `incoming-body`."""
        ...


class FutureTrailers(Protocol):
    """The resource `future-trailers`."""

    def subscribe(self) -> Pollable:
        """The method `subscribe` of `future-trailers`."""
        ...

    def get(self) -> Ok[Ok[Trailers | None] | Err[ErrorCode]] | Err[None] | None:
        """The method `get` of `future-trailers`."""
        ...


class OutgoingResponse(Protocol):
    """The resource `outgoing-response`."""

    def __init__(self, headers: Headers, /) -> None:
        """Make a new `outgoing-response`."""
        ...

    def status_code(self) -> StatusCode:
        """The method `status-code` of `outgoing-response`."""
        ...

    def set_status_code(self, status_code: StatusCode, /) -> None:
        """The method `set-status-code` of `outgoing-response`.

        Raises:
            Err: without a value.
        """
        ...

    def headers(self) -> Headers:
        """The method `headers` of `outgoing-response`."""
        ...

    def body(self) -> OutgoingBody:
        """The method `body` of `outgoing-response`.

        Raises:
            Err: without a value.
        """
        ...


class OutgoingBody(Protocol):
    """The resource `outgoing-body`."""

    def write(self) -> OutputStream:
        """The method `write` of `outgoing-body`.

        Raises:
            Err: without a value.
        """
        ...

    @classmethod
    def finish(cls, this: OutgoingBody, trailers: Trailers | None, /) -> None:
        """The static function `finish` of `outgoing-body`.

        Raises:
            Err: with a value of type `ErrorCode`.
        """
        ...


class FutureIncomingResponse(Protocol):
    """The resource `future-incoming-response`."""

    def subscribe(self) -> Pollable:
        """The method `subscribe` of `future-incoming-response`."""
        ...

    def get(self) -> Ok[Ok[IncomingResponse] | Err[ErrorCode]] | Err[None] | None:
        """The method `get` of `future-incoming-response`."""
        ...


class Types(Protocol):
    """The interface `wasi:http/types@0.2.8`."""

    def http_error_code(self, err: IoError, /) -> ErrorCode | None:
        """The function `http-error-code`."""
        ...

    @property
    def Fields(self) -> type[Fields]:
        """The class that implements the resource `fields`."""
        ...

    @property
    def IncomingRequest(self) -> type[IncomingRequest]:
        """The class that implements the resource `incoming-request`."""
        ...

    @property
    def OutgoingRequest(self) -> type[OutgoingRequest]:
        """The class that implements the resource `outgoing-request`."""
        ...

    @property
    def RequestOptions(self) -> type[RequestOptions]:
        """The class that implements the resource `request-options`."""
        ...

    @property
    def ResponseOutparam(self) -> type[ResponseOutparam]:
        """The class that implements the resource `response-outparam`."""
        ...

    @property
    def IncomingResponse(self) -> type[IncomingResponse]:
        """The class that implements the resource `incoming-response`."""
        ...

    @property
    def IncomingBody(self) -> type[IncomingBody]:
        """The class that implements the resource `incoming-body`."""
        ...

    @property
    def FutureTrailers(self) -> type[FutureTrailers]:
        """The class that implements the resource `future-trailers`."""
        ...

    @property
    def OutgoingResponse(self) -> type[OutgoingResponse]:
        """The class that implements the resource `outgoing-response`."""
        ...

    @property
    def OutgoingBody(self) -> type[OutgoingBody]:
        """The class that implements the resource `outgoing-body`."""
        ...

    @property
    def FutureIncomingResponse(self) -> type[FutureIncomingResponse]:
        """The class that implements the resource `future-incoming-response`."""
        ...


# What the runtime knows of these types and functions.
METHOD_TYPE = abi.Variant(
    "method",
    (
        abi.Case("get", Method_Get),
        abi.Case("head", Method_Head),
        abi.Case("post", Method_Post),
        abi.Case("put", Method_Put),
        abi.Case("delete", Method_Delete),
        abi.Case("connect", Method_Connect),
        abi.Case("options", Method_Options),
        abi.Case("trace", Method_Trace),
        abi.Case("patch", Method_Patch),
        abi.Case("other", Method_Other, abi.STRING),
    ),
)
SCHEME_TYPE = abi.Variant(
    "scheme",
    (
        abi.Case("HTTP", Scheme_Http),
        abi.Case("HTTPS", Scheme_Https),
        abi.Case("other", Scheme_Other, abi.STRING),
    ),
)
DNS_ERROR_PAYLOAD_TYPE = abi.Record(
    "DNS-error-payload",
    DnsErrorPayload,
    (
        abi.Field("rcode", "rcode", abi.Option(abi.STRING)),
        abi.Field("info-code", "info_code", abi.Option(abi.U16)),
    ),
)
TLS_ALERT_RECEIVED_PAYLOAD_TYPE = abi.Record(
    "TLS-alert-received-payload",
    TlsAlertReceivedPayload,
    (
        abi.Field("alert-id", "alert_id", abi.Option(abi.U8)),
        abi.Field("alert-message", "alert_message", abi.Option(abi.STRING)),
    ),
)
FIELD_SIZE_PAYLOAD_TYPE = abi.Record(
    "field-size-payload",
    FieldSizePayload,
    (
        abi.Field("field-name", "field_name", abi.Option(abi.STRING)),
        abi.Field("field-size", "field_size", abi.Option(abi.U32)),
    ),
)
ERROR_CODE_TYPE = abi.Variant(
    "error-code",
    (
        abi.Case("DNS-timeout", ErrorCode_DnsTimeout),
        abi.Case("DNS-error", ErrorCode_DnsError, DNS_ERROR_PAYLOAD_TYPE),
        abi.Case("destination-not-found", ErrorCode_DestinationNotFound),
        abi.Case("destination-unavailable", ErrorCode_DestinationUnavailable),
        abi.Case("destination-IP-prohibited", ErrorCode_DestinationIpProhibited),
        abi.Case("destination-IP-unroutable", ErrorCode_DestinationIpUnroutable),
        abi.Case("connection-refused", ErrorCode_ConnectionRefused),
        abi.Case("connection-terminated", ErrorCode_ConnectionTerminated),
        abi.Case("connection-timeout", ErrorCode_ConnectionTimeout),
        abi.Case("connection-read-timeout", ErrorCode_ConnectionReadTimeout),
        abi.Case("connection-write-timeout", ErrorCode_ConnectionWriteTimeout),
        abi.Case("connection-limit-reached", ErrorCode_ConnectionLimitReached),
        abi.Case("TLS-protocol-error", ErrorCode_TlsProtocolError),
        abi.Case("TLS-certificate-error", ErrorCode_TlsCertificateError),
        abi.Case(
            "TLS-alert-received",
            ErrorCode_TlsAlertReceived,
            TLS_ALERT_RECEIVED_PAYLOAD_TYPE,
        ),
        abi.Case("HTTP-request-denied", ErrorCode_HttpRequestDenied),
        abi.Case("HTTP-request-length-required", ErrorCode_HttpRequestLengthRequired),
        abi.Case(
            "HTTP-request-body-size", ErrorCode_HttpRequestBodySize, abi.Option(abi.U64)
        ),
        abi.Case("HTTP-request-method-invalid", ErrorCode_HttpRequestMethodInvalid),
        abi.Case("HTTP-request-URI-invalid", ErrorCode_HttpRequestUriInvalid),
        abi.Case("HTTP-request-URI-too-long", ErrorCode_HttpRequestUriTooLong),
        abi.Case(
            "HTTP-request-header-section-size",
            ErrorCode_HttpRequestHeaderSectionSize,
            abi.Option(abi.U32),
        ),
        abi.Case(
            "HTTP-request-header-size",
            ErrorCode_HttpRequestHeaderSize,
            abi.Option(FIELD_SIZE_PAYLOAD_TYPE),
        ),
        abi.Case(
            "HTTP-request-trailer-section-size",
            ErrorCode_HttpRequestTrailerSectionSize,
            abi.Option(abi.U32),
        ),
        abi.Case(
            "HTTP-request-trailer-size",
            ErrorCode_HttpRequestTrailerSize,
            FIELD_SIZE_PAYLOAD_TYPE,
        ),
        abi.Case("HTTP-response-incomplete", ErrorCode_HttpResponseIncomplete),
        abi.Case(
            "HTTP-response-header-section-size",
            ErrorCode_HttpResponseHeaderSectionSize,
            abi.Option(abi.U32),
        ),
        abi.Case(
            "HTTP-response-header-size",
            ErrorCode_HttpResponseHeaderSize,
            FIELD_SIZE_PAYLOAD_TYPE,
        ),
        abi.Case(
            "HTTP-response-body-size",
            ErrorCode_HttpResponseBodySize,
            abi.Option(abi.U64),
        ),
        abi.Case(
            "HTTP-response-trailer-section-size",
            ErrorCode_HttpResponseTrailerSectionSize,
            abi.Option(abi.U32),
        ),
        abi.Case(
            "HTTP-response-trailer-size",
            ErrorCode_HttpResponseTrailerSize,
            FIELD_SIZE_PAYLOAD_TYPE,
        ),
        abi.Case(
            "HTTP-response-transfer-coding",
            ErrorCode_HttpResponseTransferCoding,
            abi.Option(abi.STRING),
        ),
        abi.Case(
            "HTTP-response-content-coding",
            ErrorCode_HttpResponseContentCoding,
            abi.Option(abi.STRING),
        ),
        abi.Case("HTTP-response-timeout", ErrorCode_HttpResponseTimeout),
        abi.Case("HTTP-upgrade-failed", ErrorCode_HttpUpgradeFailed),
        abi.Case("HTTP-protocol-error", ErrorCode_HttpProtocolError),
        abi.Case("loop-detected", ErrorCode_LoopDetected),
        abi.Case("configuration-error", ErrorCode_ConfigurationError),
        abi.Case("internal-error", ErrorCode_InternalError, abi.Option(abi.STRING)),
    ),
)
HEADER_ERROR_TYPE = abi.Variant(
    "header-error",
    (
        abi.Case("invalid-syntax", HeaderError_InvalidSyntax),
        abi.Case("forbidden", HeaderError_Forbidden),
        abi.Case("immutable", HeaderError_Immutable),
    ),
)
FIELD_VALUE_TYPE = abi.List(abi.U8)
FIELDS_TYPE = abi.Resource("fields", "Fields")
INCOMING_REQUEST_TYPE = abi.Resource("incoming-request", "IncomingRequest")
OUTGOING_REQUEST_TYPE = abi.Resource("outgoing-request", "OutgoingRequest")
REQUEST_OPTIONS_TYPE = abi.Resource("request-options", "RequestOptions")
RESPONSE_OUTPARAM_TYPE = abi.Resource("response-outparam", "ResponseOutparam")
INCOMING_RESPONSE_TYPE = abi.Resource("incoming-response", "IncomingResponse")
INCOMING_BODY_TYPE = abi.Resource("incoming-body", "IncomingBody")
FUTURE_TRAILERS_TYPE = abi.Resource("future-trailers", "FutureTrailers")
OUTGOING_RESPONSE_TYPE = abi.Resource("outgoing-response", "OutgoingResponse")
OUTGOING_BODY_TYPE = abi.Resource("outgoing-body", "OutgoingBody")
FUTURE_INCOMING_RESPONSE_TYPE = abi.Resource(
    "future-incoming-response", "FutureIncomingResponse"
)
INTERFACE = abi.Interface(
    "wasi:http/types@0.2.8",
    functions=(
        abi.Func(
            "http-error-code",
            "http_error_code",
            (abi.Param("err", abi.Borrow(error.ERROR_TYPE)),),
            abi.Option(ERROR_CODE_TYPE),
        ),
        abi.Func(
            "[constructor]fields",
            "__init__",
            (),
            abi.Own(FIELDS_TYPE),
            kind="constructor",
            resource=FIELDS_TYPE,
        ),
        abi.Func(
            "[static]fields.from-list",
            "from_list",
            (
                abi.Param(
                    "entries", abi.List(abi.Tuple((abi.STRING, FIELD_VALUE_TYPE)))
                ),
            ),
            abi.Result(abi.Own(FIELDS_TYPE), HEADER_ERROR_TYPE),
            kind="static",
            resource=FIELDS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]fields.get",
            "get",
            (abi.Param("name", abi.STRING),),
            abi.List(FIELD_VALUE_TYPE),
            kind="method",
            resource=FIELDS_TYPE,
        ),
        abi.Func(
            "[method]fields.has",
            "has",
            (abi.Param("name", abi.STRING),),
            abi.BOOL,
            kind="method",
            resource=FIELDS_TYPE,
        ),
        abi.Func(
            "[method]fields.set",
            "set",
            (
                abi.Param("name", abi.STRING),
                abi.Param("value", abi.List(FIELD_VALUE_TYPE)),
            ),
            abi.Result(None, HEADER_ERROR_TYPE),
            kind="method",
            resource=FIELDS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]fields.delete",
            "delete",
            (abi.Param("name", abi.STRING),),
            abi.Result(None, HEADER_ERROR_TYPE),
            kind="method",
            resource=FIELDS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]fields.append",
            "append",
            (abi.Param("name", abi.STRING), abi.Param("value", FIELD_VALUE_TYPE)),
            abi.Result(None, HEADER_ERROR_TYPE),
            kind="method",
            resource=FIELDS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]fields.entries",
            "entries",
            (),
            abi.List(abi.Tuple((abi.STRING, FIELD_VALUE_TYPE))),
            kind="method",
            resource=FIELDS_TYPE,
        ),
        abi.Func(
            "[method]fields.clone",
            "clone",
            (),
            abi.Own(FIELDS_TYPE),
            kind="method",
            resource=FIELDS_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.method",
            "method",
            (),
            METHOD_TYPE,
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.path-with-query",
            "path_with_query",
            (),
            abi.Option(abi.STRING),
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.scheme",
            "scheme",
            (),
            abi.Option(SCHEME_TYPE),
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.authority",
            "authority",
            (),
            abi.Option(abi.STRING),
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.headers",
            "headers",
            (),
            abi.Own(FIELDS_TYPE),
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]incoming-request.consume",
            "consume",
            (),
            abi.Result(abi.Own(INCOMING_BODY_TYPE), None),
            kind="method",
            resource=INCOMING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[constructor]outgoing-request",
            "__init__",
            (abi.Param("headers", abi.Own(FIELDS_TYPE)),),
            abi.Own(OUTGOING_REQUEST_TYPE),
            kind="constructor",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]outgoing-request.body",
            "body",
            (),
            abi.Result(abi.Own(OUTGOING_BODY_TYPE), None),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-request.method",
            "method",
            (),
            METHOD_TYPE,
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]outgoing-request.set-method",
            "set_method",
            (abi.Param("method", METHOD_TYPE),),
            abi.Result(None, None),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-request.path-with-query",
            "path_with_query",
            (),
            abi.Option(abi.STRING),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]outgoing-request.set-path-with-query",
            "set_path_with_query",
            (abi.Param("path-with-query", abi.Option(abi.STRING)),),
            abi.Result(None, None),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-request.scheme",
            "scheme",
            (),
            abi.Option(SCHEME_TYPE),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]outgoing-request.set-scheme",
            "set_scheme",
            (abi.Param("scheme", abi.Option(SCHEME_TYPE)),),
            abi.Result(None, None),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-request.authority",
            "authority",
            (),
            abi.Option(abi.STRING),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[method]outgoing-request.set-authority",
            "set_authority",
            (abi.Param("authority", abi.Option(abi.STRING)),),
            abi.Result(None, None),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-request.headers",
            "headers",
            (),
            abi.Own(FIELDS_TYPE),
            kind="method",
            resource=OUTGOING_REQUEST_TYPE,
        ),
        abi.Func(
            "[constructor]request-options",
            "__init__",
            (),
            abi.Own(REQUEST_OPTIONS_TYPE),
            kind="constructor",
            resource=REQUEST_OPTIONS_TYPE,
        ),
        abi.Func(
            "[method]request-options.connect-timeout",
            "connect_timeout",
            (),
            abi.Option(abi.U64),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
        ),
        abi.Func(
            "[method]request-options.set-connect-timeout",
            "set_connect_timeout",
            (abi.Param("duration", abi.Option(abi.U64)),),
            abi.Result(None, None),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]request-options.first-byte-timeout",
            "first_byte_timeout",
            (),
            abi.Option(abi.U64),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
        ),
        abi.Func(
            "[method]request-options.set-first-byte-timeout",
            "set_first_byte_timeout",
            (abi.Param("duration", abi.Option(abi.U64)),),
            abi.Result(None, None),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]request-options.between-bytes-timeout",
            "between_bytes_timeout",
            (),
            abi.Option(abi.U64),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
        ),
        abi.Func(
            "[method]request-options.set-between-bytes-timeout",
            "set_between_bytes_timeout",
            (abi.Param("duration", abi.Option(abi.U64)),),
            abi.Result(None, None),
            kind="method",
            resource=REQUEST_OPTIONS_TYPE,
            raises=True,
        ),
        abi.Func(
            "[static]response-outparam.set",
            "set",
            (
                abi.Param("param", abi.Own(RESPONSE_OUTPARAM_TYPE)),
                abi.Param(
                    "response",
                    abi.Result(abi.Own(OUTGOING_RESPONSE_TYPE), ERROR_CODE_TYPE),
                ),
            ),
            kind="static",
            resource=RESPONSE_OUTPARAM_TYPE,
        ),
        abi.Func(
            "[method]incoming-response.status",
            "status",
            (),
            abi.U16,
            kind="method",
            resource=INCOMING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]incoming-response.headers",
            "headers",
            (),
            abi.Own(FIELDS_TYPE),
            kind="method",
            resource=INCOMING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]incoming-response.consume",
            "consume",
            (),
            abi.Result(abi.Own(INCOMING_BODY_TYPE), None),
            kind="method",
            resource=INCOMING_RESPONSE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]incoming-body.stream",
            "stream",
            (),
            abi.Result(abi.Own(streams.INPUT_STREAM_TYPE), None),
            kind="method",
            resource=INCOMING_BODY_TYPE,
            raises=True,
        ),
        abi.Func(
            "[static]incoming-body.finish",
            "finish",
            (abi.Param("this", abi.Own(INCOMING_BODY_TYPE)),),
            abi.Own(FUTURE_TRAILERS_TYPE),
            kind="static",
            resource=INCOMING_BODY_TYPE,
        ),
        abi.Func(
            "[method]future-trailers.subscribe",
            "subscribe",
            (),
            abi.Own(poll.POLLABLE_TYPE),
            kind="method",
            resource=FUTURE_TRAILERS_TYPE,
        ),
        abi.Func(
            "[method]future-trailers.get",
            "get",
            (),
            abi.Option(
                abi.Result(
                    abi.Result(abi.Option(abi.Own(FIELDS_TYPE)), ERROR_CODE_TYPE), None
                )
            ),
            kind="method",
            resource=FUTURE_TRAILERS_TYPE,
        ),
        abi.Func(
            "[constructor]outgoing-response",
            "__init__",
            (abi.Param("headers", abi.Own(FIELDS_TYPE)),),
            abi.Own(OUTGOING_RESPONSE_TYPE),
            kind="constructor",
            resource=OUTGOING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]outgoing-response.status-code",
            "status_code",
            (),
            abi.U16,
            kind="method",
            resource=OUTGOING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]outgoing-response.set-status-code",
            "set_status_code",
            (abi.Param("status-code", abi.U16),),
            abi.Result(None, None),
            kind="method",
            resource=OUTGOING_RESPONSE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-response.headers",
            "headers",
            (),
            abi.Own(FIELDS_TYPE),
            kind="method",
            resource=OUTGOING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]outgoing-response.body",
            "body",
            (),
            abi.Result(abi.Own(OUTGOING_BODY_TYPE), None),
            kind="method",
            resource=OUTGOING_RESPONSE_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]outgoing-body.write",
            "write",
            (),
            abi.Result(abi.Own(streams.OUTPUT_STREAM_TYPE), None),
            kind="method",
            resource=OUTGOING_BODY_TYPE,
            raises=True,
        ),
        abi.Func(
            "[static]outgoing-body.finish",
            "finish",
            (
                abi.Param("this", abi.Own(OUTGOING_BODY_TYPE)),
                abi.Param("trailers", abi.Option(abi.Own(FIELDS_TYPE))),
            ),
            abi.Result(None, ERROR_CODE_TYPE),
            kind="static",
            resource=OUTGOING_BODY_TYPE,
            raises=True,
        ),
        abi.Func(
            "[method]future-incoming-response.subscribe",
            "subscribe",
            (),
            abi.Own(poll.POLLABLE_TYPE),
            kind="method",
            resource=FUTURE_INCOMING_RESPONSE_TYPE,
        ),
        abi.Func(
            "[method]future-incoming-response.get",
            "get",
            (),
            abi.Option(
                abi.Result(
                    abi.Result(abi.Own(INCOMING_RESPONSE_TYPE), ERROR_CODE_TYPE), None
                )
            ),
            kind="method",
            resource=FUTURE_INCOMING_RESPONSE_TYPE,
        ),
    ),
    resources=(
        FIELDS_TYPE,
        INCOMING_REQUEST_TYPE,
        OUTGOING_REQUEST_TYPE,
        REQUEST_OPTIONS_TYPE,
        RESPONSE_OUTPARAM_TYPE,
        INCOMING_RESPONSE_TYPE,
        INCOMING_BODY_TYPE,
        FUTURE_TRAILERS_TYPE,
        OUTGOING_RESPONSE_TYPE,
        OUTGOING_BODY_TYPE,
        FUTURE_INCOMING_RESPONSE_TYPE,
    ),
)
