"""Webhooks in a real browser: made on the page, told by a worker, checked by their receiver, seen in the log."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.e2e.product import Product, wait_for
from tests.labeler.webhooks.receiver import Receiver, receiving

pytestmark = pytest.mark.e2e
SENT_S = 30.0
TRIED_AGAIN_MS = 90_000  # 10 s after the first try, and until the sweep looks


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A program of somebody's that the product may tell, on this machine."""
    with receiving() as found:
        yield found


@pytest.fixture
def page(context: BrowserContext, product: Product) -> Page:
    """The webhooks of a new project."""
    made = product.client().post("/projects", {"name": "Told", "backbone": "bundled"})
    opened = context.new_page()
    opened.goto(f"{product.address}/projects/{made['id']}/settings/webhooks")
    return opened


def make_hook(page: Page, url: str) -> str:
    """Fill in the form; the secret that the page shows."""
    page.get_by_test_id("webhook-url").fill(url)
    page.get_by_test_id("webhook-labels.changed").check()
    page.get_by_test_id("webhook-create").click()
    expect(page.get_by_test_id("webhook")).to_contain_text("labels.changed · model.published")
    return page.get_by_test_id("webhook-secret").inner_text()


def test_a_test_message_arrives_signed_and_stands_in_the_log(page: Page, receiver: Receiver) -> None:
    secret = make_hook(page, receiver.url)
    page.get_by_test_id("webhook-test").click()
    wait_for(lambda: receiver.bodies, SENT_S)
    assert (receiver.bodies[0]["type"], receiver.is_signed_with(secret, 0)) == ("test", True)
    delivery = page.get_by_test_id("delivery")
    expect(delivery).to_contain_text("delivered")
    expect(delivery).to_contain_text(re.compile(r"200 in \d+ ms"))

    page.reload()
    expect(page.get_by_test_id("webhook")).to_contain_text(receiver.url)
    expect(page.get_by_test_id("webhook-secret")).to_have_count(0)  # it is shown once

    page.get_by_role("button", name=re.compile("^Send test of .* again$")).click()
    wait_for(lambda: len(receiver.bodies) == 2, SENT_S)
    assert receiver.headers[0]["webhook-id"] != receiver.headers[1]["webhook-id"]
    assert receiver.is_signed_with(secret, 1)
    expect(page.get_by_test_id("delivery")).to_have_count(2)


def test_a_message_that_fails_is_marked_and_tried_again(page: Page, receiver: Receiver) -> None:
    secret = make_hook(page, receiver.url)
    receiver.statuses.append(500)
    page.get_by_test_id("webhook-test").click()
    hook, delivery = page.get_by_test_id("webhook"), page.get_by_test_id("delivery")
    expect(delivery).to_contain_text(re.compile(r"500 in \d+ ms"), timeout=SENT_S * 1000)
    expect(delivery).to_contain_text("next try at")
    expect(delivery).to_contain_text("waits")
    expect(hook).to_contain_text("Failing since")

    expect(delivery).to_contain_text("delivered", timeout=TRIED_AGAIN_MS)
    expect(delivery).to_contain_text("2 tries")
    expect(hook).not_to_contain_text("Failing since")
    assert receiver.headers[0]["webhook-id"] == receiver.headers[1]["webhook-id"]
    assert receiver.is_signed_with(secret, 1)


def test_a_new_secret_is_shown_and_both_sign_until_the_old_one_is_ended(
    page: Page, receiver: Receiver
) -> None:
    old = make_hook(page, receiver.url)
    hook, button = page.get_by_test_id("webhook"), page.get_by_test_id("webhook-new-secret")
    button.click()
    expect(hook).to_contain_text("Signed with the old secret, too, until")
    new = page.get_by_test_id("webhook-secret").inner_text()
    page.get_by_test_id("webhook-test").click()
    wait_for(lambda: receiver.bodies, SENT_S)
    assert [receiver.is_signed_with(secret, 0) for secret in (old, new)] == [True, True]

    expect(button).to_have_text("End the old secret")
    button.click()
    expect(button).to_have_text("New secret")
    expect(hook).not_to_contain_text("old secret")
    page.get_by_test_id("webhook-test").click()
    wait_for(lambda: len(receiver.bodies) == 2, SENT_S)
    assert [receiver.is_signed_with(secret, 1) for secret in (old, new)] == [False, True]


def test_a_webhook_is_disabled_enabled_and_removed(page: Page, receiver: Receiver) -> None:
    make_hook(page, receiver.url)
    page.get_by_role("button", name="Disable").click()
    expect(page.get_by_test_id("webhook")).to_contain_text("Disabled by admin")
    expect(page.get_by_test_id("webhook-test")).to_be_disabled()
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_test_id("webhook-test")).to_be_enabled()
    page.get_by_role("button", name=f"Remove {receiver.url}").click()
    expect(page.get_by_test_id("webhook")).to_have_count(0)
    expect(page.get_by_test_id("webhook-secret")).to_have_count(0)


def test_an_address_inside_a_network_is_refused_where_it_was_typed(page: Page) -> None:
    page.get_by_test_id("webhook-url").fill("http://10.0.0.1/hook")
    page.get_by_test_id("webhook-create").click()
    expect(page.get_by_text("The address is refused")).to_be_visible()
    expect(page.get_by_test_id("webhook")).to_have_count(0)
