"""W3C InkML (2011): digits in annotated groups of traces, as CROHME's, or one in all.

A group is a digit if its annotation says so and no group in it does: CROHME's files label the
whole formula, and in it every symbol. Groups hold traces, views of traces elsewhere, and groups.
What a trace's numbers mean is in `strokes.formats.inkml_traces`.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import numpy as np

from strokes.classes import DIGITS, Classes
from strokes.errors import DataError
from strokes.formats.inkml_contexts import Contexts, identity
from strokes.formats.inkml_traces import name_of, points_of
from strokes.formats.labels import Unlabelled, class_of
from strokes.formats.limits import read_bytes
from strokes.formats.lines import Found
from strokes.ink import MAX_STROKES, Recording, Stroke, checked_strokes

_TRUTHS = ("truth", "label", "transcription")  # types of annotation that name the digit
_NO_LABEL = "segmentation"  # what CROHME calls the group of the groups of symbols
_OF_INK = ("trace", "traceGroup", "traceView")
_MAX_MARKS = 3_000_000  # tags and attributes, which take far more memory than they have bytes
_MAX_DEPTH = 32
_MAX_VIEWS = 100_000
_INDEX = re.compile(r"[1-9]\d{0,8}(?::[1-9]\d{0,8}){0,7}")
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding=[\"']([\w.-]{1,30})[\"']")
_ENCODINGS = ("utf-8", "utf-16", "us-ascii", "iso-8859-1", "latin-1", "latin1", "windows-1252")


def _decoded(content: bytes, source: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    else:
        match = _ENCODING.match(content.removeprefix(b"\xef\xbb\xbf").lstrip()[:200].lower())
        named = match[1].decode() if match else "utf-8"
        encoding = "utf-8-sig" if named in ("utf-8", "utf8") else named
        if encoding not in ("utf-8-sig", *_ENCODINGS):
            raise DataError(f"{source}: in {named!r}, expected UTF-8")
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise DataError(f"{source}: not text ({error})") from error


def xml_root(text: str, source: str) -> Element:
    """The root of a document of XML within limits, without entities of its own.

    Raises:
      DataError: it is none.
    """
    if "<!ENTITY" in text:
        raise DataError(f"{source}: it defines entities, which are not read")
    if text.count("<") + text.count("=") > _MAX_MARKS:
        raise DataError(f"{source}: more than {_MAX_MARKS:,} tags and attributes; split it")
    try:
        return ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        line = error.position[0]
        raise DataError(f"{source}, line {line}: not XML ({error})") from error


def _label(group: Element) -> str | None:
    """What an element's own annotation says that it is."""
    said: dict[str, str] = {}
    for child in group:
        if name_of(child) == "annotation":
            said.setdefault(child.get("type", "").strip().lower(), child.text or "")
    found = next((said[kind] for kind in _TRUTHS if kind in said), None)
    return None if found is None or found.strip().lower() == _NO_LABEL else found


class _Seen(NamedTuple):
    """A trace, or what a view shows of it."""

    trace: Element
    points: slice = slice(None)


class _Document:
    """The traces of a document, and the recordings that its groups are."""

    def __init__(self, root: Element, source: str, classes: Classes):
        self.root, self.source, self._classes = root, source, classes
        self._contexts = Contexts(root)
        self._by_identity = {name: one for one in root.iter() if (name := identity(one))}
        self._points: dict[int, Stroke] = {}
        self._claimed: set[int] = set()
        self._groups = self._views = 0

    def recordings(self) -> Iterator[Found]:
        """Each digit, or why it cannot be meant; then what belongs to none."""
        found, free = self._visit(self.root, 0)
        left = [one for one in free if id(one.trace) not in self._claimed and _is_ink(one.trace)]
        if not found:
            yield self._recording(left, self.source, None)
            return
        yield from found
        if left:
            yield DataError(f"{self.source}: {len(left)} traces that belong to no labelled group")

    def _visit(self, group: Element, depth: int) -> tuple[list[Found], list[_Seen]]:
        """What a group and those in it are, and the traces that belong to none of them."""
        if depth > _MAX_DEPTH:
            raise DataError(f"{self.source}: groups in groups, more than {_MAX_DEPTH} deep")
        found: list[Found] = []
        free: list[_Seen] = []
        for child in group:
            kind = name_of(child)
            if kind == "trace":
                free.append(_Seen(child))
            elif kind in ("traceGroup", "traceView"):
                inner, left = self._visit(child, depth + 1)
                found += inner
                free += left
        if name_of(group) == "traceView" and group.get("traceDataRef"):
            free += self._viewed(group, depth)
        label = _label(group)
        if found or label is None:
            return found, free
        self._groups += 1
        where = f"{self.source}, trace group {self._groups}"
        self._claimed.update(id(one.trace) for one in free)
        return [self._recording(free, where, label)], []

    def _viewed(self, view: Element, depth: int) -> list[_Seen]:
        """The traces that a view names: one, those of a group, or of another view, or a part."""
        self._views += 1
        if depth > _MAX_DEPTH or self._views > _MAX_VIEWS:
            raise DataError(f"{self.source}: too many views of views")
        name = view.get("traceDataRef", "").strip().removeprefix("#")
        target = self._by_identity.get(name)
        if target is None:
            raise DataError(f"{self.source}: a view of {name!r:.40}, which is not there")
        return self._part(target, self._index(view, "from"), self._index(view, "to"), depth)

    def _index(self, view: Element, name: str) -> list[int]:
        """Where a view begins or ends: which child of its target, which of that one's, from 1."""
        text = (view.get(name) or "").strip()
        if text and not _INDEX.fullmatch(text):
            raise DataError(f"{self.source}: a view {name} {text!r:.40}, expected as 2, or 2:15")
        return [int(number) for number in text.split(":")] if text else []

    def _part(self, target: Element, first: list[int], last: list[int], depth: int) -> list[_Seen]:
        """The traces of an element from one index to another, which counts too; empty: all."""
        if name_of(target) == "trace":
            return [_Seen(target, slice(first[0] - 1 if first else 0, last[0] if last else None))]
        if target.get("traceDataRef"):
            if first or last:
                raise DataError(f"{self.source}: a view of a part of a view, which is not read")
            return self._viewed(target, depth + 1)
        if depth > _MAX_DEPTH:
            raise DataError(f"{self.source}: groups in groups, more than {_MAX_DEPTH} deep")
        children = [child for child in target if name_of(child) in _OF_INK]
        begin, end = first[0] if first else 1, last[0] if last else len(children)
        found = []
        for number, child in enumerate(children[begin - 1 : end], start=begin):
            within = first[1:] if number == begin else [], last[1:] if number == end else []
            found += self._part(child, *within, depth + 1)
        return found

    def _recording(self, traces: list[_Seen], where: str, label: str | None) -> Found:
        try:
            strokes = checked_strokes([stroke.tolist() for stroke in self._strokes(traces)])
            if label is None:
                return Unlabelled(where, strokes, "ink", "InkML")
            return Recording(class_of(label, self._classes), strokes, "ink", "InkML")
        except ValueError as error:
            return DataError(f"{where}: {error}")

    def _strokes(self, traces: list[_Seen]) -> list[Stroke]:
        """The ink of traces; those that go on others are of one stroke with them."""
        strokes: list[Stroke] = []
        for number, (trace, shown) in enumerate(traces, start=1):
            if len(strokes) > MAX_STROKES:
                raise ValueError(f"more than {MAX_STROKES} strokes")
            if not _is_ink(trace):
                continue
            try:
                points = self._decoded(trace)[shown]
            except ValueError as error:
                raise ValueError(f"trace {number}: {error}") from error
            if not len(points):
                raise ValueError(f"trace {number}: a view of points that it has not")
            if strokes and trace.get("continuation") in ("middle", "end"):
                points = np.concatenate([strokes.pop(), points])
            strokes.append(points)
        return strokes

    def _decoded(self, trace: Element) -> Stroke:
        if id(trace) not in self._points:
            channels = self._contexts.channels(trace)
            self._points[id(trace)] = points_of(trace.text or "", channels)
        return self._points[id(trace)]


def _is_ink(trace: Element) -> bool:
    """Whether a trace has points and was written, not moved through the air."""
    return trace.get("type", "penDown") != "penUp" and bool((trace.text or "").strip(" \t\r\n,"))


def parse_inkml(text: str, *, source: str, classes: Classes = DIGITS) -> Iterator[Found]:
    """The characters of an InkML document, or why one cannot be meant.

    Raises:
      DataError: it is no such document; the message says where and why.
    """
    yield from _Document(xml_root(text, source), source, classes).recordings()


def read_inkml(path: Path, classes: Classes = DIGITS) -> Iterator[Found]:
    """The characters of a file of InkML. Raises DataError as `parse_inkml`."""
    text = _decoded(read_bytes(path), str(path))
    yield from parse_inkml(text, source=str(path), classes=classes)
