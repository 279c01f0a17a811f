import http.client
import time

import pytest

from datasets import download
from strokes.errors import DataError
from tests.datasets.server import Server

CONTENT = b"0123456789" * 10_000


@pytest.fixture
def server():
    with Server({"file": CONTENT}) as server:
        yield server


def accept(content, url):
    assert content == CONTENT


def refuse(content, url):
    raise DataError(f"{url}: {len(content)} bytes are not to my taste")


def fetched(server, folder, check=accept, **options):
    options = {"mirrors": [server.url], "timeout": 0.5, "tries": 2, "pause": 0.01} | options
    return download.download_checked(folder / "file", check, **options)


def test_folders_in_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr(download.platformdirs, "user_cache_dir", lambda *_, **__: "/cache")
    monkeypatch.delenv(download.ENVIRONMENT_VARIABLE, raising=False)
    assert list(map(str, download.data_folders())) == ["/cache"]
    monkeypatch.setenv(download.ENVIRONMENT_VARIABLE, "~/digits")
    monkeypatch.setenv("HOME", "/home/me")
    found = list(map(str, download.data_folders(tmp_path)))
    assert found == [str(tmp_path), "/home/me/digits", "/cache"]


def test_a_file_is_taken_from_the_first_folder_that_has_it(tmp_path, monkeypatch):
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    monkeypatch.setattr(download.platformdirs, "user_cache_dir", lambda *_, **__: tmp_path / "x")
    monkeypatch.setenv(download.ENVIRONMENT_VARIABLE, str(theirs))
    with pytest.raises(DataError) as error:
        download.find_file("file", ours, hint="draw it yourself")
    assert str(error.value) == (
        f"file not found in {ours}, {theirs}, {tmp_path / 'x'}; draw it yourself"
    )
    for folder in (theirs, ours):
        (folder / "file").parent.mkdir()
        (folder / "file").touch()
        assert download.find_file("file", ours, hint="") == folder / "file"
    assert download.find_file("file", hint="") == theirs / "file"


def test_what_is_fetched_is_whole(server):
    assert download.fetch(f"{server.url}file", timeout=5) == CONTENT
    server.faults = ["truncate"]
    with pytest.raises(http.client.IncompleteRead):
        download.fetch(f"{server.url}file", timeout=5)


def test_too_much_is_not_taken(server, monkeypatch):
    monkeypatch.setattr(download, "_MAX_DOWNLOAD", len(CONTENT) - 1)
    with pytest.raises(DataError, match="file: more than 99999 bytes"):
        download.fetch(f"{server.url}file", timeout=5)
    monkeypatch.setattr(download, "_MAX_DOWNLOAD", len(CONTENT))
    assert download.fetch(f"{server.url}file", timeout=5) == CONTENT


def test_mirrors_take_turns_until_one_gives_it(server, tmp_path):
    mirrors = [f"{server.url}a/", f"{server.url}b"]  # with or without a slash
    server.faults = ["503", "truncate", "other"]
    refused = []

    def check(content, url):
        refused.append(url)
        if content != CONTENT:
            raise DataError("another file")

    path = fetched(server, tmp_path, check, mirrors=mirrors)
    assert path.read_bytes() == CONTENT
    assert server.requests == ["/a/file", "/b/file", "/a/file", "/b/file"]
    assert refused == [f"{server.url}a/file", f"{server.url}b/file"]  # what came whole
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_lists_every_try_once_and_leaves_nothing(server, tmp_path):
    server.faults = ["503"] * 3
    with pytest.raises(DataError) as error:
        fetched(server, tmp_path, refuse, tries=5)
    first, *tries = str(error.value).splitlines()
    assert first == "file could not be downloaded:"
    assert [line.strip() for line in tries] == [
        f"{server.url}file: Service Unavailable",
        f"{server.url}file: {server.url}file: 100000 bytes are not to my taste",
    ]
    assert len(server.requests) == 5
    assert list(tmp_path.iterdir()) == []


def test_pauses_grow(server, tmp_path, monkeypatch):
    pauses = []
    monkeypatch.setattr(time, "sleep", pauses.append)
    with pytest.raises(DataError):
        fetched(server, tmp_path, refuse, tries=4, pause=3.0)
    assert pauses == [3.0, 6.0, 12.0]
