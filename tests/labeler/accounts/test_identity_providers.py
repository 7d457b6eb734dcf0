"""Signing in with OpenID Connect, against a small provider on this machine."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from allauth.account.models import EmailAddress
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import User
from pytest_django import Settings

from labeler.accounts.invitations import create_invitation
from labeler.accounts.permissions import Role
from labeler.lib.env import OidcProvider, oidc_providers_from_env
from tests.factories import make_project, make_user
from tests.labeler.accounts.browser import AUTH, SESSION, Browser
from tests.labeler.accounts.oidc_server import CLIENT_ID, OidcServer, running_provider

pytestmark = pytest.mark.django_db
BEGIN = "/api/v1/session/provider"


@pytest.fixture
def provider(settings: Settings) -> Iterator[OidcServer]:
    with running_provider() as server:
        server.claims = {"sub": "7", "email": "zoe@example.org", "email_verified": True, "name": "Zoe"}
        settings.SOCIALACCOUNT_PROVIDERS = server.settings
        yield server


def go_through(browser: Browser, **body: str) -> str:
    """Begin, let the provider answer, come back; gives the address where the browser ends."""
    status, begun = browser.post(BEGIN, {"provider": "company", **body})
    assert status == 200
    back = httpx.get(begun["location"], follow_redirects=False).headers["location"]
    assert urlsplit(back).path == "/api/auth/oidc/company/login/callback/"
    answer = browser.client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert answer.status_code == 302
    return str(answer["Location"])


def test_the_page_learns_which_providers_there_are(provider: OidcServer) -> None:
    assert Browser().get(SESSION)[1]["providers"] == [{"id": "company", "name": "Company"}]


def test_a_newcomer_needs_an_invitation(provider: OidcServer) -> None:
    browser = Browser()
    end = go_through(browser, next="/sign-in")
    assert parse_qs(urlsplit(end).query)["error"] == ["signup_closed"]
    assert (browser.username, User.objects.count()) == (None, 0)


def test_with_an_invitation_a_newcomer_gets_an_account_and_joins(provider: OidcServer) -> None:
    project = make_project()
    _, secret = create_invitation(
        project_id=project.id, actor=make_user("ada"), role=Role.ANNOTATOR, expires_in_days=1
    )
    browser = Browser()
    browser.post("/api/v1/invitations/about", {"secret": secret})
    assert go_through(browser, next=f"/invitations/{secret}") == f"/invitations/{secret}"
    assert browser.username == "zoe"
    assert browser.post("/api/v1/invitations/accept", {"secret": secret})[0] == 200
    assert browser.get(f"/api/v1/projects/{project.id}")[1]["role"] == "annotator"


def test_the_provider_may_vouch_for_newcomers(provider: OidcServer, settings: Settings) -> None:
    settings.OIDC_SIGN_UP = True
    first, second = Browser(), Browser()
    assert go_through(first) == "/"
    assert go_through(second) == "/"
    assert first.username == second.username == "zoe"
    zoe = User.objects.get()
    assert (zoe.email, zoe.has_usable_password(), zoe.is_staff) == ("zoe@example.org", False, False)
    assert SocialAccount.objects.get().uid == "7"


def test_somebody_signed_in_connects_the_provider_and_takes_it_off(provider: OidcServer) -> None:
    make_user()
    browser = Browser()
    assert browser.post(BEGIN, {"provider": "company", "process": "connect"})[0] == 401
    browser.sign_in()
    assert go_through(browser, process="connect", next="/account") == "/account"
    (account,) = browser.get(f"{AUTH}/account/providers")[1]["data"]
    assert (account["uid"], account["provider"]["id"]) == ("7", "company")
    other = Browser()
    go_through(other)
    assert other.username == "ann"
    gone = {"provider": "company", "account": "7"}
    assert browser.send("delete", f"{AUTH}/account/providers", gone) == (200, {"status": 200, "data": []})


def test_an_email_address_that_is_taken_opens_no_door(provider: OidcServer, settings: Settings) -> None:
    settings.OIDC_SIGN_UP = True
    EmailAddress.objects.create(user=make_user(), email="zoe@example.org", primary=True, verified=True)
    browser = Browser()
    go_through(browser)
    assert browser.username is None
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True  # OIDC_TRUST_EMAIL
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
    go_through(browser)
    assert browser.username == "ann"


def test_an_unverified_address_of_the_provider_never_does(provider: OidcServer, settings: Settings) -> None:
    settings.SOCIALACCOUNT_EMAIL_AUTHENTICATION = True
    provider.claims["email_verified"] = False
    EmailAddress.objects.create(user=make_user(), email="zoe@example.org", primary=True, verified=True)
    browser = Browser()
    go_through(browser)
    assert browser.username is None


def test_a_refusal_at_the_provider_comes_back_with_a_reason(provider: OidcServer) -> None:
    provider.refuses = True
    end = go_through(Browser(), next="/sign-in")
    assert parse_qs(urlsplit(end).query)["error"] == ["cancelled"]


def test_an_answer_to_another_browser_signs_nobody_in(provider: OidcServer, settings: Settings) -> None:
    settings.OIDC_SIGN_UP = True
    _, begun = Browser().post(BEGIN, {"provider": "company"})
    back = httpx.get(begun["location"], follow_redirects=False).headers["location"]
    victim = Browser()
    victim.client.get(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert victim.username is None


def test_a_provider_that_does_not_answer_is_told(provider: OidcServer, settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"][0]["settings"]["server_url"] = (
        "http://127.0.0.1:9"
    )
    status, problem = Browser().post(BEGIN, {"provider": "company"})
    assert (status, problem["code"]) == (503, "provider_unavailable")
    status, problem = Browser().post(BEGIN, {"provider": "another"})
    assert (status, problem["code"]) == (404, "no_such_provider")


@pytest.mark.parametrize("path", ["//evil.example/", "https://evil.example", "/\\evil.example", "x"])
def test_the_way_back_stays_on_this_site(provider: OidcServer, path: str) -> None:
    assert Browser().post(BEGIN, {"provider": "company", "next": path})[0] == 422


def test_providers_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OIDC_PROVIDERS", "company_sso")
    told: dict[str, Any] = {"URL": "https://id.example.org", "CLIENT_ID": CLIENT_ID}
    for name, value in told.items():
        monkeypatch.setenv(f"OIDC_COMPANY_SSO_{name}", value)
    with pytest.raises(SystemExit, match="OIDC_COMPANY_SSO_CLIENT_SECRET is not set"):
        oidc_providers_from_env()
    monkeypatch.setenv("OIDC_COMPANY_SSO_CLIENT_SECRET", "secret")
    expected = OidcProvider("company_sso", "Company Sso", "https://id.example.org", CLIENT_ID, "secret")
    assert oidc_providers_from_env() == [expected]
    monkeypatch.setenv("OIDC_PROVIDERS", "a/b")
    with pytest.raises(SystemExit, match="'a/b'"):
        oidc_providers_from_env()
