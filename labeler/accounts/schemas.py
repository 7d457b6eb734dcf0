"""Request and response types of sign-in, tokens and members."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from labeler.accounts.permissions import Role, Scope


class UserOut(Schema):
    id: int
    username: str
    is_staff: bool


class SessionOut(Schema):
    """Who is signed in (nobody: null) and the token that a browser sends back as X-CSRFToken."""

    user: UserOut | None
    csrf_token: str


class SignIn(Schema):
    username: str = Field(max_length=150)
    password: str = Field(max_length=1024)


class TokenIn(Schema):
    name: str = Field(min_length=1, max_length=100)
    scope: Scope = Scope.READ
    expires_at: datetime | None = None


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


class UserIn(Schema):
    username: str = Field(min_length=1, max_length=150, pattern=r"^[\w.@+-]+$")
    password: str = Field(min_length=1, max_length=1024)
