"""W3C InkML: absolute coordinates, the digit in an annotation."""

from xml.etree import ElementTree

from strokes.errors import DataError
from strokes.formats.labels import digit_of
from strokes.ink import Recording, checked_strokes

_TRUTHS = ("truth", "label", "transcription")  # types of annotation that name the digit


def _trace(text: str, name: str) -> list[list[float]]:
    points = []
    for point in text.strip().rstrip(",").split(","):
        fields = point.split()
        if len(fields) < 2:
            raise ValueError(f"{name}: {point.strip()!r}, expected at least x and y")
        try:
            points.append([float(field) for field in fields[:2]])
        except ValueError:
            raise ValueError(
                f"{name}: {point.strip()!r}, expected plain numbers (differences are not read)"
            ) from None
    return points


def _ink_recording(group: ElementTree.Element) -> Recording:
    """One recording from an element whose children are traces and the annotation."""
    label = None
    strokes: list[list[list[float]]] = []
    for child in group.iter():
        tag = child.tag.rpartition("}")[2]
        if tag == "trace":
            strokes.append(_trace(child.text or "", f"trace {len(strokes) + 1}"))
        elif tag == "annotation" and child.get("type", "").lower() in _TRUTHS:
            label = digit_of(child.text or "")
    if label is None:
        raise ValueError(f"no digit: expected an annotation of type {' or '.join(_TRUTHS)}")
    return Recording(label, checked_strokes(strokes), "ink", "InkML")


def parse_inkml(text: str, *, source: str) -> list[Recording]:
    """Read an InkML document: a recording for each annotated trace group, or one in all.

    Raises:
      DataError: it is no such document; the message says where and why.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise DataError(f"{source}, line {line}: not XML ({error})") from error
    groups = [child for child in root if child.tag.rpartition("}")[2] == "traceGroup"] or [root]
    found = []
    for number, group in enumerate(groups, start=1):
        try:
            found.append(_ink_recording(group))
        except ValueError as error:
            raise DataError(f"{source}, trace group {number}: {error}") from error
    return found
