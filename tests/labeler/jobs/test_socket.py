"""The project websocket: who may open it, what closes it, what it says and when."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, TypeVar

import pytest
import redis
from asgiref.sync import sync_to_async
from channels.layers import channel_layers
from django.contrib.auth.models import User
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from labeler.accounts.permissions import Role
from labeler.accounts.services import remove_member
from labeler.annotations import services as annotations
from labeler.asgi import application
from labeler.datasets.models import Project
from labeler.jobs import consumers, services
from labeler.jobs.events import publish
from labeler.jobs.models import JobKind
from labeler.jobs.schemas import ClassesChanged, ImagesAdded
from tests import settings as test_settings
from tests.factories import assign, make_class, make_member, make_project, make_user
from tests.websockets import Socket

pytestmark = pytest.mark.django_db(transaction=True)
T = TypeVar("T")


@pytest.fixture(autouse=True)
def gather_briefly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Presence is told soon, so that silence can be told from it."""
    monkeypatch.setattr(consumers, "GATHER_S", 0.02)


async def in_database(step: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    return await sync_to_async(step)(*args, **kwargs)


def session_cookie(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies["labeler_session"].value


async def dial(project_id: int, user: User | None = None, *, origin: str = "http://testserver") -> Socket:
    headers = [(b"origin", origin.encode()), (b"host", b"testserver")]
    if user is not None:
        cookie = await in_database(session_cookie, user)
        headers.append((b"cookie", f"labeler_session={cookie}".encode()))
    return Socket(application, f"/ws/projects/{project_id}/", headers=headers)


@asynccontextmanager
async def open_socket(project_id: int, user: User) -> AsyncIterator[Socket]:
    """A connected socket after its first presence."""
    socket = await dial(project_id, user)
    assert await socket.open()
    assert (await socket.event())["type"] == "presence"
    try:
        yield socket
    finally:
        await socket.leave()


async def test_a_member_gets_events() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera", role=Role.VIEWER)
    async with open_socket(project.id, vera) as socket:
        await in_database(publish, project.id, ImagesAdded(num_images=7))
        assert await socket.event() == {"type": "images.added", "num_images": 7}


async def test_nobody_signed_in_is_closed_with_4401() -> None:
    project = await in_database(make_project)
    socket = await dial(project.id)
    assert await socket.open()
    assert await socket.close_code() == 4401


async def test_a_stranger_is_closed_with_4403() -> None:
    project = await in_database(make_project)
    bob = await in_database(make_user, "bob")
    for project_id in (project.id, project.id + 1):
        socket = await dial(project_id, bob)
        assert await socket.open()
        assert await socket.close_code() == 4403


async def test_a_foreign_page_is_refused_although_the_cookie_comes_along() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    socket = await dial(project.id, vera, origin="https://evil.example")
    assert await socket.open() is False


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ("hello", 4400),
        ('{"type":"subscribe"}', 4400),
        ("[" * 4000, 4400),
        ("x" * 4097, 4413),
        (b"\x00\x01", 4400),
    ],
)
async def test_a_message_that_is_no_ping_closes_the_socket(message: str | bytes, code: int) -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        await socket.send(message)
        assert await socket.close_code() == code


async def test_a_ping_is_answered_with_who_is_here() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        await socket.send('{"type":"ping"}')
        assert await socket.event() == {"type": "pong"}
        assert await socket.event() == {"type": "presence", "users": ["vera"]}


async def test_presence_follows_who_comes_and_goes() -> None:
    project = await in_database(make_project)
    ann = await in_database(make_member, project, "ann")
    bob = await in_database(make_member, project, "bob")
    async with open_socket(project.id, ann) as first:
        async with open_socket(project.id, bob):
            assert (await first.event())["users"] == ["ann", "bob"]
        assert (await first.event())["users"] == ["ann"]


async def test_another_tab_of_somebody_who_is_here_concerns_nobody_else() -> None:
    project = await in_database(make_project)
    vera, ann = (
        await in_database(make_member, project, "vera"),
        await in_database(make_member, project, "ann"),
    )
    async with open_socket(project.id, vera) as first:
        async with open_socket(project.id, ann):
            assert (await first.event())["users"] == ["ann", "vera"]
            async with open_socket(project.id, ann):
                assert await first.is_silent(seconds=0.3)
            assert await first.is_silent(seconds=0.3)
        assert (await first.event())["users"] == ["vera"]


async def test_a_crowd_that_joins_together_is_told_in_few_lists(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten people who come within a gathering make one list for each, not ten."""
    monkeypatch.setattr(consumers, "GATHER_S", 5.0)
    project = await in_database(make_project)
    names = [f"person {number}" for number in range(10)]
    people = [await in_database(make_member, project, name) for name in names]
    async with AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(open_socket(project.id, user)) for user in people]
        lists = [(await sockets[0].event())["users"]]
        while lists[-1] != names:
            lists.append((await sockets[0].event())["users"])
        assert len(lists) <= 3, lists
        monkeypatch.setattr(consumers, "GATHER_S", 0.05)


async def test_who_knows_the_list_is_not_told_again() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        assert await socket.is_silent(seconds=10 * consumers.GATHER_S)


async def test_one_of_all_gathers_and_whoever_comes_later_gathers_anew() -> None:
    project = await in_database(make_project)
    await in_database(consumers._update_presence, project.id, "one", "ann")
    assert await in_database(consumers._is_first_to_gather, project.id)
    await in_database(consumers._update_presence, project.id, "two", "bob")
    assert not await in_database(consumers._is_first_to_gather, project.id)
    assert await in_database(consumers._end_gathering, project.id) == ["ann", "bob"]
    await in_database(consumers._update_presence, project.id, "one", None)
    assert await in_database(consumers._is_first_to_gather, project.id)
    assert await in_database(consumers._end_gathering, project.id) == ["bob"]


async def test_who_fell_silent_is_not_here(monkeypatch: pytest.MonkeyPatch) -> None:
    project = await in_database(make_project)
    await in_database(consumers._update_presence, project.id, "a lost connection", "ghost")
    vera = await in_database(make_member, project, "vera")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + consumers.PRESENCE_TTL_S + 1)
    socket = await dial(project.id, vera)
    assert await socket.open()
    assert (await socket.event())["users"] == ["vera"]
    await socket.leave()


async def test_projects_do_not_hear_each_other() -> None:
    project, other = await in_database(make_project), await in_database(make_project, name="Terns")
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        await in_database(publish, other.id, ClassesChanged())
        assert await socket.is_silent(seconds=0.2)


async def test_an_event_arrives_after_the_commit_and_not_after_a_rollback() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        committed = asyncio.Event()
        loop = asyncio.get_running_loop()

        def publish_in_transaction(*, rollback: bool) -> None:
            with transaction.atomic():
                publish(project.id, ImagesAdded(num_images=1))
                time.sleep(0.2)  # an event sent at once would be there by now
                transaction.set_rollback(rollback)
                if not rollback:
                    loop.call_soon_threadsafe(committed.set)

        await in_database(publish_in_transaction, rollback=True)
        assert await socket.is_silent(seconds=0.2)
        step = asyncio.create_task(in_database(publish_in_transaction, rollback=False))
        assert (await socket.event())["type"] == "images.added"
        assert committed.is_set()
        await step


async def test_a_label_tells_everybody_what_changed() -> None:
    project: Project = await in_database(make_project, num_images=3)
    ann = await in_database(make_member, project, "ann")
    gull = await in_database(make_class, project)
    action_id = uuid.uuid4()
    async with open_socket(project.id, ann) as socket:
        await in_database(assign, project, ann, gull, [0, 2], client_action_id=action_id)
        assert await socket.event() == {
            "type": "labels.changed",
            "sequence": 1,
            "annotator": "ann",
            "kind": "assign",
            "client_action_id": str(action_id),
            "changes": [{"class_id": gull.id, "image_indexes": [0, 2]}],
        }


async def test_a_label_of_very_many_images_says_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annotations, "MAX_INDEXES_IN_EVENT", 2)
    project: Project = await in_database(make_project, num_images=3)
    ann = await in_database(make_member, project, "ann")
    gull = await in_database(make_class, project)
    async with open_socket(project.id, ann) as socket:
        await in_database(assign, project, ann, gull, [0, 1, 2])
        assert (await socket.event())["changes"] is None


async def test_a_job_is_followed_from_queue_to_end() -> None:
    project = await in_database(make_project)
    ann = await in_database(make_member, project, "ann")

    def run() -> None:
        queued = services.request_job(project_id=project.id, kind=JobKind.TRAINING, user=None)
        job = services.start_job(job_id=queued.id)
        assert job is not None
        services.report_progress(job_id=job.id, attempt=1, stage="head", done=1, total=2)
        services.succeed_job(job_id=job.id, attempt=1, summary="Model 1")

    async with open_socket(project.id, ann) as socket:
        await in_database(run)
        events = [await socket.event() for _ in range(4)]
        assert [(found["type"], found["job"]["state"], found["job"]["done"]) for found in events] == [
            ("job.progress", "queued", 0),
            ("job.progress", "running", 0),
            ("job.progress", "running", 1),
            ("job.finished", "succeeded", 1),
        ]


async def test_a_removed_member_stops_receiving(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(consumers, "RECHECK_S", 0.0)
    project = await in_database(make_project)
    await in_database(make_member, project, "ada", role=Role.ADMIN)
    vera = await in_database(make_member, project, "vera", role=Role.VIEWER)
    async with open_socket(project.id, vera) as socket:
        await in_database(remove_member, actor=vera, project_id=project.id, username="vera")
        await in_database(publish, project.id, ClassesChanged())
        assert await socket.close_code() == 4403


async def test_the_role_is_not_asked_for_with_every_event(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0

    def count(user_id: int, project_id: int) -> Role:
        nonlocal asked
        asked += 1
        return Role.VIEWER

    monkeypatch.setattr(consumers, "_get_present_role", count)
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        for _ in range(5):
            await in_database(publish, project.id, ClassesChanged())
            await socket.event()
    assert asked == 1


def test_a_dead_channel_layer_loses_the_event_and_nothing_else(settings: Settings) -> None:
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": ["redis://127.0.0.1:1"]},
        }
    }
    channel_layers.backends.clear()
    project = make_project(num_images=1)
    ann = make_member(project)
    try:
        assign(project, ann, make_class(project), [0])
    finally:
        channel_layers.backends.clear()
    project.refresh_from_db()
    assert project.num_labelled == 1


async def test_events_travel_through_a_real_redis(settings: Settings) -> None:
    try:
        redis.Redis.from_url(test_settings.REAL_REDIS_URL, socket_connect_timeout=2).ping()
    except redis.RedisError as error:
        pytest.skip(f"no Redis at TEST_REDIS_URL: {error}")
    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [test_settings.REAL_REDIS_URL], "prefix": f"test-{uuid.uuid4().hex}"},
        }
    }
    channel_layers.backends.clear()
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    try:
        async with open_socket(project.id, vera) as socket:
            await in_database(publish, project.id, ImagesAdded(num_images=7))
            assert await socket.event() == {"type": "images.added", "num_images": 7}
    finally:
        channel_layers.backends.clear()


async def test_who_was_away_catches_up_by_sequence() -> None:
    """What the socket told before, what the log tells of the time between, what it tells after: each action once."""
    project = await in_database(make_project, num_images=6)
    vera = await in_database(make_member, project, "vera")
    gull = await in_database(make_class, project, "gull")
    async with open_socket(project.id, vera) as socket:
        await in_database(assign, project, vera, gull, [0])
        seen = [(await socket.event())["sequence"]]
    for index in (1, 2):
        await in_database(assign, project, vera, gull, [index])
    async with open_socket(project.id, vera) as socket:
        missed = await in_database(actions_after, project, vera, seen[-1])
        await in_database(assign, project, vera, gull, [3])
        event = await socket.event()
    assert seen == [1]
    assert [(action["sequence"], action["changes"]) for action in missed] == [
        (2, [{"class_id": gull.id, "image_indexes": [1]}]),
        (3, [{"class_id": gull.id, "image_indexes": [2]}]),
    ]
    assert event["sequence"] == 4


def actions_after(project: Project, user: User, sequence: int) -> list[dict[str, Any]]:
    client = Client()
    client.force_login(user)
    page = client.get(f"/api/v1/projects/{project.id}/label-actions", {"after": sequence}).json()
    assert page["next"] is None
    items: list[dict[str, Any]] = page["items"]
    return items


@pytest.mark.parametrize(
    "origin", ["null", "https://testserver.evil.example", "http://testserver@evil.example"]
)
async def test_an_origin_that_only_looks_like_ours_is_refused(origin: str) -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    socket = await dial(project.id, vera, origin=origin)
    assert await socket.open() is False


async def test_a_message_of_the_largest_size_is_read_and_refused_for_what_it_says() -> None:
    project = await in_database(make_project)
    vera = await in_database(make_member, project, "vera")
    async with open_socket(project.id, vera) as socket:
        await socket.send("x" * consumers.MAX_MESSAGE_CHARS)
        assert await socket.close_code() == 4400
