"""The single page of the browser application, as the frontend's build made it."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.views.decorators.http import require_safe

NOT_BUILT = "The frontend is not built. Run `make run`, or `npm ci && npm run build` in frontend/."


@require_safe
def serve_page(request: HttpRequest) -> HttpResponse:
    """Answer every page address with index.html; never cached, so that a new build arrives at the next load."""
    index = settings.FRONTEND_DIST / "index.html"
    if not index.exists():
        return HttpResponse(NOT_BUILT, status=503, content_type="text/plain")
    get_token(request)  # sets the CSRF cookie
    return HttpResponse(index.read_bytes(), headers={"Cache-Control": "no-cache"})
