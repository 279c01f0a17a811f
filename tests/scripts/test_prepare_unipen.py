import pytest

from datasets import recordings as sets
from datasets.letters import LETTERS
from scripts import prepare_unipen
from scripts.shared import console
from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from train.errors import RunError

INK = """.DATA_SOURCE somebody
.WRITER_ID {writer}
.COORD X Y
.PEN_DOWN
100 300
100 300
120 200
.PEN_UP
130 190
.PEN_DOWN
140 250
140 240
.PEN_UP
"""
FOUR = [[[0, 0], [80, 400]], [[160, 200], [160, 240]]]
SEVEN = [[[0, 0], [80, 400]]]


@pytest.fixture
def distribution(tmp_path):
    """A small copy of the public distribution: eight files of isolated digits, one of letters."""
    folder = tmp_path / "train_r01_v07"

    def write(name, text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)

    for donor in ("abc", "pri", "tos"):
        for writer in ("Zoe", "Bob"):
            write(f"include/{donor}/data/{writer}.dat", INK.format(writer=writer))
            four, seven = ("0-2", "0") if donor == "pri" else ("0-1", "0")
            write(
                f"data/1a/{donor}/{donor}0/{writer}.dat",
                f".INCLUDE {donor}/data/{writer}.dat\n"
                f'.SEGMENT CHARACTER {four} ? "4"\n.SEGMENT CHARACTER {seven} ? "7"\n',
            )
    broken = INK.format(writer="?") + '.SEGMENT CHARACTER 0 OK "7"\n'
    broken += '.SEGMENT CHARACTER 0:0-0:2 ? "1"\n.SEGMENT CHARACTER 9 ? "1"\n' * 2
    write("data/1a/abc/nobody.dat", broken)
    write("data/1a/abc/none.dat", '.INCLUDE abc/none.dat\n.SEGMENT CHARACTER 0 ? "7"\n')
    write("data/1b/abc/x.dat", INK.format(writer="Zoe") + '.SEGMENT CHARACTER 0 ? "1"\n')
    write("data/1a/abc/README", "no data")
    return folder


def test_the_whole_distribution(distribution, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path / "data-here"))
    assert prepare_unipen.main([str(distribution)]) == 0
    path = tmp_path / "data-here" / "unipen-digits.ndjson.gz"
    found = [
        (one.source, one.label, [stroke.tolist() for stroke in one.strokes])
        for one in read_recordings(path)
    ]
    writers = [f"unipen-{name}" for name in ("abc-000", "abc-001", "pri-003", "pri-004")]
    expected = [one for writer in writers for one in ((writer, 4, FOUR), (writer, 7, SEVEN))]
    assert found == sorted([*expected, ("unipen-abc-002", 7, SEVEN)], key=lambda one: one[0])
    said = capsys.readouterr().out.splitlines()
    assert said[-1] == f"9 pen recordings of 5 writers: {path}"
    assert [line.split(";")[0] for line in said[:-1]] == [
        "left out, files: 1, an include is missing",
        "left out, files: 2, of a donor whose numbering does not fit",
        "left out, segments: 2, components that the file has not",
        "left out, segments: 2, parts of components are not read",
    ]
    folder = distribution / "data" / "1a" / "abc"
    assert f"the first: {folder / 'nobody.dat'}, line 15: parts of components" in said[3]
    taught, tested = sets.teaching_recordings("unipen"), sets.testing_recordings("unipen")
    assert len(taught) + len(tested) == 9


@pytest.mark.parametrize("part", ["data", "data/1a", "data/1a/pri"])
def test_a_part_of_it(distribution, tmp_path, part, capsys):
    out = tmp_path / "mine.ndjson.gz"
    assert prepare_unipen.main([str(distribution / part), "--out", str(out)]) == 0
    assert len(read_recordings(out)) == (4 if part.endswith("pri") else 9)
    assert capsys.readouterr().out.endswith(f"{out}\n")


def test_twice_gives_the_same_file(distribution, tmp_path):
    first, second = (tmp_path / name / "unipen-digits.ndjson.gz" for name in "ab")
    for path in (first, second):
        prepare_unipen.main([str(distribution), "--data-dir", str(path.parent)])
    assert first.read_bytes() == second.read_bytes()


def test_a_file_of_one_s_own_is_a_source(distribution):
    path = distribution / "data" / "1a" / "abc" / "abc0" / "Bob.dat"
    assert [one.label for one in sets.teaching_recordings(str(path))] == [4, 7]
    with pytest.raises(DataError, match="an include is missing"):
        sets.teaching_recordings(str(path.parents[1] / "none.dat"))


def test_without_the_set_it_says_where_to_get_it(distribution, tmp_path, monkeypatch, capsys):
    with pytest.raises(RunError, match="nowhere: no such file or folder"):
        prepare_unipen.main([str(tmp_path / "nowhere")])
    (tmp_path / "empty").mkdir()
    for args in ([], [str(tmp_path / "empty")]):
        with pytest.raises(RunError, match=r"unpack UNIPEN .*zenodo\.1195803 \(CC BY 4\.0\)"):
            prepare_unipen.main(args)
    monkeypatch.setattr("sys.argv", ["prepare_unipen"])
    with pytest.raises(SystemExit) as left:
        console.run(prepare_unipen.main)
    assert left.value.code == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_nothing_is_written_when_nothing_can_be_read(distribution, tmp_path):
    folder = distribution / "data" / "1a" / "tos"
    with pytest.raises(RunError, match="none of the digits can be read in 2 files"):
        prepare_unipen.main([str(folder), "--data-dir", str(tmp_path / "to")])
    assert not (tmp_path / "to").exists()
    with pytest.raises(RunError, match=r"expected a file that ends in \.ndjson\.gz"):
        prepare_unipen.main([str(distribution), "--out", str(tmp_path / "a.ndjson")])


def test_letters_are_a_set_of_their_own(distribution, tmp_path, monkeypatch):
    monkeypatch.setenv("STROKES_DATA_DIR", str(tmp_path / "data-here"))
    labels = '.SEGMENT CHARACTER 0 ? "e"\n.SEGMENT CHARACTER 1 ? "E"\n.SEGMENT CHARACTER 1 ? "7"\n'
    (distribution / "data/1c/abc").mkdir(parents=True)
    (distribution / "data/1c/abc/x.dat").write_text(INK.format(writer="Zoe") + labels)
    assert prepare_unipen.main([str(distribution), "--set", "letters"]) == 0
    found = sets.recordings_of("letters", classes=LETTERS)
    assert [LETTERS.names[one.label] for one in found] == ["e", "E"]
    assert max(stroke.max() for stroke in found[0].strokes) == 300
