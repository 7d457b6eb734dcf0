"""Request and response types of sign-in, tokens and members."""

from datetime import datetime
from typing import Annotated, Any, Literal

from ninja import Path, Schema
from pydantic import AwareDatetime, Field

from labeler.accounts.permissions import Role, Scope
from labeler.lib.text import PRINTABLE

USERNAME = r"^[\w.@+-]+$"
UsernameInPath = Annotated[str, Path(max_length=150, pattern=USERNAME)]


class UserOut(Schema):
    id: int
    username: str
    is_staff: bool


class ProviderName(Schema):
    """An identity provider that one can sign in with."""

    id: str
    name: str


class SessionOut(Schema):
    """Who is signed in (nobody: null), the token that a browser sends back as X-CSRFToken, and what the site offers."""

    user: UserOut | None
    csrf_token: str
    sends_email: bool
    is_open_for_sign_up: bool
    providers: list[ProviderName]


class ProviderIn(Schema):
    """Where to go on to: `login`, or `connect` the provider's account to the one that is signed in."""

    provider: str = Field(max_length=100, pattern=PRINTABLE)
    process: Literal["login", "connect"] = "login"
    next: str = Field(default="/", max_length=500, pattern=r"^/([^/\\\x00-\x1f][^\x00-\x1f]*)?$")


class ProviderOut(Schema):
    location: str


class TokenIn(Schema):
    name: str = Field(min_length=1, max_length=100, pattern=PRINTABLE)
    scope: Scope = Scope.READ
    expires_at: AwareDatetime | None = None


class TokenOut(Schema):
    id: int
    name: str
    prefix: str
    scope: Scope
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class TokenCreated(TokenOut):
    """The only answer that ever carries the secret."""

    token: str


class MemberOut(Schema):
    username: str
    role: Role
    created_at: datetime


class MemberIn(Schema):
    role: Role


class InvitationIn(Schema):
    role: Role
    expires_in_days: int = Field(default=7, ge=1, le=30)


class InvitationOut(Schema):
    id: int
    role: Role
    created_at: datetime
    expires_at: datetime


class InvitationCreated(InvitationOut):
    """The only answer that ever carries the secret; `path` is the page to send, on this site."""

    secret: str
    path: str


class InvitationSecret(Schema):
    secret: str = Field(min_length=1, max_length=200, pattern=PRINTABLE)


class InvitationAbout(Schema):
    project_name: str
    role: Role
    invited_by: str | None
    expires_at: datetime


class AuditOut(Schema):
    """`action` is like `member.set`; `detail` says of whom and what; no project: something of the whole site."""

    id: int
    project_id: int | None
    actor: str
    action: str
    detail: dict[str, Any]
    created_at: datetime


class UserIn(Schema):
    """Without a password the person sets one through a reset link."""

    username: str = Field(min_length=1, max_length=150, pattern=USERNAME)
    password: str | None = Field(default=None, min_length=1, max_length=1024)
    email: str = Field(default="", max_length=254, pattern=r"^$|^[^@\s\x00]+@[^@\s\x00]+\.[^@\s\x00]+$")


class UserPatch(Schema):
    is_active: bool | None = None
    is_staff: bool | None = None


class PersonOut(UserOut):
    """A user as site staff see one."""

    email: str
    is_active: bool
    last_login: datetime | None
    num_second_factors: int
    num_projects: int


class ResetLink(Schema):
    """The only answer that carries the key; `path` is the page to hand over, on this site."""

    path: str
    expires_in_hours: int
