"""How fast label events reach many browsers: `python -m bench.websocket --clients 200 --json FILE`.

Starts Redis and one web server in a folder of its own, opens so many sockets on one project (as `--people`), and lets
another client label small sets of images, one action after the other at a steady rate. Delivery is the time from
sending a label action to its event at a socket: the request, its transaction and the fan-out. `after_answer` counts
from the answer instead, so that it is the fan-out alone; below zero where the event was faster than the answer. All
clients share one process, so that their own reading of a fan-out counts, too. `presence_...` is what all clients were
told of who is here.
"""

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from labeler.lib.embedded_redis import embedded_redis, free_port

NUM_IMAGES = 200
IMAGES_PER_LABEL = 20
CONNECTS_AT_ONCE = 20
START_S = 300.0
DRAIN_S = 60.0
SETTLE_S = 3.0


@dataclass(frozen=True)
class Site:
    """A running web server with one project; `cookies` are sessions of its members."""

    address: str
    process_id: int
    project_id: int
    class_ids: list[int]
    cookies: list[str]


@dataclass
class _Presence:
    """What all clients together were told of who is here."""

    num_lists: int = 0
    num_bytes: int = 0
    last_length: int = 0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--people", type=int, default=20, help="different ones, who share the clients")
    parser.add_argument("--labels", type=int, default=100)
    parser.add_argument("--labels-per-s", type=float, default=2.0)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as folder,
        _running_site(Path(folder), num_people=options.people) as site,
    ):
        load_before, cpu_before = os.getloadavg()[0], _cpu_seconds(site.process_id)
        result = asyncio.run(_run(site, options))
        result["server_cpu_s"] = round(_cpu_seconds(site.process_id) - cpu_before, 2)
        result["load_average"] = [round(load_before, 1), round(os.getloadavg()[0], 1)]
    text = json.dumps(result, indent=2)
    print(text)
    if options.json:
        options.json.write_text(text + "\n", encoding="utf-8")


@contextmanager
def _running_site(folder: Path, *, num_people: int) -> Iterator[Site]:
    """Redis and the web server, both ended with the block."""
    server = embedded_redis(data_dir=folder)
    os.environ.update(
        DATA_DIR=str(folder), REDIS_URL=server.url, DATABASE_URL="", DJANGO_SETTINGS_MODULE="labeler.settings"
    )
    redis = subprocess.Popen(server.command, stdout=subprocess.DEVNULL)
    port = free_port()
    made = _make_project(num_people)
    web = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "labeler.asgi:application", "--port", str(port), "--no-access-log"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/api/v1/session")
        yield Site(address, web.pid, *made)
    finally:
        for process in (web, redis):
            process.terminate()
            process.wait()


def _make_project(num_people: int) -> tuple[int, list[int], list[str]]:
    """A project with images, two classes and people; written to the database, as no worker runs."""
    import django  # noqa: PLC0415  # the settings come from the environment set above

    django.setup()
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from bench.memory import make_image  # noqa: PLC0415
    from labeler.accounts.models import Membership  # noqa: PLC0415
    from labeler.accounts.permissions import Role  # noqa: PLC0415
    from labeler.annotations.classes import create_class  # noqa: PLC0415
    from labeler.datasets.models import Image, Project  # noqa: PLC0415
    from labeler.datasets.services import create_project  # noqa: PLC0415

    call_command("migrate", interactive=False, verbosity=0)
    people = [User.objects.create_user(f"person-{number}") for number in range(num_people)]
    project = create_project(user=people[0], name="Sockets", backbone="bundled")
    Image.objects.bulk_create(make_image(project, index) for index in range(NUM_IMAGES))
    Project.objects.filter(id=project.id).update(num_images=NUM_IMAGES, trains_by_itself=False)
    class_ids = [create_class(project_id=project.id, name=name).id for name in ("round", "square")]
    cookies = []
    for user in people:
        Membership.objects.get_or_create(project=project, user=user, defaults={"role": Role.ANNOTATOR})
        client = Client()
        client.force_login(user)
        cookies.append(client.cookies["labeler_session"].value)
    return project.id, class_ids, cookies


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5):  # our own http address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise TimeoutError(f"{url} did not answer within {START_S} s")


def _cpu_seconds(process_id: int) -> float:
    """User and system time of a process so far (Linux)."""
    fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def _run(site: Site, options: argparse.Namespace) -> dict[str, Any]:
    url = f"{site.address.replace('http', 'ws', 1)}/ws/projects/{site.project_id}/"
    gate = asyncio.Semaphore(CONNECTS_AT_ONCE)

    async def dial(number: int) -> ClientConnection:
        cookie = f"labeler_session={site.cookies[number % len(site.cookies)]}"
        async with gate:
            return await connect(
                url,
                additional_headers={"Cookie": cookie},
                origin=Origin(site.address),
                open_timeout=120,
            )

    start = time.perf_counter()
    sockets = await asyncio.gather(*(dial(number) for number in range(options.clients)))
    connected_s = time.perf_counter() - start
    arrivals: dict[int, list[float]] = {}
    presence = _Presence()
    readers = [asyncio.create_task(_read(socket, arrivals, presence)) for socket in sockets]
    await asyncio.sleep(SETTLE_S)  # all of the crowd's lists are in; what comes later is of labels
    sent, answered = await _label(site, options)
    deadline = time.perf_counter() + DRAIN_S
    while time.perf_counter() < deadline and any(len(arrivals.get(at, [])) < len(sockets) for at in sent):
        await asyncio.sleep(0.2)
    for task in readers:
        task.cancel()
    await asyncio.gather(*(socket.close() for socket in sockets), return_exceptions=True)
    return {
        "clients": options.clients,
        "labels": len(sent),
        "labels_per_s": options.labels_per_s,
        "images_per_label": IMAGES_PER_LABEL,
        "people": options.people,
        "connect_all_s": round(connected_s, 2),
        "presence_lists": presence.num_lists,
        "presence_bytes": presence.num_bytes,
        "people_in_last_list": presence.last_length,
        "delivered": sum(len(arrivals.get(at, [])) for at in sent),
        "expected": len(sent) * options.clients,
        "request_ms": _percentiles([answered[at] - sent[at] for at in sent]),
        "delivery_ms": _percentiles([when - sent[at] for at in sent for when in arrivals.get(at, [])]),
        "after_answer_ms": _percentiles(
            [when - answered[at] for at in sent for when in arrivals.get(at, [])]
        ),
    }


async def _read(socket: ClientConnection, arrivals: dict[int, list[float]], presence: "_Presence") -> None:
    """Note when each label event came, and what was told of presence."""
    async for message in socket:
        event = json.loads(message)
        if event["type"] == "presence":
            presence.num_lists += 1
            presence.num_bytes += len(message)
            presence.last_length = len(event["users"])
        elif event["type"] == "labels.changed":
            arrivals.setdefault(event["sequence"], []).append(time.perf_counter())


async def _label(site: Site, options: argparse.Namespace) -> tuple[dict[int, float], dict[int, float]]:
    """Send label actions at the wanted rate; when each was sent and answered, by sequence."""
    csrf = "c" * 32
    cookies = {"labeler_session": site.cookies[0], "labeler_csrf": csrf}
    sent: dict[int, float] = {}
    answered: dict[int, float] = {}
    async with httpx.AsyncClient(
        base_url=f"{site.address}/api/v1", headers={"X-CSRFToken": csrf}, cookies=cookies, timeout=60
    ) as http:
        for number in range(options.labels):
            begin = time.perf_counter()
            first = number * IMAGES_PER_LABEL % (NUM_IMAGES - IMAGES_PER_LABEL)
            body = {
                "client_action_id": str(uuid.uuid4()),
                "kind": "assign",
                "class_id": site.class_ids[number % 2],
                "image_indexes": list(range(first, first + IMAGES_PER_LABEL)),
            }
            answer = await http.post(f"/projects/{site.project_id}/label-actions", json=body)
            sequence = int(answer.raise_for_status().json()["sequence"])
            sent[sequence], answered[sequence] = begin, time.perf_counter()
            await asyncio.sleep(max(0.0, 1 / options.labels_per_s - (time.perf_counter() - begin)))
    return sent, answered


def _percentiles(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    p50, p95, p100 = np.percentile(np.array(seconds) * 1000, [50, 95, 100])
    return {"p50": round(float(p50), 1), "p95": round(float(p95), 1), "max": round(float(p100), 1)}


if __name__ == "__main__":
    main()
