import importlib.metadata
import json
import subprocess
import sys
import xml.etree.ElementTree as ElementTree

import pytest

from strokes import command
from tests.conftest import ROOT
from tests.scripts.photos import photo


@pytest.fixture
def wheel(tmp_path):
    """What is no checkout."""
    return tmp_path / "site-packages"


def test_each_verb_is_a_program_of_the_checkout(capsys):
    assert command.main(["--help"]) == 0
    said = capsys.readouterr().out
    for verb in ("write", "recognize", "serve", "train", "export"):
        assert f"\n  {verb} " in said
    for name in command.PROGRAMS.values():
        assert (ROOT / "scripts" / f"{name}.py").is_file(), name
    assert "Read handwritten digits, or other characters, in pictures" in said


@pytest.mark.parametrize("verb", ["write", "recognize"])
def test_a_verb_says_what_its_program_says(verb):
    def said(*words):
        done = subprocess.run(
            [sys.executable, "-m", *words, "/nowhere/x.png", "--wrong"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout, done.stderr

    assert said("strokes", verb) == said(f"scripts.{verb}")


def test_a_wheel_has_the_verbs_that_the_library_can_do(wheel, capsys):
    assert command.main(["--help"], checkout=wheel) == 0
    verbs = [line.split()[0] for line in capsys.readouterr().out.split("\n\n")[1].splitlines()]
    assert verbs == ["write", "recognize"]
    for verb, says in (
        ("train", "train: expected write, recognize; the others need a checkout"),
        ("wrote", "wrote: expected write, recognize"),
    ):
        assert command.main([verb], checkout=wheel) == 2
        assert capsys.readouterr().err == f"error: {says}\n"
    assert command.main([], checkout=wheel) == 2
    assert "usage: mnist-strokes VERB" in capsys.readouterr().err
    assert command.main(["--version"], checkout=wheel) == 0
    assert capsys.readouterr().out.strip() == importlib.metadata.version("mnist-strokes")


def test_a_wheel_reads_and_writes(wheel, tmp_path, rng, capsys):
    names = [photo(digit, tmp_path / f"{digit}.png", rng) for digit in (2, 7)]
    assert command.main(["recognize", *names, "--json"], checkout=wheel) == 0
    found = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(entry["picture"], entry["digit"]) for entry in found] == [(names[0], 2), (names[1], 7)]
    assert all(0.5 < entry["certainty"] <= 1 for entry in found)
    out = tmp_path / "out" / "digits.svg"
    assert command.main(["write", *names, "--svg", str(out), "--still"], checkout=wheel) == 0
    assert f"{names[0]}: 2 " in capsys.readouterr().out
    for row in (1, 2):
        drawn = ElementTree.parse(out.with_name(f"digits-{row}.svg"))
        assert list(drawn.iter("{http://www.w3.org/2000/svg}path"))


@pytest.mark.parametrize(
    ("args", "says"),
    [
        (["recognize", "/nowhere/x.png"], "/nowhere/x.png: no such file"),
        (["write", "/nowhere/x.png", "--svg", "a.gif"], "--svg a.gif: expected a name that ends"),
        (["write", __file__, "--svg", "a.svg"], "test_command.py: "),
    ],
)
def test_what_cannot_be_done_from_a_wheel_is_one_line(wheel, args, says, capsys):
    assert command.main(args, checkout=wheel) == 2
    said = capsys.readouterr().err
    assert said.startswith("error: ")
    assert says in said
    assert said.count("\n") == 1
