"""What the API's document says beyond its routes: problems, ways to sign in, binary bodies.

The rules of which operation may answer which problem stand here once; a route names only its exceptions, by
`openapi_extra=may_answer(...)`.
"""

from collections.abc import Iterator
from typing import Any, TypeVar

from labeler.errors import TITLES

PROBLEM_TYPE = "application/problem+json"
PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "RFC 9457. `code` is stable and for programs; `errors` names the fields of invalid input.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message", "code"],
                "properties": {
                    "field": {"type": "string"},
                    "message": {"type": "string"},
                    "code": {"type": "string"},
                },
            },
        },
    },
}
SECURITY_SCHEMES: dict[str, Any] = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "labeler_session",
        "description": "The browser's session; writes also need the header X-CSRFToken from GET /session.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "A token made by POST /tokens."},
}

Document = TypeVar("Document", bound=dict[str, Any])


def binary_body(*media_types: str, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """`openapi_extra` of a route that answers bytes: its media types, and its headers with what they tell."""
    binary = {"type": "string", "format": "binary"}
    described = {
        name: {"description": text, "schema": {"type": "string"}} for name, text in (headers or {}).items()
    }
    content: dict[str, Any] = {media_type: {"schema": binary} for media_type in media_types}
    if "application/json" in content:  # a document of somebody else's format, not a string
        content["application/json"] = {}
    return {"responses": {200: {"content": content, "headers": described}}}


def array_body(**headers: str) -> dict[str, Any]:
    """`openapi_extra` of a route that answers raw numbers; header names use underscores for dashes."""
    return binary_body(
        "application/octet-stream",
        headers={
            "X-Array-Dtype": "numpy name of the element type; little endian",
            "X-Array-Shape": "sizes of the axes, separated by commas; C order",
            **{name.replace("_", "-"): text for name, text in headers.items()},
        },
    )


def form_fields(**descriptions: str) -> dict[str, Any]:
    """`openapi_extra` of a multipart route that reads repeated form fields besides its files."""
    schema = {
        "properties": {
            name: {"type": "array", "items": {"type": "string"}, "description": text}
            for name, text in descriptions.items()
        }
    }
    return {"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}}


def may_answer(*statuses: int) -> dict[str, Any]:
    """`openapi_extra` of a route that answers problems which the general rules do not foresee."""
    return {"responses": {status: _problem_ref(status) for status in statuses}}


def complete_schema(schema: Document) -> Document:
    """Add problems and security to a document made from the routes; changes it and returns it."""
    for path, methods in schema["paths"].items():
        for method, operation in methods.items():
            is_public = path.endswith(("/session", "/session/provider", "/invitations/about"))
            for status in _foreseen_problems(path, method, operation, is_public=is_public):
                operation["responses"].setdefault(status, _problem_ref(status))
            if not is_public:
                operation["security"] = [{name: []} for name in SECURITY_SCHEMES]
    components = schema["components"]
    components["securitySchemes"] = SECURITY_SCHEMES
    components["schemas"]["Problem"] = PROBLEM
    components["responses"] = {
        _name(status): {
            "description": title,
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, title in TITLES.items()
    }
    return schema


def _foreseen_problems(
    path: str, method: str, operation: dict[str, Any], *, is_public: bool
) -> Iterator[int]:
    writes = method != "get"
    if not is_public:
        yield 401
    if writes or "{project_id}" in path:
        yield 403  # role, token scope or CSRF
    if "{" in path:
        yield 404
        if writes:
            yield 409
    if operation.get("parameters") or "requestBody" in operation:
        yield 422
    if "requestBody" in operation:
        yield 400
        yield 413
    yield 500
    yield 503


def _problem_ref(status: int) -> dict[str, str]:
    return {"$ref": f"#/components/responses/{_name(status)}"}


def _name(status: int) -> str:
    return "Problem" + TITLES[status].title().replace(" ", "")
