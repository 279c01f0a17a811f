import json
import re

import imageio.v3 as iio
import pytest

from tests.train.evaluation.written import Count, shipped_writer, some_digits
from train.evaluation.evaluation import evaluate, find_humans, held_out_scores
from train.evaluation.report import ReportPicture, report_page, report_pictures, write_report
from train.evaluation.sources import of_writer

NAMES = ["random", "order", "histograms", "best", "median", "worst"]


@pytest.fixture(scope="module")
def source():
    return of_writer(shipped_writer(), "out/<ours>", *some_digits(), refined=0)


@pytest.fixture(scope="module")
def humans():
    return find_humans("own")


@pytest.fixture(scope="module")
def found(source, humans):
    return evaluate(source, humans, Count())


@pytest.fixture(scope="module")
def report(found, source, humans, tmp_path_factory):
    out = tmp_path_factory.mktemp("report")
    write_report(found, source, humans, held_out_scores(humans), out)
    return out


def test_the_files_are_the_page_its_pictures_and_the_figures(report, found, humans):
    files = {path.name for path in report.iterdir()}
    assert files == {"report.html", "evaluation.json", *(f"{name}.png" for name in NAMES)}
    for name in NAMES:
        assert iio.imread(report / f"{name}.png").std() > 1
    record = json.loads((report / "evaluation.json").read_text())
    assert record["all"] == pytest.approx(found.scores["all"])
    assert record["digits"].keys() == found.scores["digits"].keys()
    assert record["humans"] == held_out_scores(humans)
    about = record["about"]
    assert about["evaluated"] == "out/<ours>"
    assert about["human recordings"].startswith("own, ")
    assert {"steps", "seed", "refinement", "device", "date"} < about.keys()


def test_the_page_holds_all_that_it_shows(report, found):
    page = (report / "report.html").read_text()
    assert page.count("data:image/png;base64,") == page.count("<img") == len(NAMES)
    assert "http" not in page  # nothing is loaded from anywhere
    assert "out/&lt;ours&gt;" in page
    assert "<ours>" not in page
    for means in [found.scores["all"], *found.scores["digits"].values()]:
        assert f"<td>{means['iou']:.4f}</td>" in page
    assert "Held-out human recordings" in page


def test_pictures_come_in_their_order_each_with_words(found, source):
    pictures = report_pictures(found, source)
    assert [picture.name for picture in pictures] == NAMES
    assert all(picture.heading and picture.caption for picture in pictures)
    best, worst = (next(p for p in pictures if p.name == name) for name in ("best", "worst"))
    assert best.content != worst.content


def test_headings_and_facts_are_text_not_markup():
    scores = {"all": {"iou": 0.5}, "digits": {"3": {"iou": 0.5}}}
    picture = ReportPicture("x", "a < b", b"\x89PNG", 'it says "so"')
    page = report_page({"<b>": "<i>"}, {"<u>": scores}, [picture])
    assert set(re.findall(r"<[biu]>", page)) == set()
    for text in ("&lt;b&gt;: &lt;i&gt;", "&lt;u&gt;", "a &lt; b", "it says &quot;so&quot;"):
        assert text in page
    assert page.count("<h2>") == 2
