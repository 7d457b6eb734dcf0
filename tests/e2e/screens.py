"""The screens of the product, each as a way to get there: for axe, and for the pictures in docs/screens.

`python -m tests.e2e.screens docs/screens` starts the product on generated images and takes the pictures.
"""

import logging
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.e2e.browser import LAUNCH_ARGS, require_browser
from tests.e2e.labelled_project import (
    ALL_THERE,
    LabelledProject,
    add_annotator,
    make_project,
    open_context,
    train,
)
from tests.e2e.product import running_product

logger = logging.getLogger(__name__)

SETTLE_MS = 1500
MAX_BYTES = 300_000


def _label(page: Page, project: LabelledProject) -> None:
    page.goto(project.address)
    page.wait_for_function(ALL_THERE, arg=len(project.truth))


def _selection(page: Page, project: LabelledProject) -> None:
    _label(page, project)
    page.keyboard.press("Control+u")
    page.get_by_test_id("selection-tile").first.wait_for()


def _groups(page: Page, project: LabelledProject) -> None:
    _label(page, project)
    page.get_by_test_id("explore-clusters").click()
    page.get_by_test_id("cluster-0").hover()


def _guard(page: Page, project: LabelledProject) -> None:
    _label(page, project)
    page.keyboard.press("Control+a")
    page.keyboard.press("1")
    page.get_by_test_id("pending-guard").wait_for()


def _filter(page: Page, project: LabelledProject) -> None:
    class_id = next(iter(project.class_ids.values()))
    page.goto(f"{project.address}?predicted={class_id}")
    page.get_by_test_id("filter-bar").wait_for()
    page.wait_for_function(ALL_THERE, arg=len(project.truth))
    page.keyboard.press("Control+f")
    page.get_by_test_id("filter-form").wait_for()


def _both(page: Page, project: LabelledProject) -> None:
    page.goto(f"{project.address}?map=both")
    page.get_by_test_id("map-crop").wait_for()


def _image(page: Page, project: LabelledProject) -> None:
    _selection(page, project)
    page.get_by_test_id("selection-tile").first.click(button="right")
    page.get_by_test_id("saliency").wait_for()


def _palette(page: Page, project: LabelledProject) -> None:
    _label(page, project)
    page.keyboard.press("Control+k")
    page.get_by_placeholder("What to do").wait_for()


def _help(page: Page, project: LabelledProject) -> None:
    _label(page, project)
    page.get_by_test_id("open-help").click()
    page.get_by_text("Keys and gestures").first.wait_for()


def _at(path: str) -> Callable[[Page, LabelledProject], None]:
    def go(page: Page, project: LabelledProject) -> None:
        page.goto(f"{project.address}/{path}" if path else project.product.address)
        page.get_by_test_id("user-menu").wait_for()

    return go


def _on_site(path: str) -> Callable[[Page, LabelledProject], None]:
    def go(page: Page, project: LabelledProject) -> None:
        page.goto(f"{project.product.address}/{path}")
        page.get_by_test_id("user-menu").wait_for()

    return go


def _totp(page: Page, project: LabelledProject) -> None:
    _on_site("account/second-factors")(page, project)
    page.get_by_test_id("totp-start").click()
    page.get_by_test_id("totp-secret").wait_for()


def _signed_out(path: str) -> Callable[[Page, LabelledProject], None]:
    """A page for strangers. The session's cookie is gone afterwards, so these come last."""

    def go(page: Page, project: LabelledProject) -> None:
        page.context.clear_cookies()
        page.goto(f"{project.product.address}/{path}")
        page.get_by_role("heading", name="Labeler").wait_for()

    return go


SCREENS: dict[str, Callable[[Page, LabelledProject], None]] = {
    "projects": _at(""),
    "label": _label,
    "selection": _selection,
    "groups": _groups,
    "guard": _guard,
    "filter": _filter,
    "both-maps": _both,
    "image": _image,
    "palette": _palette,
    "help": _help,
    "models": _at("models"),
    "activity": _at("activity"),
    "confirm": _at("confirm"),
    "next-to-label": _at("confirm/next"),
    "review": _at("review"),
    "crop-rates": _at("settings/crop-rates"),
    "settings": _at("settings"),
    "members": _at("settings/members"),
    "webhooks": _at("settings/webhooks"),
    "audit-log": _at("settings/audit-log"),
    "account-password": _on_site("account"),
    "account-email": _on_site("account/email"),
    "account-second-factors": _totp,
    "account-sessions": _on_site("account/sessions"),
    "account-tokens": _on_site("account/tokens"),
    "people": _on_site("people"),
    "people-audit-log": _on_site("people/audit-log"),
    "sign-in": _signed_out(""),
    "forgotten": _signed_out("reset-password"),
}


def prepare(project: LabelledProject) -> None:
    """Another annotator who mostly agrees, so that every screen has something to show."""
    milo = add_annotator(project, "milo")
    for at, name in enumerate(project.class_ids):
        project.label(milo, name, project.indexes_of(name)[4 : 12 + at])
    first, second = list(project.class_ids)[:2]
    project.label(milo, second, project.indexes_of(first)[:2])


def take_pictures(project: LabelledProject, folder: Path) -> None:
    """One WebP a screen and theme."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(require_browser()), args=LAUNCH_ARGS)
        for scheme in ("dark", "light"):
            context = open_context(browser, project.product, scheme=scheme)
            for name, go in SCREENS.items():
                page = context.new_page()
                go(page, project)
                page.mouse.move(640, 746)  # on nothing that explains itself under the hand
                page.wait_for_timeout(SETTLE_MS)
                _save(page.screenshot(), folder / f"{name}-{scheme}.webp")
                page.close()
            context.close()
        browser.close()


def _save(png: bytes, path: Path) -> None:
    with tempfile.NamedTemporaryFile(suffix=".png") as file:
        file.write(png)
        file.flush()
        with Image.open(file.name) as image:
            image.convert("RGB").save(path, quality=84, method=6)
    if path.stat().st_size > MAX_BYTES:
        raise ValueError(f"{path.name} has {path.stat().st_size} bytes; at most {MAX_BYTES} are allowed")
    logger.info("%s: %d bytes", path.name, path.stat().st_size)


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    with tempfile.TemporaryDirectory() as scratch, running_product(Path(scratch) / "data") as product:
        made = make_project(
            product, Path(scratch), name="Shapes", num_images=300, num_classes=6, threshold=16
        )
        train(made, labels_per_class=16)
        prepare(made)
        take_pictures(made, Path(sys.argv[1]))
