import socket
import subprocess
import sys

import pytest

from scripts import serve
from strokes.errors import DataError
from strokes.weights import THINNED_RECOGNIZER
from tests.conftest import ROOT
from train.errors import RunError


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["--port", "70000"], "--port 70000: expected 0 to 65535"),
        (["--port", "-1"], "--port -1: expected 0 to 65535"),
        (["--refine", "-1"], "--refine -1"),
        (["--host", "192.0.2.1"], "cannot bind to 192.0.2.1, port 8028: "),
    ],
)
def test_options_that_do_not_fit(args, message):
    with pytest.raises(RunError, match=message):
        serve.main(args)


def test_a_recogniser_of_thinned_digits_does_not_serve():
    with pytest.raises(DataError, match="expected a recogniser of grey ones"):
        serve.main(["--port", "0", "--recognizer", str(THINNED_RECOGNIZER)])


def test_a_model_that_is_missing_leaves_the_port_free(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    for _ in range(2):
        with pytest.raises(RunError, match="holds no run"):
            serve.main(["--port", str(port), "--checkpoint", str(tmp_path)])


def test_what_is_not_installed_is_said(monkeypatch):
    monkeypatch.delitem(sys.modules, "scripts.page.server", raising=False)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    with pytest.raises(RunError, match=r'pip install -e "\.\[page\]"'):
        serve.main(["--port", "0"])


def test_options_need_neither_jax_nor_a_web_server():
    code = (
        "import sys; from scripts import serve; "
        "assert not {'jax', 'starlette', 'uvicorn'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
