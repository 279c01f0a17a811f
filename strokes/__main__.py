"""``python -m strokes`` is the command ``mnist-strokes``."""

import sys

from strokes.command import main

if __name__ == "__main__":
    sys.exit(main())
