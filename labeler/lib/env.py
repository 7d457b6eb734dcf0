"""Settings from the environment: `REDIS_URL`, `DATABASE_URL`, `DATA_DIR`, `PORT` replace the embedded defaults."""

import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parents[2]


def data_dir() -> Path:
    """Folder of everything the product writes: database, images, arrays, logs."""
    return Path(os.environ.get("DATA_DIR") or BASE_DIR / "var").expanduser().resolve()


def numba_cache_dir() -> Path:
    """Folder of compiled kernels: `NUMBA_CACHE_DIR`, else beside the data."""
    return Path(os.environ.get("NUMBA_CACHE_DIR") or data_dir() / "numba")


def secret_key(folder: Path) -> str:
    """Return `SECRET_KEY`, or one made once and kept in `folder` with owner-only rights.

    Raises:
        SystemExit: the folder cannot be written; with one clear line, since this runs while settings load.
    """
    from_env = os.environ.get("SECRET_KEY")
    if from_env:
        return from_env
    path = folder / "secret_key"
    try:
        return path.read_text().strip() if path.exists() else _make_secret_key(path)
    except OSError as error:
        raise SystemExit(
            f"The folder {folder} cannot be written: {error.strerror}. Set DATA_DIR to another one."
        ) from error


def _make_secret_key(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_urlsafe(50)
    beside = path.with_suffix(f".{os.getpid()}")
    beside.touch(mode=0o600)
    beside.write_text(key)
    try:
        os.link(beside, path)  # link, not rename: the first process to come wins, later ones read its key
    except FileExistsError:
        key = path.read_text().strip()
    finally:
        beside.unlink()
    return key


def list_from_env(name: str) -> list[str]:
    """Comma-separated values of an environment variable, without blanks."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def flag_from_env(name: str, *, default: bool = False) -> bool:
    """True for 1, true, yes, on."""
    value = os.environ.get(name)
    return default if value is None else value.strip().lower() in {"1", "true", "yes", "on"}


def path_list_from_env(name: str) -> list[Path]:
    """Folders separated as in PATH."""
    return [Path(part).expanduser() for part in os.environ.get(name, "").split(os.pathsep) if part]


def choice_from_env(name: str, choices: tuple[str, ...]) -> str:
    """One of `choices`; the first unless given.

    Raises:
        SystemExit: another value, with one clear line, since this runs while settings load.
    """
    value = os.environ.get(name, "").strip().lower() or choices[0]
    if value not in choices:
        raise SystemExit(f"{name} is {value!r}; it must be one of {', '.join(choices)}")
    return value


@dataclass(frozen=True)
class OidcProvider:
    """An OpenID Connect provider: `id` is part of its callback address, `name` stands on the button."""

    id: str
    name: str
    url: str
    client_id: str
    client_secret: str


def oidc_providers_from_env() -> list[OidcProvider]:
    """Providers named in `OIDC_PROVIDERS`, each with `OIDC_<ID>_URL`, `_CLIENT_ID`, `_CLIENT_SECRET` and `_NAME`.

    Raises:
        SystemExit: a name that cannot be part of an address, or a missing part.
    """
    return [_oidc_provider(name) for name in list_from_env("OIDC_PROVIDERS")]


def _oidc_provider(name: str) -> OidcProvider:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise SystemExit(f"OIDC_PROVIDERS names {name!r}; only lower-case letters, digits and _ are possible")
    prefix = f"OIDC_{name.upper()}"
    parts = {part: os.environ.get(f"{prefix}_{part}", "") for part in ("URL", "CLIENT_ID", "CLIENT_SECRET")}
    missing = [f"{prefix}_{part}" for part, value in parts.items() if not value]
    if missing:
        raise SystemExit(f"OIDC_PROVIDERS names {name!r}, but {', '.join(missing)} is not set")
    shown = os.environ.get(f"{prefix}_NAME") or name.replace("_", " ").title()
    return OidcProvider(name, shown, parts["URL"], parts["CLIENT_ID"], parts["CLIENT_SECRET"])
