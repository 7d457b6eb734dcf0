"""Security headers for every answer: a Content-Security-Policy without inline script, and no sniffing of types."""

from collections.abc import Awaitable, Callable

from asgiref.sync import iscoroutinefunction, markcoroutinefunction
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse

PAGE_POLICY = "; ".join(
    [
        "default-src 'self'",
        "script-src 'self'",
        "worker-src 'self' blob:",
        "style-src 'self' 'unsafe-inline'",  # Mantine sets style attributes; script stays strict
        "img-src 'self' blob: data:",
        "font-src 'self' data:",
        "connect-src 'self'{sockets}",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ]
)
UPLOAD_POLICY = "default-src 'none'; sandbox; style-src 'unsafe-inline'; img-src data:"


class SecurityHeadersMiddleware:
    """Add the page policy unless the view has set its own (uploaded originals use `UPLOAD_POLICY`)."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse | Awaitable[HttpResponse]]) -> None:
        self.get_response = get_response
        self._is_async = iscoroutinefunction(get_response)
        if self._is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self._is_async:
            return self._call_async(request)
        response = self.get_response(request)
        assert isinstance(response, HttpResponse) or hasattr(response, "headers")
        return _with_headers(request, response)  # type: ignore[arg-type]  # a sync chain returns a response

    async def _call_async(self, request: HttpRequest) -> HttpResponse:
        return _with_headers(request, await self.get_response(request))  # type: ignore[misc]  # an async chain awaits


def page_policy(request: HttpRequest) -> str:
    """The page's policy. Websockets go to the page's own host only, named because not every browser takes `'self'`."""
    try:
        host = request.get_host()
    except DisallowedHost:
        return PAGE_POLICY.format(sockets="")
    return PAGE_POLICY.format(sockets=f" {'wss' if request.is_secure() else 'ws'}://{host}")


def _with_headers(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    response.headers.setdefault("Content-Security-Policy", page_policy(request))
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
    return response
