"""HTTP routes: the API, sign-in (django-allauth), and the page for every other path (the browser routes within it)."""

from django.urls import include, path, re_path

from labeler.api import api
from labeler.lib.browser_app import serve_page

handler400 = "labeler.errors.on_bad_request"
handler403 = "labeler.errors.on_forbidden"
handler404 = "labeler.errors.on_unknown_address"
handler500 = "labeler.errors.on_server_error"

urlpatterns = [
    path("api/v1/", api.urls),
    path("api/auth/", include("allauth.headless.urls")),
    path("api/auth/", include("allauth.urls")),  # where identity providers send people back
    re_path(r"^(?!api/|static/|ws/).*$", serve_page),
]
