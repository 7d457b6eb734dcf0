"""`manage.py demo`: the product on a data folder of its own, with a labelled project of generated pictures.

Starts everything as `manage.py up` does and fills the project in a process beside it (`manage.py demo --only-fill`),
so that the page can be watched meanwhile. Ctrl-C stops it all; the next start finds the project as it was.
"""

import os
import secrets
import subprocess
import sys
import webbrowser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.core.management.base import CommandError, CommandParser

from labeler.errors import LabelerError
from labeler.jobs.management.commands import up
from labeler.lib.env import BASE_DIR
from labeler.lib.processes import end_with_parent
from worker.demo import LABELS_PER_CLASS, NUM_CLASSES, NUM_IMAGES, DemoSize, fill_demo

PASSWORD_FILE = "demo-password"  # noqa: S105
STOP_TIMEOUT_S = 5.0


class Command(up.Command):
    """`up`, and a child that fills the project."""

    help = "Start everything with a labelled demo project of generated pictures, and say where it is."

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._filling: subprocess.Popen[bytes] | None = None
        self._options: dict[str, Any] = {}

    def add_arguments(self, parser: CommandParser) -> None:
        """Those of `up`, and the size of the set."""
        super().add_arguments(parser)
        parser.add_argument("--images", type=int, default=NUM_IMAGES, help="pictures to draw the first time")
        parser.add_argument("--classes", type=int, default=NUM_CLASSES)
        parser.add_argument("--labels-per-class", type=int, default=LABELS_PER_CLASS)
        parser.add_argument("--no-browser", action="store_true", help="print the address, open nothing")
        parser.add_argument(
            "--only-fill", metavar="ADDRESS", help="fill the project of a product that runs at this address"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Start, fill, wait for Ctrl-C."""
        check_size(DemoSize(options["images"], options["classes"], options["labels_per_class"]))
        if options["only_fill"]:
            self._fill(options)
            return
        self._options = options
        if not os.environ.get("ADMIN_PASSWORD"):
            os.environ["ADMIN_PASSWORD"] = kept_password(settings.DATA_DIR)
            self._say(f"ADMIN_PASSWORD is not set; the demo's own is {os.environ['ADMIN_PASSWORD']}")
        try:
            super().handle(*args, **options)
        finally:
            self._stop_filling()

    def when_ready(self, address: str, env: dict[str, str]) -> None:
        """Fill the project in a child that ends with this process."""
        size = [f"--{name.replace('_', '-')}={self._options[name]}" for name in ("images", "classes")]
        size.append(f"--labels-per-class={self._options['labels_per_class']}")
        browser = ["--no-browser"] if self._options["no_browser"] else []
        self._filling = subprocess.Popen(
            [sys.executable, str(BASE_DIR / "manage.py"), "demo", "--only-fill", address, *size, *browser],
            env={**os.environ, **env},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509  # no threads yet
        )

    def _stop_filling(self) -> None:
        if self._filling is None or self._filling.poll() is not None:
            return
        self._filling.terminate()
        try:
            self._filling.wait(timeout=STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._filling.kill()
            self._filling.wait()

    def _fill(self, options: dict[str, Any]) -> None:
        size = DemoSize(options["images"], options["classes"], options["labels_per_class"])
        user = User.objects.filter(is_staff=True, is_active=True).order_by("id").first()
        if user is None:
            raise CommandError("There is no administrator; start `manage.py demo`, which makes one")
        try:
            project = fill_demo(settings.DATA_DIR / "demo-pictures", user=user, size=size, say=self._say)
        except LabelerError as error:
            raise CommandError(
                f"{error.message}. The product stays up; start the demo again to go on."
            ) from error
        address = f"{options['only_fill']}/projects/{project.id}"
        self._say(f"The demo is ready at {address}")
        self._say(f"Sign in as {user.username!r} with the password: {os.environ.get('ADMIN_PASSWORD', '')}")
        if not options["no_browser"] and _has_screen():
            webbrowser.open(address)


def kept_password(folder: Path) -> str:
    """The demo's own password, random, made once and kept in `folder` with owner-only rights."""
    path = folder / PASSWORD_FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(9))
    return path.read_text().strip()


def check_size(size: DemoSize) -> None:
    """One clear line for a set that cannot be made."""
    needed = size.num_classes * max(2, size.labels_per_class)
    if not (size.num_classes >= 2 and size.labels_per_class >= 2 and size.num_images >= needed):
        raise CommandError(
            f"--classes and --labels-per-class are at least 2, --images at least their product; got "
            f"{size.num_classes}, {size.labels_per_class}, {size.num_images}"
        )


def _has_screen() -> bool:
    """A terminal to have started it from, and a desktop to open a page on."""
    has_desktop = sys.platform in {"darwin", "win32"} or not {"DISPLAY", "WAYLAND_DISPLAY"}.isdisjoint(
        os.environ
    )
    return has_desktop and sys.stdout.isatty()
