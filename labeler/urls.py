"""HTTP routes: the API, and the page for every other path (the browser routes within it)."""

from django.urls import path, re_path

from labeler.api import api
from labeler.lib.page import serve_page

urlpatterns = [
    path("api/v1/", api.urls),
    re_path(r"^(?!api/|static/|ws/).*$", serve_page),
]
