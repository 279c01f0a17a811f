import subprocess
import sys
from typing import get_args

import numpy as np
import pytest

from strokes.pictures.names import Centring, Form
from strokes.pictures.preparation import prepare


@pytest.mark.parametrize("centring", get_args(Centring))
def test_preparation_knows_every_name(centring):
    photo = np.full((60, 50), 255, np.uint8)
    photo[10:50, 20:24] = 0
    assert prepare(photo, form=Form(centring)).picture.shape == (28, 28)


def test_names_load_no_numpy():
    program = "import sys, strokes.pictures.names; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
