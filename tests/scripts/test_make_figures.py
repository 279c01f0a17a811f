import re

import imageio.v3 as iio

from scripts import make_figures
from tests.conftest import ROOT

PAGE = ROOT / "docs" / "how-it-works.md"


def test_every_figure_of_the_page_is_drawn(tmp_path, capsys):
    assert make_figures.main(["--out", str(tmp_path / "figures")]) == 0
    drawn = {path.name: path for path in (tmp_path / "figures").iterdir()}
    shown = re.findall(r"\(images/how-it-works/(\w+\.png)\)", PAGE.read_text())
    assert sorted(drawn) == sorted(shown)
    assert capsys.readouterr().out.count("drawn: ") == len(drawn)
    for name, path in drawn.items():
        new, kept = iio.imread(path), iio.imread(PAGE.parent / "images" / "how-it-works" / name)
        assert new.shape == kept.shape, f"{name}: draw docs/images/how-it-works again"
