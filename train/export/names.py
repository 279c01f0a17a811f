"""Names of the formats in which sequences are exported. Loads nothing."""

from typing import Literal

FormatName = Literal["stroke-3", "stroke-5", "quickdraw", "inkml", "unipen", "svg", "ndjson"]
"""Beside Parquet and ``.npz``, which are always written."""
