"""One's own account in a real browser: a passkey of Chromium's virtual authenticator, codes of an app, a reset link."""

import time
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.e2e.product import PASSWORD, Product
from tests.labeler.accounts.test_second_factors import totp

pytestmark = pytest.mark.e2e
NEW = "another-horse-battery"


def site(product: Product) -> str:
    """The address under which browsers offer passkeys without TLS."""
    return f"http://localhost:{urlsplit(product.address).port}"


def open_site(browser: Browser, product: Product, path: str = "/") -> Page:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{site(product)}{path}")
    return page


def make_person(product: Product, username: str) -> None:
    product.client().post("/users", {"username": username, "password": PASSWORD})


def sign_in(page: Page, username: str, password: str = PASSWORD) -> None:
    page.get_by_test_id("sign-in-name").fill(username)
    page.get_by_test_id("sign-in-password").fill(password)
    page.get_by_test_id("sign-in-submit").click()


def sign_out(page: Page) -> None:
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("sign-out").click()
    page.get_by_test_id("sign-in-name").wait_for()


def say_again(page: Page, password: str = PASSWORD) -> None:
    page.get_by_test_id("reauthenticate-secret").fill(password)
    page.get_by_test_id("reauthenticate-submit").click()


def add_virtual_authenticator(context: BrowserContext, page: Page) -> None:
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_alone_and_is_the_second_factor_of_a_password(
    browser: Browser, product: Product
) -> None:
    make_person(product, "pia")
    page = open_site(browser, product)
    add_virtual_authenticator(page.context, page)
    sign_in(page, "pia")
    page.get_by_test_id("user-menu").click()
    page.get_by_test_id("open-account").click()
    page.get_by_test_id("tab-second-factors").click()
    page.get_by_test_id("passkey-name").fill("This laptop")
    page.get_by_test_id("passkey-add").click()
    say_again(page)
    expect(page.get_by_test_id("passkeys")).to_contain_text("This laptop")
    expect(page.get_by_test_id("passkeys")).to_contain_text("without password")

    sign_out(page)
    page.get_by_test_id("sign-in-passkey").click()
    expect(page.get_by_test_id("user-menu")).to_contain_text("P")

    sign_out(page)
    sign_in(page, "pia")
    page.get_by_test_id("second-factor-passkey").click()
    expect(page.get_by_test_id("user-menu")).to_contain_text("P")


def test_codes_of_an_app_and_recovery_codes(browser: Browser, product: Product) -> None:
    make_person(product, "tom")
    page = open_site(browser, product, "/account/second-factors")
    sign_in(page, "tom")
    page.get_by_test_id("totp-start").click()
    secret = page.get_by_test_id("totp-secret").inner_text().replace(" ", "")
    picture = page.get_by_role("img", name="QR code for the authenticator app")
    assert picture.evaluate("async image => { await image.decode(); return image.naturalWidth > 0; }")
    page.get_by_test_id("totp-code").fill(totp(secret, at=time.time()))
    page.get_by_test_id("totp-activate").click()
    say_again(page)
    page.get_by_test_id("totp-on").wait_for()
    page.get_by_test_id("codes-show").click()
    shown = page.get_by_test_id("recovery-codes").locator("li")
    expect(shown).to_have_count(10)
    codes = shown.all_inner_texts()

    sign_out(page)
    sign_in(page, "tom")
    page.get_by_test_id("second-factor-code").fill("12")
    page.get_by_test_id("second-factor-submit").click()
    expect(page.get_by_role("alert")).to_contain_text("Incorrect code")
    page.get_by_test_id("second-factor-code").fill(codes[0])
    page.get_by_test_id("second-factor-submit").click()
    page.get_by_test_id("user-menu").wait_for()


def test_staff_hand_out_a_link_that_sets_a_new_password(browser: Browser, product: Product) -> None:
    staff = open_site(browser, product, "/people")
    sign_in(staff, "admin")
    staff.get_by_test_id("person-name").fill("nina")
    staff.get_by_test_id("person-create").click()
    link = staff.get_by_test_id("reset-link").inner_text()
    expect(staff.get_by_test_id("people")).to_contain_text("nina")

    page = open_site(browser, product, urlsplit(link).path)
    page.get_by_test_id("reset-password").fill("short")
    page.get_by_test_id("reset-submit").click()
    expect(page.get_by_role("alert")).to_contain_text("at least 10 characters")
    page.get_by_test_id("reset-password").fill(NEW)
    page.get_by_test_id("reset-submit").click()
    page.get_by_test_id("reset-done").wait_for()
    page.goto(link)
    page.get_by_test_id("reset-error").wait_for()
    page.goto(site(product))
    sign_in(page, "nina", NEW)
    page.get_by_test_id("user-menu").wait_for()

    staff.get_by_test_id("tab-audit-log").click()
    expect(staff.get_by_test_id("audit-log")).to_contain_text("made a reset link for nina")


def test_a_forgotten_password_on_a_site_without_mail_says_whom_to_ask(
    browser: Browser, product: Product
) -> None:
    page = open_site(browser, product)
    page.get_by_role("link", name="Forgotten your password?").click()
    expect(page.get_by_test_id("no-mail")).to_contain_text("no mail server")


def test_an_invitation_makes_an_account_and_joins(browser: Browser, product: Product) -> None:
    admin = product.client()
    project_id = admin.post("/projects", {"name": "Gulls"})["id"]
    path = admin.post(f"/projects/{project_id}/invitations", {"role": "annotator"})["path"]
    page = open_site(browser, product, path)
    page.get_by_test_id("sign-up-name").fill("zoe")
    page.get_by_test_id("sign-up-password").fill(PASSWORD)
    page.get_by_test_id("sign-up-submit").click()
    page.wait_for_url(f"{site(product)}/")
    expect(page.get_by_text("Gulls")).to_be_visible()


def test_a_password_is_changed_and_a_session_elsewhere_is_ended(browser: Browser, product: Product) -> None:
    make_person(product, "cleo")
    here, there = (open_site(browser, product, "/account/sessions") for _ in range(2))
    for page in (there, here):
        sign_in(page, "cleo")
        page.get_by_test_id("sessions").wait_for()
    here.reload()
    here.get_by_role("button", name="End", exact=True).click()
    expect(here.get_by_role("button", name="End", exact=True)).to_have_count(0)
    there.goto(site(product))
    there.get_by_test_id("sign-in-name").wait_for()
    here.get_by_test_id("tab-password").click()
    here.get_by_test_id("password-current").fill(PASSWORD)
    here.get_by_test_id("password-new").fill(NEW)
    here.get_by_test_id("password-submit").click()
    here.get_by_test_id("password-changed").wait_for()
    sign_in(there, "cleo", NEW)
    there.get_by_test_id("user-menu").wait_for()
