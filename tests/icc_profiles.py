"""Small ICC profiles of known effect, written byte by byte as the specification says (ICC.1:2001, version 2)."""

import struct

_SRGB_PRIMARIES = ((0.43607, 0.22249, 0.01392), (0.38515, 0.71687, 0.09708), (0.14307, 0.06061, 0.71410))
_ADOBE_PRIMARIES = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_D50 = (0.9642, 1.0, 0.8249)


def linear_rgb_profile() -> bytes:
    """The primaries of sRGB without its curve: 55 of 255 is the light of 128 in sRGB, 128 that of 188."""
    return _matrix_profile(_SRGB_PRIMARIES, gamma=1.0)


def adobe_rgb_profile() -> bytes:
    """Primaries and gamma (563 / 256) of Adobe RGB (1998), adapted to D50."""
    return _matrix_profile(_ADOBE_PRIMARIES, gamma=563 / 256)


def linear_grey_profile() -> bytes:
    """Grey samples that are proportional to light."""
    return _profile([(b"wtpt", _xyz(_D50)), (b"kTRC", _gamma(1.0))], space=b"GRAY")


def odd_ink_profile() -> bytes:
    """Four inks of which the first, printed alone and full, is red; none is white, and any other is black."""
    white, red, black = (255, 128, 128), (138, 209, 198), (0, 128, 128)  # L*a*b* in 8 bits
    corners = [white, *[black] * 7, red, *[black] * 7]  # the first ink changes slowest
    identity = bytes(range(256))
    unit = (1, 0, 0, 0, 1, 0, 0, 0, 1)
    table = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + b"".join(_fixed(value) for value in unit)
    table += 4 * identity + b"".join(bytes(corner) for corner in corners) + 3 * identity
    tags = [(b"wtpt", _xyz(_D50)), (b"A2B0", table)]
    return _profile(tags, space=b"CMYK", kind=b"prtr", between=b"Lab ")


def _matrix_profile(primaries: tuple[tuple[float, ...], ...], *, gamma: float) -> bytes:
    tags = [(b"wtpt", _xyz(_D50))]
    tags += [
        (name + b"XYZ", _xyz(primary)) for name, primary in zip((b"r", b"g", b"b"), primaries, strict=True)
    ]
    tags += [(name + b"TRC", _gamma(gamma)) for name in (b"r", b"g", b"b")]
    return _profile(tags, space=b"RGB ")


def _profile(
    tags: list[tuple[bytes, bytes]], *, space: bytes, kind: bytes = b"mntr", between: bytes = b"XYZ "
) -> bytes:
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    for name, data in tags:
        padded = data + b"\0" * (-len(data) % 4)
        table += name + struct.pack(">II", start + len(body), len(padded))
        body += padded
    white = b"".join(_fixed(value) for value in _D50)
    header = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x02400000, kind, space, between)
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + white
    return header.ljust(128, b"\0") + table + body


def _xyz(values: tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + b"".join(_fixed(value) for value in values)


def _gamma(gamma: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _fixed(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))
