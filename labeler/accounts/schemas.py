"""Request and response types of sign-in, tokens and members."""

from datetime import datetime
from typing import Annotated, Any

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


class SessionOut(Schema):
    """Who is signed in (nobody: null) and the token that a browser sends back as X-CSRFToken."""

    user: UserOut | None
    csrf_token: str


class SignIn(Schema):
    username: str = Field(max_length=150, pattern=PRINTABLE)
    password: str = Field(max_length=1024)


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


class SignUp(InvitationSecret):
    username: str = Field(min_length=1, max_length=150, pattern=USERNAME)
    password: str = Field(min_length=1, max_length=1024)


class AuditOut(Schema):
    """`action` is like `member.set`; `detail` says of whom and what."""

    id: int
    actor: str
    action: str
    detail: dict[str, Any]
    created_at: datetime


class AuditPage(Schema):
    """`next` is the `before` of the next page; null at the end."""

    items: list[AuditOut]
    next: int | None


class UserIn(Schema):
    username: str = Field(min_length=1, max_length=150, pattern=USERNAME)
    password: str = Field(min_length=1, max_length=1024)
