"""A guest of Spin's HTTP trigger: each path uses another capability that the SDK has."""

from urllib.parse import urlsplit

from capabilities import CAPABILITIES
from spin_sdk import http
from spin_sdk.http import Request, Response


class HttpHandler(http.Handler):
    async def handle_request(self, request: Request) -> Response:
        name = urlsplit(request.uri).path.strip("/")
        if name not in CAPABILITIES:
            return Response(404, {}, None)
        text = (request.body or b"").decode()
        return Response(200, {"content-type": "text/plain"}, (await CAPABILITIES[name](text)).encode())
