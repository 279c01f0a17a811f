"""Who is answered, and under which headers: this server's own page, and no other."""

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

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
"""Of every answer, also of one that this server's own errors make."""


def refusal(status: int, reason: str, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """An answer that is an error and its reason."""
    return JSONResponse({"error": reason}, status_code=status, headers=headers)


class Guard:
    """Lets through what this server's own page may ask.

    A page of another site that a person has open must neither read from this server nor
    write to it: the name by which the server is called must be its own (which ends DNS
    rebinding), and so must the origin, if the browser gives one.
    """

    def __init__(self, app: ASGIApp, *, hosts: Sequence[str]):
        """Guard an application that is called by one of ``hosts``, each with its port."""
        self._app, self._hosts = app, frozenset(hosts)

    def _objection(self, headers: Headers) -> str | None:
        """Why a request is refused, if it is; of headers that come twice each is looked at."""
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0] not in self._hosts:
            return "this server does not answer to that host"
        own = {f"http://{hosts[0]}", f"https://{hosts[0]}"}
        sites = set(headers.getlist("sec-fetch-site"))
        if not own.issuperset(headers.getlist("origin")) or not sites <= {"none", "same-origin"}:
            return "requests from other sites are refused"
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        reason = self._objection(Headers(scope=scope))
        app = self._app if reason is None else refusal(403, reason)
        await app(scope, receive, send)
