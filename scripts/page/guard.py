"""Who is answered, and under which headers: this server's own page, and no other."""

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Of every answer."""

_SEALS = [(name.lower().encode(), value.encode()) for name, value in HEADERS.items()]


def refusal(status: int, reason: str) -> JSONResponse:
    """An answer that is an error and its reason."""
    return JSONResponse({"error": reason}, status_code=status)


class Guard:
    """Lets through what this server's own page may ask; adds headers to every answer.

    A page of another site that a person has open must neither read from this server nor
    write to it: the name by which the server is called must be its own (which ends DNS
    rebinding), and so must the origin, if the browser gives one.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]):
        """Guard an application that is called by one of ``hosts``, each with its port."""
        self._app, self._hosts = app, frozenset(hosts)

    def _objection(self, headers: Mapping[str, str]) -> str | None:
        host = headers.get("host", "")
        if host not in self._hosts:
            return "this server does not answer to that host"
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return "requests from other sites are refused"
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return "requests from other sites are refused"
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def sealed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_SEALS]
            await send(message)

        reason = self._objection(Request(scope).headers)
        if reason is not None:
            await refusal(403, reason)(scope, receive, sealed)
            return
        await self._app(scope, receive, sealed)
