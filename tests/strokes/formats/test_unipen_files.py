import pytest

from strokes.errors import DataError
from strokes.formats.recordings import read_recordings
from strokes.formats.unipen_files import Content

INK = ".COORD X Y\n.WRITER_ID 5\n.PEN_DOWN\n1 2\n3 4\n.PEN_UP\n"
LABEL = '.SEGMENT CHARACTER 0 ? "7"\n'


@pytest.fixture
def distribution(tmp_path):
    """A function that writes a file into a small copy of the distribution's folders."""

    def write(name, text):
        path = tmp_path / "cd" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    return write


def including(*names):
    return "".join(f".INCLUDE {name}\n" for name in names)


def test_an_include_is_found_below_an_include_folder_above(distribution):
    distribution("include/abc/ink.dat", including("abc/lib/pad.doc") + INK.split("\n", 1)[1])
    distribution("include/abc/lib/pad.doc", ".COORD X Y\n")
    path = distribution("data/1a/abc/a0/x.dat", including("abc/ink.dat") + LABEL)
    (found,) = read_recordings(path, strict=True)
    assert found.source == "unipen-abc-5"
    assert found.strokes[0].tolist() == [[1, -2], [3, -4]]


def test_the_own_folder_comes_first_then_the_nearest(distribution):
    path = distribution("data/x.dat", including("ink.dat") + LABEL)
    for place, number in (("include", 3), ("data/include", 2), ("data", 1)):
        distribution(f"{place}/ink.dat", INK.replace("1 2", f"{number} 9"))
        assert read_recordings(path, strict=True)[0].strokes[0][0].tolist() == [number, -9]


def test_components_are_counted_across_includes(distribution):
    distribution("ink.dat", INK)
    other = INK.replace("1 2", "8 9") + '.SEGMENT CHARACTER 1 ? "7"\n'
    (found,) = read_recordings(distribution("x.dat", including("ink.dat") + other))
    assert found.strokes[0][0].tolist() == [8, -9]


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("none.dat", "an include is missing"),
        ("n" * 300, "an include is missing"),
        ("x.dat", "an include leads back to itself"),
        ("loop.dat", "an include leads back to itself"),
        ("../outside.dat", "an include leads out of its folder"),
        ("{outside}", "an include leads out of its folder"),
        ("link.dat", "an include leads out of its folder"),
        ("a.dat b.dat", "expected .INCLUDE and one file"),
        ("", "expected .INCLUDE and one file"),
    ],
)
def test_includes_that_are_refused(distribution, name, reason):
    outside = distribution("../outside.dat", INK)
    distribution("loop.dat", including("x.dat"))
    distribution("x.dat", "").with_name("link.dat").symlink_to(outside)
    path = distribution("x.dat", INK + LABEL + including(name.format(outside=outside)))
    with pytest.raises(DataError, match=rf"\.dat, line \d: {reason}"):
        read_recordings(path, strict=True)


def test_includes_do_not_multiply_without_end(distribution):
    for number in range(60):
        distribution(f"{number}.dat", including(*[f"{number + 1}.dat"] * 2))
    distribution("60.dat", INK)
    with pytest.raises(DataError, match="more than 100 includes"):
        read_recordings(distribution("x.dat", including("0.dat") + LABEL))


def test_labels_are_read_with_their_escapes(tmp_path):
    content = Content({'"7', "a b", "\\"})
    text = r'.SEGMENT A 0 ? "\"7"' + "\n" + r'.SEGMENT A 1 ? "a b"' + "\n" + r'.SEGMENT A 2 ? "\\"'
    content.add(text + "\n.SEGMENT A\n.SEGMENT A 3 ?\n", tmp_path / "x.dat", ())
    assert [one.components for one in content.segments] == ["0", "1", "2"]


def test_comments_may_be_in_any_encoding(tmp_path):
    path = tmp_path / "x.dat"
    path.write_bytes(b"\xef\xbb\xbf.COMMENT \xe9\x85\x1c\x0c1\n" + (INK + LABEL).encode())
    assert len(read_recordings(path, strict=True)) == 1
