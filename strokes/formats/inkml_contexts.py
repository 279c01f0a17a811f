"""Which trace format holds for an InkML trace: named by it, by its group, or the one in force.

W3C, *Ink Markup Language (InkML)*, 2011, section 4: a ``context`` that is no definition holds for
what follows it; it has a trace format, names one, or an ink source or a context that has one.
"""

from xml.etree.ElementTree import Element

from strokes.formats.inkml_traces import Channels, channels_of, name_of

_IDENTITY = "{http://www.w3.org/XML/1998/namespace}id"
_REFERENCES = ("traceFormatRef", "inkSourceRef", "contextRef")
_DEFAULT = "#DefaultContext"
_MAX_STEPS = 16  # from a context to its trace format
_HOLDERS = ("context", "traceFormat", "inkSource")


def identity(element: Element) -> str:
    """By what others refer to an element; empty if nothing can."""
    return element.get(_IDENTITY) or element.get("id") or ""


class Contexts:
    """The trace formats of a document."""

    def __init__(self, root: Element):
        """Look through all of it, in order."""
        self._named = {f"#{identity(one)}": one for one in root.iter() if name_of(one) in _HOLDERS}
        self._of_trace: dict[int, Element | str | None] = {}
        self._in_force: Element | None = None
        # An explicit stack: documents may be deep.
        waiting: list[tuple[Element, str]] = [(root, "")]
        while waiting:
            element, reference = waiting.pop()
            kind = name_of(element)
            reference = element.get("contextRef", reference)
            if kind == "trace":
                self._of_trace[id(element)] = reference or self._in_force
            elif kind in _HOLDERS:
                self._in_force = element
            elif kind != "definitions":
                waiting += [(child, reference) for child in reversed(element)]

    def channels(self, trace: Element) -> Channels:
        """What the numbers of a trace are. Raises ValueError for a format that is not there."""
        holder = self._of_trace.get(id(trace))
        if isinstance(holder, str):
            holder = None if holder.strip() == _DEFAULT else self._referred(holder)
        trace_format = None if holder is None else self._format(holder, 0)
        return Channels() if trace_format is None else channels_of(trace_format)

    def _referred(self, reference: str) -> Element:
        found = self._named.get("#" + reference.strip().removeprefix("#"))
        if found is None:
            raise ValueError(f"a context {reference!r:.40} that is not there")
        return found

    def _format(self, holder: Element, step: int) -> Element | None:
        """The trace format of a context or ink source, which may be named there or in another."""
        if step > _MAX_STEPS:
            raise ValueError("contexts that lead to one another without end")
        if name_of(holder) == "traceFormat":
            return holder
        for child in holder:
            if name_of(child) in ("traceFormat", "inkSource"):
                return self._format(child, step + 1)
        for name in _REFERENCES:
            reference = holder.get(name)
            if reference is not None and reference.strip() != _DEFAULT:
                return self._format(self._referred(reference), step + 1)
        return None
