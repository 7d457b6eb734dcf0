"""What can go wrong, as exceptions."""

from typing import Any


class LabelerProblem(Exception):  # named as RFC 9457 names it
    """The server refused: an RFC 9457 problem. `code` is stable and for programs."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        self.status = status
        self.code = str(body.get("code", "error"))
        self.detail = str(body.get("detail", "the server gave no reason"))
        self.body = body
        super().__init__(f"{status} {self.code}: {self.detail}")


class JobFailed(Exception):
    """A job ended without success; `state` is failed or cancelled."""

    def __init__(self, job_id: int, *, state: str, code: str, message: str) -> None:
        self.job_id, self.state, self.code, self.message = job_id, state, code, message
        super().__init__(f"job {job_id} {state}: {message or code or 'no reason is known'}")
