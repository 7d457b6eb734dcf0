"""Every answer: security headers, problems for refusals, the page for the browser's own addresses."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from asgiref.sync import sync_to_async
from django.test import AsyncClient, Client
from pytest_django import Settings
from redis.exceptions import ConnectionError as RedisConnectionError

from labeler.datasets import selectors
from labeler.lib.files import original_path
from tests.factories import make_member, make_project, make_user, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(settings: Settings, tmp_path: Path) -> str:
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "index.html").write_text("<!doctype html><title>Labeler</title>")
    return "<!doctype html><title>Labeler</title>"


@pytest.fixture
def quiet() -> Iterator[None]:
    """Expected errors need no traceback in the test's output."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def problem(answer: Any) -> tuple[int, str]:
    """Status and code of a problem, after checking its form."""
    body = answer.json()
    assert answer["Content-Type"] == "application/problem+json"
    assert set(body) >= {"type", "title", "status", "detail", "code"}
    assert body["status"] == answer.status_code
    assert body["title"] != "Error"
    return answer.status_code, body["code"]


@pytest.mark.parametrize(
    "path", ["/", "/projects/3/label", "/api/v1/session", "/api/v1/nowhere", "/api/v1/projects"]
)
def test_every_answer_has_the_security_headers(path: str, page: str) -> None:
    headers = Client().get(path).headers
    policy = dict(part.split(" ", 1) for part in headers["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'self'"
    assert policy["script-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"


async def test_they_are_there_under_asgi_too() -> None:
    answer = await AsyncClient().get("/api/v1/session")
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    refused = await AsyncClient().put("/api/v1/session")
    assert problem(refused) == (405, "method_not_allowed")


def test_an_original_is_sandboxed() -> None:
    project = make_project(num_images=1)
    path = original_path(project.id, "0.jpg")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"not really a picture")
    answer = signed_in(make_member(project)).get(f"/api/v1/projects/{project.id}/images/0/original")
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"] == "image/jpeg"
    assert answer.headers["Content-Disposition"] == "inline; filename*=UTF-8''0.jpg"


@pytest.mark.parametrize("path", ["/", "/sign-in", "/projects/7/models", "/anything/at/all.html"])
def test_every_page_address_gets_the_page_and_a_csrf_cookie(path: str, page: str) -> None:
    answer = Client().get(path)
    assert (answer.status_code, answer.content.decode()) == (200, page)
    assert answer["Cache-Control"] == "no-cache"
    assert answer.cookies["labeler_csrf"].value


def test_a_page_cannot_be_posted_to(page: str) -> None:
    assert Client().post("/").status_code == 405


def test_without_a_build_the_page_says_how_to_make_one(settings: Settings, tmp_path: Path) -> None:
    settings.FRONTEND_DIST = tmp_path / "nothing"
    answer = Client().get("/")
    assert answer.status_code == 503
    assert "npm run build" in answer.content.decode()


@pytest.mark.parametrize("path", ["/api/", "/api/v1/nowhere", "/api/v2/session", "/api/v1/projects/x/y/z"])
def test_an_unknown_api_address_is_a_problem_not_the_page(path: str, page: str) -> None:
    assert problem(Client().get(path)) == (404, "not_found")


def test_a_missing_asset_is_not_the_page(page: str) -> None:
    answer = Client().get("/static/assets/gone.js")
    assert answer.status_code == 404
    assert answer.content.decode() != page


def test_a_wrong_method_names_the_right_ones() -> None:
    answer = Client().put("/api/v1/tokens")
    assert problem(answer) == (405, "method_not_allowed")
    assert sorted(answer["Allow"].split(", ")) == ["GET", "POST"]


def test_invalid_input_names_its_fields() -> None:
    answer = signed_in(make_user()).post(
        "/api/v1/projects", {"name": "", "input_size_px": 100}, content_type="application/json"
    )
    assert problem(answer) == (422, "invalid_input")
    fields = {error["field"]: error["code"] for error in answer.json()["errors"]}
    assert fields == {"name": "string_too_short", "input_size_px": "multiple_of"}


@pytest.mark.parametrize("body", ["{", "[" * 100_000, b"\xff", ""])
def test_a_body_that_is_no_json_is_a_problem(body: str | bytes) -> None:
    answer = signed_in(make_user()).post("/api/v1/projects", body, content_type="application/json")
    assert problem(answer)[0] in {400, 422}


def test_a_body_over_the_limit_is_a_problem(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = signed_in(make_user()).post(
        "/api/v1/projects", {"name": "x" * 200}, content_type="application/json"
    )
    assert problem(answer) == (413, "too_large")


def test_too_many_files_at_once_are_a_problem(settings: Settings) -> None:
    settings.DATA_UPLOAD_MAX_NUMBER_FILES = 1
    project = make_project()
    root = signed_in(make_user("root", is_staff=True))
    made = root.post(f"/api/v1/projects/{project.id}/imports", {}, content_type="application/json").json()
    boundary = "cut"
    parts = "".join(
        f'--{boundary}\r\nContent-Disposition: form-data; name="files"; filename="{n}.jpg"\r\n\r\nx\r\n'
        for n in range(2)
    )
    answer = root.post(
        f"/api/v1/projects/{project.id}/imports/{made['id']}/files",
        parts + f"--{boundary}--\r\n",
        content_type=f"multipart/form-data; boundary={boundary}",
    )
    assert problem(answer) == (413, "too_large")


def test_a_broken_upload_is_a_problem() -> None:
    project = make_project()
    root = signed_in(make_user("root", is_staff=True))
    answer = root.post(
        f"/api/v1/projects/{project.id}/imports/1/files", b"x", content_type="multipart/form-data; boundary="
    )
    assert problem(answer)[0] in {400, 422}


def test_a_host_that_is_not_ours_is_a_problem(quiet: None) -> None:
    assert problem(Client().get("/api/v1/session", headers={"host": "evil.example"})) == (400, "bad_request")


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (RuntimeError("SELECT secret FROM /var/lib"), (500, "internal")),
        (RedisConnectionError("Connection refused: /run/redis.sock"), (503, "unavailable")),
    ],
)
def test_our_own_faults_tell_no_internals(
    error: Exception, expected: tuple[int, str], monkeypatch: pytest.MonkeyPatch, quiet: None
) -> None:
    def fail(**_: object) -> None:
        raise error

    monkeypatch.setattr(selectors, "list_projects", fail)
    answer = signed_in(make_user()).get("/api/v1/projects")
    assert problem(answer) == expected
    assert str(error).rsplit("/", 1)[-1] not in answer.content.decode()


def test_an_error_outside_the_api_is_a_problem_too(monkeypatch: pytest.MonkeyPatch, quiet: None) -> None:
    def fail(_: object) -> None:
        raise RuntimeError("outside")

    monkeypatch.setattr("labeler.accounts.auth.authenticate_request", fail)
    client = Client(raise_request_exception=False)
    monkeypatch.setattr("labeler.lib.browser_app.get_token", fail)
    monkeypatch.setattr("pathlib.Path.exists", lambda _: True)
    assert problem(client.get("/")) == (500, "internal")


def test_the_documentation_needs_no_foreign_or_inline_script() -> None:
    answer = Client().get("/api/v1/docs")
    text = answer.content.decode()
    assert answer.status_code == 200
    scripts = [
        line.strip() for line in text.splitlines() if "<script" in line and "application/json" not in line
    ]
    assert scripts == [
        '<script src="/static/ninja/swagger-ui-bundle.js"></script>',
        '<script src="/static/ninja/swagger-ui-init.js"></script>',
    ]
    for script in scripts:
        asset = Client().get(script.split('"')[1])
        assert asset.status_code == 200


def test_https_sets_strict_transport_and_secure_cookies(settings: Settings, page: str) -> None:
    settings.SECURE_HSTS_SECONDS = 31_536_000
    answer = Client().get("/", secure=True)
    assert answer["Strict-Transport-Security"] == "max-age=31536000"


@pytest.mark.django_db(transaction=True)
async def test_a_problem_under_asgi_is_the_same_problem() -> None:
    ann = await sync_to_async(make_user)()
    client = AsyncClient()
    await client.aforce_login(ann)
    assert problem(cast(Any, await client.get("/api/v1/projects/99"))) == (404, "not_found")


def test_sockets_go_to_the_page_s_own_host_only() -> None:
    for host in ("localhost:8000", "testserver"):
        policy = Client().get("/api/v1/session", headers={"host": host})["Content-Security-Policy"]
        (rule,) = [part for part in policy.split("; ") if part.startswith("connect-src")]
        assert rule == f"connect-src 'self' ws://{host}"
        assert "unsafe-inline" not in policy.split("script-src")[1].split(";")[0]
