"""Settings from the environment."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from labeler.lib import env

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    ("text", "expected"),
    [("1", True), ("Yes", True), (" on ", True), ("0", False), ("", False), ("no", False)],
)
def test_a_flag_is_true_for_words_that_say_so(
    text: str, expected: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAG", text)
    assert env.flag_from_env("FLAG", default=not expected) is expected


def test_what_is_not_set_has_its_default(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("FLAG", "LIST", "DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    assert env.flag_from_env("FLAG", default=True) is True
    assert env.list_from_env("LIST") == []
    assert env.path_list_from_env("LIST") == []
    assert env.data_dir() == REPOSITORY / "var"


def test_lists_are_split_and_trimmed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LIST", "a.example, b.example,,")
    assert env.list_from_env("LIST") == ["a.example", "b.example"]
    monkeypatch.setenv("LIST", os.pathsep.join(["/one", "", "/two"]))
    assert env.path_list_from_env("LIST") == [Path("/one"), Path("/two")]


def test_the_secret_key_is_made_once_and_only_its_owner_reads_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SECRET_KEY", raising=False)
    key = env.secret_key(tmp_path / "data")
    assert len(key) >= 50
    assert env.secret_key(tmp_path / "data") == key
    assert env.secret_key(tmp_path / "other") != key
    files = list((tmp_path / "data").iterdir())
    assert [file.name for file in files] == ["secret_key"]
    assert stat.S_IMODE(files[0].stat().st_mode) == 0o600


def test_a_secret_key_from_the_environment_wins_and_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "from outside")
    assert env.secret_key(tmp_path) == "from outside"
    assert list(tmp_path.iterdir()) == []


def _manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    names = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY"}
    clean = {key: value for key, value in os.environ.items() if key not in names}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=REPOSITORY,
        env={**clean, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_folder_that_cannot_be_made_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = _manage("check", DATA_DIR=str(tmp_path / "file" / "data"))
    assert done.returncode == 1
    assert done.stderr == (
        f"The folder {tmp_path}/file/data cannot be written: Not a directory. Set DATA_DIR to another one.\n"
    )


def test_a_port_that_is_no_number_is_one_clear_line(tmp_path: Path) -> None:
    done = _manage("up", DATA_DIR=str(tmp_path), PORT="eighty")
    assert done.returncode != 0
    assert "invalid int value: 'eighty'" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_security_check_of_a_deployment_leaves_only_what_the_proxy_and_the_domain_decide(
    tmp_path: Path,
) -> None:
    done = _manage("check", "--deploy", DATA_DIR=str(tmp_path), HTTPS_ONLY="1")
    redirect_to_https, subdomains_too, preload = "security.W008", "security.W005", "security.W021"
    found = set(re.findall(r"security\.W\d+", done.stderr))
    assert found == {redirect_to_https, subdomains_too, preload}
