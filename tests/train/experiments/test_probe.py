import numpy as np

from tests.train.evaluation.written import shipped_writer, some_digits
from train.experiments.probe import under_each_label


def test_each_picture_is_written_under_each_label():
    pictures = some_digits()[0][[0, 25]].astype(np.float32)
    found = under_each_label(shipped_writer(), pictures)
    assert len(found.points) == 20
    np.testing.assert_array_equal(found.targets, np.repeat(pictures, 10, axis=0))
    for index in (0, 7, 13):
        picture, label = pictures[[index // 10]], np.int32([index % 10])
        alone = next(shipped_writer().write_thinned(picture, label))
        np.testing.assert_allclose(found.points[index, :, :2], alone.points[0, :, :2], atol=1e-5)
    others = found.points[1:10] - found.points[0]
    assert (np.abs(others).max(axis=(1, 2)) > 0.05).all()
    drawn = shipped_writer().draw(found.points)
    np.testing.assert_array_equal(found.drawings, drawn)
