import os
import subprocess
import sys

import pytest

from scripts.shared import memory

PROGRAM = """
import os, sys
from scripts.shared.memory import use_large_pages
use_large_pages()
print(os.environ["GLIBC_TUNABLES"], *sys.argv[1:])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="glibc's")
@pytest.mark.parametrize("given", [None, "glibc.malloc.check=0"])
def test_a_program_begins_anew_once_unless_it_was_told(given):
    environment = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    if given:
        environment["GLIBC_TUNABLES"] = given
    found = subprocess.run(
        [sys.executable, "-c", PROGRAM, "--out", "a b"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout == f"{given or 'glibc.malloc.hugetlb=1'} --out a b\n"


def test_elsewhere_nothing_happens(monkeypatch):
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.delenv("GLIBC_TUNABLES", raising=False)
    monkeypatch.setattr(os, "execve", lambda *_: pytest.fail("it began anew"))
    memory.use_large_pages()
