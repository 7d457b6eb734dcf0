"""Answers that carry arrays: octet streams with dtype and shape in headers, immutable where the address says so."""

from django.http import HttpResponse

IMMUTABLE = "private, max-age=31536000, immutable"


def array_response(
    data: bytes, *, dtype: str, shape: list[int], immutable: bool, **headers: str
) -> HttpResponse:
    """Send raw little-endian numbers in C order; header names use underscores for dashes."""
    response = HttpResponse(data, content_type="application/octet-stream")
    response["X-Array-Dtype"] = dtype
    response["X-Array-Shape"] = ",".join(map(str, shape))
    response["Cache-Control"] = IMMUTABLE if immutable else "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response
