import contextlib
import dataclasses
import io
import json
import os
import re
import subprocess
import sys

import pytest

from scripts.shared import console
from strokes.errors import DataError
from tests.conftest import ROOT
from train.errors import RunError

SCRIPTS = tuple(
    path.stem
    for path in sorted((ROOT / "scripts").glob("*.py"))
    if "console.run(main)" in path.read_text()
)


@dataclasses.dataclass(frozen=True)
class Options:
    """What to do."""

    json: bool = False
    """A flag."""
    animated: bool = True
    """A flag that is set."""
    out: str = "here"
    """A word."""
    names: tuple[str, ...] = ()
    """Words."""


def words(text):
    return re.findall(r"[a-z]+", text)


def test_a_program_of_its_own_process_says_the_same(program):
    for args in (["--help"], ["--epochs", "0"]):
        done = subprocess.run(
            [sys.executable, "-m", "scripts.train_strokes", *args],
            cwd=ROOT,
            capture_output=True,
            text=True,
            env=os.environ | {"JAX_PLATFORMS": "cpu", "COLUMNS": "100"},
            check=False,
        )
        here = program("scripts.train_strokes", *args)
        assert here.returncode == done.returncode
        for ours, theirs in ((here.stdout, done.stdout), (here.stderr, done.stderr)):
            assert words(ours) == words(theirs)  # wrapped and framed in other ways


@pytest.mark.parametrize("script", SCRIPTS)
def test_help_shows_defaults_and_an_example(program, script):
    done = program(f"scripts.{script}", "--help")
    assert done.returncode == 0, done.stderr
    assert f"usage: python -m scripts.{script}" in done.stdout
    assert "Example" in done.stdout
    assert "(default:" in done.stdout
    assert str(ROOT) not in done.stdout  # defaults are named, or relative
    for path in re.findall(r"\(default: ([^ )]*/[^ )]*)\)", done.stdout):
        assert path.startswith("out/")  # nothing that git tracks is written unless it is named
    assert done.stderr == ""


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        ([], Options()),
        (["--json"], Options(json=True)),
        (["--no-json"], Options()),
        (["--no-animated"], Options(animated=False)),
        (["--json", "--no-animated", "--out", "x"], Options(True, False, "x")),
        # As flags were once written.
        (["--json", "True"], Options(json=True)),
        (["--json", "False"], Options()),
        (["--animated", "False"], Options(animated=False)),
        (["--animated", "True", "--out", "x", "--json", "True"], Options(True, True, "x")),
    ],
)
def test_flags_are_plain_or_as_they_once_were(args, expected):
    assert console.parse(Options, args=args) == expected


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (["--out=x", "True"], None),
        (["--names", "a", "True"], Options(names=("a", "True"))),
        (["--names", "a", "False", "--json"], Options(True, names=("a", "False"))),
    ],
)
def test_a_word_that_follows_no_flag_stays(args, expected, capsys):
    if expected is not None:
        assert console.parse(Options, args=args) == expected
        return
    with pytest.raises(SystemExit) as left:
        console.parse(Options, args=args)
    assert left.value.code == 2
    capsys.readouterr()


def test_defaults_may_be_others():
    default = Options(out="there")
    assert console.parse(Options, default=default, args=["--json"]) == Options(True, out="there")


def test_a_choice_that_is_none_is_refused_with_what_was_meant():
    console.check_choice("--preset", "demo", ("demo", "standard"))
    message = r"--preset demmo: expected demo, standard \(did you mean demo\?\)$"
    with pytest.raises(RunError, match=message):
        console.check_choice("--preset", "demmo", ("demo", "standard"))
    with pytest.raises(RunError, match=r"--preset xyz: expected demo, standard$"):
        console.check_choice("--preset", "xyz", ("demo", "standard"))


def test_files_that_are_not_there_are_named_before_they_are_needed(tmp_path):
    there, absent = tmp_path / "there.png", tmp_path / "absent.png"
    there.touch()
    console.check_file("--labels", None)
    console.check_file("--labels", there)
    console.check_there("--pictures", absent, there)
    console.check_there("--pictures")
    for folder in (absent, tmp_path):
        with pytest.raises(RunError, match=f"--labels {folder}: no such file"):
            console.check_file("--labels", folder)
    with pytest.raises(RunError, match=f"^{absent}: no such file or folder, nor any of the 1 oth"):
        console.check_there("", absent, tmp_path / "neither")


def test_recordings_are_a_set_or_a_file(tmp_path):
    for source in ("own", "auto", str(tmp_path)):
        console.check_recordings("--humans", source, "auto")
    for source in ("mine.ndjson", "/nowhere/mine"):
        with pytest.raises(RunError, match=f"--humans {source}: no such file or folder"):
            console.check_recordings("--humans", source)
    with pytest.raises(RunError, match=r"--humans unipem: expected .* \(did you mean unipen\?\)"):
        console.check_recordings("--humans", "unipem", "auto")


def test_refinement_is_a_number_of_steps():
    for steps in (0, 60):
        console.check_refinement(steps)
    with pytest.raises(RunError, match="--refine -1: expected a number of steps, at least 0"):
        console.check_refinement(-1)


def ended(main, capsys):
    """Status, and what was said, of a program with this ``main``."""
    with pytest.raises(SystemExit) as left:
        console.run(main)
    return left.value.code, capsys.readouterr().err


def raising(error):
    def main(_):
        raise error

    return main


@pytest.mark.parametrize(
    ("error", "status", "says"),
    [
        (DataError("x.png: blank"), 2, "error: x.png: blank\n"),
        (RunError("--size 9: expected 28"), 2, "error: --size 9: expected 28\n"),
        (FileNotFoundError(2, "No such file", "a.json"), 2, "error: a.json: No such file\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
)
def test_what_a_person_can_mend_is_one_line(error, status, says, capsys):
    assert ended(raising(error), capsys) == (status, says)


@pytest.mark.parametrize("error", [OSError("device gone"), ValueError("a fault"), KeyError("x")])
def test_faults_of_the_program_are_not_hidden(error):
    with pytest.raises(type(error)):
        console.run(raising(error))


def test_the_status_is_that_of_main_which_gets_the_arguments(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["name", "--one", "2"])
    got = []
    assert ended(lambda args: got.extend(args) or 3, capsys) == (3, "")
    assert got == ["--one", "2"]


def test_progress_is_plain_lines_where_there_is_no_terminal(monkeypatch, capsys):
    now = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    with console.ProgressBar(100, label="working") as bar:
        for _ in range(4):
            now[0] += 6.0
            bar.advance(25)
        bar.line("done")
    assert capsys.readouterr().err == (
        "working: 50% after 12 s, about 12 s left\nworking: 100% after 24 s\ndone\n"
    )


def test_neither_what_was_through_before_nor_the_first_tells_the_time_that_is_left(
    monkeypatch, capsys
):
    now = [0.0]
    monkeypatch.setattr(console.time, "monotonic", lambda: now[0])
    with console.ProgressBar(1000, label="training") as bar:
        bar.skip(900)
        bar.line("going on")
        now[0] = 200.0
        bar.advance(2)  # made ready, compiled
        now[0] = 240.0
        bar.advance(48)
        now[0] = 100_200.0
        bar.line("epoch 2/2")
    with console.ProgressBar(0, label="exporting") as bar:
        now[0] += 30.0
        bar.advance(10_240)
    assert capsys.readouterr().err.splitlines() == [
        "going on",
        "training: 90% after 3 min",
        "training: 95% after 4 min, about 42 s left",
        "epoch 2/2, about 28.9 h left",
        "exporting: 10,240 images after 30 s",
    ]


def test_progress_is_a_bar_on_a_terminal(monkeypatch):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stderr", Terminal())
    with console.ProgressBar(40, label="drawing", unit=" frames") as bar:
        bar.advance(40)
        bar.line("halfway")
    said = sys.stderr.getvalue()
    assert "drawing" in said
    assert "40.0/40.0" in said
    assert "halfway\n" in said


def test_progress_is_closed_when_the_work_fails(capsys):
    with contextlib.suppress(ValueError), console.ProgressBar(0, label="x") as bar:
        bar.advance(1)  # of an unknown total
        raise ValueError
    assert capsys.readouterr().err == ""


WEIGHTS = "strokes/weights/strokes.safetensors"
EARLY = [
    ("demo", ["--epochs", "many"], "many"),
    ("make_figures", ["--wrong"], "--wrong"),
    ("heat_map", [], "Required options"),
    ("prepare_folder", [], "Required options"),
    ("prepare_idx", ["--wrong"], "--wrong"),
    ("make_characters", ["--wrong"], "--wrong"),
    ("measure_copies", ["--wrong"], "--wrong"),
    ("evaluate", [], "expected one of"),
    ("evaluate", ["--tracing", "--checkpoint", WEIGHTS], "expected one of"),
    ("evaluate", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("evaluate", ["--dataset", "/nowhere"], "--dataset /nowhere: no such file"),
    ("evaluate", ["--tracing", "--humans", "/nowhere"], "--humans /nowhere: no such file"),
    ("evaluate", ["--checkpoint", WEIGHTS, "--truth", "x.inkml"], "--truth x.inkml: no such file"),
    ("evaluate_recognizer", ["--wrong"], "--wrong"),
    ("evaluate_recognizer", ["--recognizer", "/nowhere"], "--recognizer /nowhere: no such file"),
    ("evaluate_hands", ["--hands", "1"], "--hands 1"),
    ("evaluate_refusal", ["--letters", "/nowhere"], "--letters /nowhere: no such file"),
    ("export_dataset", ["--checkpoint", WEIGHTS, "--refine", "-1"], "--refine -1"),
    ("export_dataset", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("export_dataset", ["--checkpoint", WEIGHTS, "--pictures", "/nowhere"], "--pictures /nowhere"),
    ("export_numbers", ["--length", "9..1"], "--length 9..1"),
    ("finetune_recognizer", ["--wrong"], "--wrong"),
    ("finetune_recognizer", ["/nowhere/7.png"], "/nowhere/7.png: no such file"),
    ("finetune_recognizer", ["--recordings", "/nowhere"], "--recordings /nowhere: no such file"),
    ("gallery", ["--budget", "large"], "large"),
    ("gallery", ["--more", "--epochs=many"], "many"),
    ("make_documents", ["--benchmarks", "/nowhere/b.json"], "/nowhere/b.json: no such file"),
    ("prepare_handwriting", ["/nowhere/x.png"], "/nowhere/x.png"),
    ("prepare_mnist", ["--timeout", "0"], "--timeout 0"),
    ("prepare_pendigits", ["--timeout", "0"], "--timeout 0"),
    ("prepare_unipen", ["/nowhere"], "/nowhere"),
    ("probe", ["--checkpoint", WEIGHTS, "--constants", "1.5"], "--constants 1.5"),
    ("probe", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("recognize", ["/nowhere/x.png"], "/nowhere/x.png"),
    ("release_hands", ["--out", "x.npz"], "ends in .safetensors"),
    ("release_refusal", ["--out", "x.npz"], "ends in .safetensors"),
    ("release_model", ["--checkpoint", WEIGHTS, "--out", "model.npz"], "ends in .safetensors"),
    ("release_model", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("render_gif", [], "give one of --checkpoint"),
    ("render_gif", ["--checkpoint", WEIGHTS, "--out", "a.bmp"], "ends in .gif"),
    ("render_gif", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("render_gif", ["--dataset", "/nowhere"], "--dataset /nowhere: no such file"),
    ("serve", ["--port", "70000"], "--port 70000"),
    ("serve", ["--checkpoint", "/nowhere"], "/nowhere holds no run"),
    ("show_pen", ["--recordings", "/nowhere/x.ndjson"], "no such file"),
    ("train_line", ["--lines", "3"], "at least a batch"),
    ("train_recognizer", ["--preset", "cn"], "did you mean cnn?"),
    ("train_strokes", ["--preset", "demmo"], "did you mean demo?"),
    ("train_strokes", ["--resume", "/nowhere", "--epochs", "3"], "/nowhere holds no run"),
    ("train_strokes", ["--source", "/nowhere/x.ndjson"], "/nowhere/x.ndjson: no such file"),
    ("train_strokes", ["--batch-size", "65"], "a multiple of 10"),
    ("train_strokes", ["--out", "strokes"], "strokes is not empty"),
    ("write", ["/nowhere/x.png", "--gif", "a.gif"], "/nowhere/x.png"),
    ("write_number", ["7", "--gif", "a.bmp"], "a.bmp"),
    ("write", ["x.png", "--svg", "a.svg", "--checkpoint", "/nowhere"], "/nowhere holds no run"),
]
"""Program, options, and a part of what it says to them without having loaded NumPy or JAX."""

_REFUSED = """
import contextlib, importlib, io, json, sys
from scripts.shared import console
for name, args, _ in json.load(sys.stdin):
    module = importlib.import_module(f"scripts.{name}")
    said, also = io.StringIO(), io.StringIO()
    sys.argv = [name, *args]
    try:
        with contextlib.redirect_stderr(said), contextlib.redirect_stdout(also):
            console.run(module.main)
    except SystemExit as left:
        loaded = [name for name in ("numpy", "jax") if sys.modules.pop(name, None)]
        print(json.dumps([left.code, said.getvalue(), loaded]))
"""


@pytest.fixture(scope="module")
def refusals():
    """Status, what was said, and what was loaded for it, of each of `EARLY`."""
    done = subprocess.run(
        [sys.executable, "-c", _REFUSED],
        cwd=ROOT,
        input=json.dumps(EARLY),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_every_program_is_asked_for_something_wrong():
    asked = {name for name, _, _ in EARLY}
    assert asked == set(SCRIPTS) - {"bench"}  # which measures JAX, and loads it to begin with


@pytest.mark.parametrize("index", range(len(EARLY)), ids=lambda i: " ".join(EARLY[i][1]) or "-")
def test_what_is_wrong_is_said_before_anything_large_is_loaded(refusals, index):
    status, said, loaded = refusals[index]
    assert status == 2, said
    assert EARLY[index][2] in said
    assert not loaded
    if "--help" not in said:  # of an option that cannot be read
        assert re.fullmatch(r"error: .*\n", said)
