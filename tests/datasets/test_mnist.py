"""MNIST found on disk and downloaded, against a local server that misbehaves."""

import gzip
import hashlib
import threading
import time

import numpy as np
import pytest

from datasets import download, mnist
from strokes.errors import DataError
from tests.datasets.server import Server
from tests.datasets.test_idx import idx_bytes

NAMES = {
    "t10k-images-idx3-ubyte": np.arange(2 * 28 * 28, dtype=np.uint8).reshape(2, 28, 28),
    "t10k-labels-idx1-ubyte": np.array([3, 8], np.uint8),
}


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    """A made-up test split takes MNIST's place; the cache folder is an empty one."""
    content = {name: idx_bytes(array) for name, array in NAMES.items()}
    digests = {name: hashlib.sha256(plain).hexdigest() for name, plain in content.items()}
    monkeypatch.setattr(mnist, "SHA256", digests)
    monkeypatch.delenv(download.ENVIRONMENT_VARIABLE, raising=False)
    monkeypatch.setattr(
        download.platformdirs, "user_cache_dir", lambda *_, **__: tmp_path / "cache"
    )
    return content


@pytest.fixture
def server(tiny):
    with Server({f"{name}.gz": gzip.compress(plain) for name, plain in tiny.items()}) as server:
        yield server


def load(server, folder, **options):
    return mnist.load_mnist(
        "test", data_dir=folder, mirrors=[server.url], timeout=0.5, pause=0.01, **options
    )


def test_downloads_once_and_then_reads(server, tmp_path):
    for _ in range(2):
        images, labels = load(server, tmp_path)
        assert (images == NAMES["t10k-images-idx3-ubyte"]).all()
        assert labels.tolist() == [3, 8]
        assert labels.dtype == np.int32
    assert len(server.requests) == 2


@pytest.mark.parametrize("fault", ["503", "truncate", "corrupt", "other", "stall"])
def test_a_fault_is_tried_again(server, tmp_path, fault):
    server.faults = [fault]
    images, _ = load(server, tmp_path)
    assert (images == NAMES["t10k-images-idx3-ubyte"]).all()
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", ["503", "truncate", "corrupt", "other", "stall"])
def test_lasting_faults_leave_nothing_and_say_all(server, tmp_path, fault):
    server.faults = [fault] * 20
    with pytest.raises(DataError) as error:
        load(server, tmp_path)
    message = str(error.value)
    assert server.url in message
    assert str(tmp_path / "t10k-images.idx3-ubyte.gz") in message  # every place tried
    assert "cache" in message
    assert f"put t10k-images-idx3-ubyte.gz (or the unzipped file) into {tmp_path}" in message
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".lock"]


def test_a_second_mirror_helps(server, tmp_path):
    mirrors = ["http://127.0.0.1:9/", server.url]
    images, _ = mnist.load_mnist("test", data_dir=tmp_path, mirrors=mirrors, timeout=0.5)
    assert len(images) == 2


def test_runs_beside_each_other_fetch_once(server, tmp_path):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(load(server, tmp_path))) for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(results) == 4
    assert len(server.requests) == 2


@pytest.mark.parametrize("suffix", ["", ".gz"])
@pytest.mark.parametrize("dot", [False, True])
def test_finds_each_kind_of_name(tiny, tmp_path, suffix, dot):
    for name, content in tiny.items():
        written = name.replace("-idx", ".idx") if dot else name
        (tmp_path / (written + suffix)).write_bytes(gzip.compress(content) if suffix else content)
    _, labels = mnist.load_mnist("test", data_dir=tmp_path, mirrors=[])
    assert labels.tolist() == [3, 8]


def test_looks_where_the_environment_says(tiny, tmp_path, monkeypatch):
    for name, content in tiny.items():
        (tmp_path / name).write_bytes(content)
    monkeypatch.setenv(download.ENVIRONMENT_VARIABLE, str(tmp_path))
    images, _ = mnist.load_mnist("test", data_dir=tmp_path / "empty", mirrors=[])
    assert len(images) == 2


def test_a_file_of_other_content_is_named(tiny, tmp_path):
    (tmp_path / "t10k-images-idx3-ubyte").write_bytes(b"\0\0\x08\x01\0\0\0\0")
    with pytest.raises(DataError, match=r"t10k-images-idx3-ubyte: SHA-256 .* expected"):
        mnist.load_mnist("test", data_dir=tmp_path, mirrors=[])


def test_unknown_split():
    with pytest.raises(DataError, match="expected 'train' or 'test'"):
        mnist.load_mnist("validation")


def test_a_stall_ends_in_time(server, tmp_path):
    server.faults = ["stall"] * 20
    started = time.monotonic()
    with pytest.raises(DataError):
        mnist.download(
            "t10k-labels-idx1-ubyte", tmp_path, mirrors=[server.url], timeout=0.2, tries=2, pause=0
        )
    assert time.monotonic() - started < 15  # without a time-out it would hang for good
