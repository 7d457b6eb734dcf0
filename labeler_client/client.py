"""The client: a site, its projects, imports and jobs. One connection pool; every failure is a `LabelerProblem`."""

import json
import time
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, cast

import httpx

from labeler_client.errors import JobFailed, LabelerProblem

if TYPE_CHECKING:
    import pandas as pd

Row = dict[str, Any]
ExportFormat = Literal[
    "csv", "jsonl", "parquet", "imagefolder", "huggingface", "coco", "voc", "yolo_classify", "yolo_detect",
    "label_studio", "label_studio_config", "fiftyone",
]  # fmt: skip

Outcome = Literal["added", "duplicate", "rejected", "gone"]

API = "/api/v1"
POLL_S = 0.5
FILES_PER_REQUEST = 100
BYTES_PER_REQUEST = 32 * 2**20
CHUNK_BYTES = 16 * 2**20
ACTIVE = ("queued", "running")


class Labeler:
    """A site. Use it as a context manager, or call `close`."""

    def __init__(self, url: str, *, token: str, timeout_s: float = 60.0, client: Any = None) -> None:
        """`client` replaces the `httpx.Client`, for tests and special transports."""
        self._http = client or httpx.Client(base_url=url, timeout=timeout_s)
        self._headers = {"Authorization": f"Bearer {token}"}

    def __enter__(self) -> "Labeler":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def projects(self) -> list["Project"]:
        """The projects that the token's owner is in, newest first."""
        return [Project(self, row["id"]) for row in self.pages("/projects")]

    def project(self, project_id: int) -> "Project":
        """One project by its id."""
        self.request("GET", f"/projects/{project_id}")
        return Project(self, project_id)

    def create_project(self, name: str, **settings: Any) -> "Project":
        """Make a project; settings as in the API, such as `backbone` or `labels_per_class_to_train`."""
        return Project(self, self.request("POST", "/projects", json={"name": name, **settings})["id"])

    def request(self, method: str, path: str, **options: Any) -> Any:
        """Any route of the API below `/api/v1`; the decoded JSON, or None for an empty answer.

        Raises:
            LabelerProblem: the server refused.
        """
        response = self._http.request(method, API + path, headers=self._headers, **options)
        _raise_problem(response)
        return response.json() if response.content else None

    def pages(self, path: str, **params: Any) -> Iterator[Row]:
        """Every item of a list of the API, page by page."""
        page = self.request("GET", path, params=params)
        yield from page["items"]
        while page["next"] is not None:
            page = self.request("GET", path, params={**params, "after": page["next"]})
            yield from page["items"]

    def stream(self, path: str, **options: Any) -> Iterator[bytes]:
        """The bytes of a GET, piece by piece."""
        with self._http.stream("GET", API + path, headers=self._headers, **options) as response:
            if response.status_code >= 400:
                response.read()
            _raise_problem(response)
            yield from response.iter_bytes()


class Project:
    """One project of a site."""

    def __init__(self, labeler: Labeler, project_id: int) -> None:
        self._labeler = labeler
        self.id = project_id

    @property
    def info(self) -> Row:
        """Settings, counts and the latest model, as the API gives them."""
        return cast(Row, self._request("GET", ""))

    def images(self, *, page_size: int = 1000) -> Iterator[Row]:
        """Every image in order of index, page by page."""
        return self._labeler.pages(f"/projects/{self.id}/images", limit=page_size)

    def classes(self) -> dict[str, int]:
        """Class ids by name."""
        return {row["name"]: row["id"] for row in self._request("GET", "/classes")}

    def create_class(self, name: str) -> int:
        """Make a class, or find the one of that name; return its id."""
        known = self.classes()
        return (
            known[name]
            if name in known
            else int(self._request("POST", "/classes", json={"name": name})["id"])
        )

    def label(
        self, image_indexes: Iterable[int], class_name: str | None, *, action_id: uuid.UUID | None = None
    ) -> Row:
        """Give images a class, made if there is none, or clear them (None). The same `action_id` counts once."""
        body: Row = {
            "client_action_id": str(action_id or uuid.uuid4()),
            "kind": "clear" if class_name is None else "assign",
            "image_indexes": list(image_indexes),
            "class_id": None if class_name is None else self.create_class(class_name),
        }
        return cast(Row, self._request("POST", "/label-actions", json=body))

    def label_by(self, rule: Callable[[Row], str | None]) -> dict[str, int]:
        """Ask a rule for the class of every image, and label those it names; return how many of each class."""
        members: dict[str, list[int]] = {}
        for image in self.images():
            name = rule(image)
            if name is not None:
                members.setdefault(name, []).append(image["index"])
        for name, indexes in members.items():
            self.label(indexes, name)
        return {name: len(indexes) for name, indexes in members.items()}

    def remove_images(self, image_indexes: Iterable[int], *, action_id: uuid.UUID | None = None) -> Row:
        """Take images out of the project; nothing is deleted. The same `action_id` counts once."""
        body = {"client_action_id": str(action_id or uuid.uuid4()), "image_indexes": list(image_indexes)}
        return cast(Row, self._request("POST", "/removals", json=body))

    def restore_images(self, image_indexes: Iterable[int] | None = None) -> list[int]:
        """Bring removed images back with their labels, all of them without indexes; return which came back."""
        body = {"all": True} if image_indexes is None else {"image_indexes": list(image_indexes)}
        return cast(list[int], self._request("POST", "/restore-images", json=body)["image_indexes"])

    def removals(self) -> Iterator[Row]:
        """Removals of which images are still out, newest first."""
        return self._labeler.pages(f"/projects/{self.id}/removals")

    def webhooks(self) -> Iterator[Row]:
        """Programs that are told what happens in the project; without their secrets."""
        return self._labeler.pages(f"/projects/{self.id}/webhooks")

    def rotate_webhook_secret(self, webhook_id: int) -> str:
        """Give a webhook a new secret; for 24 hours messages are signed with the old one, too."""
        return str(self._request("POST", f"/webhooks/{webhook_id}/secret")["secret"])

    def end_old_webhook_secret(self, webhook_id: int) -> None:
        """Sign with the new secret alone from now on."""
        self._request("DELETE", f"/webhooks/{webhook_id}/old-secret")

    def import_folder(
        self, folder: str | Path, *, name: str = "", classes_from_folders: bool = False
    ) -> "ImportRun":
        """Send every file below a folder of this machine, and start the import."""
        root = Path(folder)
        paths = sorted(path for path in root.rglob("*") if path.is_file())
        return self.import_files(
            [(path, path.relative_to(root).as_posix()) for path in paths],
            name=name or root.resolve().name,
            classes_from_folders=classes_from_folders,
        )

    def import_files(
        self, files: Sequence[tuple[Path, str]], *, name: str = "Upload", classes_from_folders: bool = False
    ) -> "ImportRun":
        """Send files under the given relative paths, and start the import. Large files go in pieces."""
        return self._import_of(files, {"name": name, "classes_from_folders": classes_from_folders})

    def import_labels(self, file: str | Path, *, format: str = "auto", dry_run: bool = False) -> Row:
        """Label images as a CSV, JSON Lines, COCO, Label Studio or FiftyOne file says."""
        source = Path(file)
        return cast(
            Row,
            self._request(
                "POST",
                "/label-imports",
                params={"format": format, "dry_run": dry_run},
                files={"file": (source.name, source.read_bytes())},
            ),
        )

    def import_addresses(self, manifest: str | Path, *, name: str = "") -> "ImportRun":
        """Let the server fetch the addresses that a CSV or JSON Lines file lists, with their labels if it has any."""
        source = Path(manifest)
        return self._import_of([(source, source.name)], {"name": name or source.name, "is_manifest": True})

    def import_server_folder(self, folder: str, *, classes_from_folders: bool = False) -> "ImportRun":
        """Import a folder of the server, inside what its operator allows."""
        body = {"name": folder, "folder": folder, "classes_from_folders": classes_from_folders}
        return self._import_of([], body)

    def import_bucket(
        self, bucket: str, *, prefix: str = "", classes_from_folders: bool = False
    ) -> "ImportRun":
        """Import the objects of a bucket below a prefix, one of those that the operator allows."""
        name = f"{bucket}/{prefix}"
        body = {
            "name": name,
            "bucket": bucket,
            "prefix": prefix,
            "classes_from_folders": classes_from_folders,
        }
        return self._import_of([], body)

    def train(self) -> "Job":
        """Train a model now."""
        return Job(self, self._request("POST", "/training")["id"])

    def prediction(self, image_index: int, *, retention: float = 0.95) -> Row:
        """What the latest model says of one image, with its crop box."""
        return cast(
            Row, self._request("GET", f"/images/{image_index}/prediction", params={"retention": retention})
        )

    def rows(self, **options: Any) -> Iterator[Row]:
        """Every image with labels, prediction and weak box, streamed; options as of an export."""
        rest = b""
        for piece in self._labeler.stream(
            f"/projects/{self.id}/export", params={"format": "jsonl", **options}
        ):
            *lines, rest = (rest + piece).split(b"\n")
            yield from map(json.loads, lines)

    def to_dataframe(self, **options: Any) -> "pd.DataFrame":
        """`rows` as a pandas DataFrame with the image index as its index."""
        import pandas  # noqa: PLC0415  # only who wants a frame needs it

        frame = pandas.DataFrame(list(self.rows(**options)))
        return frame.set_index("index") if "index" in frame.columns else frame

    def export(self, file: str | Path, *, format: ExportFormat = "csv", **options: Any) -> Path:
        """Write an export to a file; made in the background first where the server does not stream it."""
        target = Path(file)
        path, params = f"/projects/{self.id}/export", {"format": format, **options}
        try:
            _write(target, self._labeler.stream(path, params=params))
        except LabelerProblem as problem:
            if problem.code != "export_in_background":
                raise
            made = self._request("POST", "/exports", json=params)
            Job(self, made["job"]["id"]).wait()
            _write(target, self._labeler.stream(f"/projects/{self.id}/exports/{made['id']}/file"))
        return target

    def _import_of(self, files: Sequence[tuple[Path, str]], body: Row) -> "ImportRun":
        import_id = int(self._request("POST", "/imports", json=body)["id"])
        for batch in _batches(files):
            if len(batch) == 1 and batch[0][0].stat().st_size > CHUNK_BYTES:
                self._send_pieces(import_id, *batch[0])
            else:
                parts = [("files", (Path(path).name, source.read_bytes())) for source, path in batch]
                data = {"paths": [path for _, path in batch]}
                self._request("POST", f"/imports/{import_id}/files", files=parts, data=data)
        job = self._request("POST", f"/imports/{import_id}/start")
        return ImportRun(self, import_id, job["id"])

    def _send_pieces(self, import_id: int, source: Path, path: str) -> None:
        total = source.stat().st_size
        url = f"/imports/{import_id}/chunks/{uuid.uuid4()}"
        offset = 0
        with source.open("rb") as file:
            while offset < total:
                file.seek(offset)
                answer = self._request(
                    "POST",
                    url,
                    params={"path": path, "offset": offset, "total": total},
                    files={"data": ("piece", file.read(CHUNK_BYTES))},
                )
                offset = answer["received"]

    def _request(self, method: str, path: str, **options: Any) -> Any:
        return self._labeler.request(method, f"/projects/{self.id}{path}", **options)


class Job:
    """A background job of a project."""

    def __init__(self, project: Project, job_id: int) -> None:
        self._project = project
        self.id = job_id

    @property
    def info(self) -> Row:
        """State, stage and progress."""
        return cast(Row, self._project._request("GET", f"/jobs/{self.id}"))

    def wait(self, *, timeout_s: float = 3600.0) -> Row:
        """Wait until it has succeeded; return it.

        Raises:
            JobFailed: it failed or was cancelled.
            TimeoutError: it has not ended in time.
        """
        deadline = time.monotonic() + timeout_s
        while (info := self.info)["state"] in ACTIVE:
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {self.id} is {info['state']} after {timeout_s} s")
            time.sleep(POLL_S)
        if info["state"] != "succeeded":
            raise JobFailed(
                self.id, state=info["state"], code=info["error_code"], message=info["error_message"]
            )
        return info


class ImportRun(Job):
    """An import that was started."""

    def sync(self) -> "ImportRun":
        """Read the folder or bucket again; entries are `gone` where a file is no longer there."""
        again = self._project._request("POST", f"/imports/{self.import_id}/sync")
        return ImportRun(self._project, again["id"], again["job_id"])

    def __init__(self, project: Project, import_id: int, job_id: int) -> None:
        super().__init__(project, job_id)
        self.import_id = import_id

    def entries(self, *, outcome: Outcome | None = None) -> Iterator[Row]:
        """How every file ended."""
        path = f"/projects/{self._project.id}/imports/{self.import_id}/entries"
        return self._project._labeler.pages(path, limit=1000, **({"outcome": outcome} if outcome else {}))


def _batches(files: Sequence[tuple[Path, str]]) -> Iterator[list[tuple[Path, str]]]:
    batch: list[tuple[Path, str]] = []
    num_bytes = 0
    for source, path in files:
        size = source.stat().st_size
        if batch and (len(batch) == FILES_PER_REQUEST or num_bytes + size > BYTES_PER_REQUEST):
            yield batch
            batch, num_bytes = [], 0
        batch.append((source, path))
        num_bytes += size
        if size > CHUNK_BYTES:
            large = batch.pop()
            if batch:
                yield batch
            yield [large]
            batch, num_bytes = [], 0
    if batch:
        yield batch


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    first = next(pieces, b"")  # a refusal comes before the file is touched
    with target.open("wb") as file:
        file.write(first)
        for piece in pieces:
            file.write(piece)


def _raise_problem(response: Any) -> None:
    if response.status_code < 400:
        return
    try:
        body = response.json()
    except ValueError:
        body = {"detail": response.text[:200]}
    raise LabelerProblem(response.status_code, body if isinstance(body, dict) else {})
