"""What W3C's *Ink Markup Language* (recommendation of 20 September 2011) allows, for digits.

Elements by their names: what they may hold, as an expression over the names of their children, and
which attributes they have. Traces are held to the grammar of section 3.2.1 without differences.
"""

import re

NAMESPACE = "{http://www.w3.org/2003/InkML}"
IDENTITY = "{http://www.w3.org/XML/1998/namespace}id"

REFERENCES = ("contextRef", "brushRef")
ELEMENTS = {  # contents, attributes that must be there, attributes that may
    "ink": (
        "(definitions|context|trace|traceGroup|traceView|annotation|annotationXML)*",
        (),
        ("documentID",),
    ),
    "context": (
        "(canvas|canvasTransform|traceFormat|inkSource|brush|timestamp)*",
        (),
        (
            *(IDENTITY, "contextRef", "canvasRef", "canvasTransformRef", "traceFormatRef"),
            *("inkSourceRef", "brushRef", "timestampRef"),
        ),
    ),
    "traceFormat": ("(channel)*(intermittentChannels)?", (), (IDENTITY,)),
    "channel": (
        "(mapping)?",
        ("name",),
        (IDENTITY, "type", "default", "min", "max", "orientation", "respectTo", "units"),
    ),
    "traceGroup": ("(annotation|annotationXML)*(trace|traceGroup)*", (), (IDENTITY, *REFERENCES)),
    "trace": (
        "",
        (),
        (IDENTITY, "type", "continuation", "priorRef", *REFERENCES, "duration", "timeOffset"),
    ),
    "annotation": ("", (), ("type", "encoding")),
}
VALUES = {
    ("channel", "type"): ("integer", "decimal", "double", "boolean"),
    ("channel", "orientation"): ("+ve", "-ve"),
    ("trace", "type"): ("penDown", "penUp", "indeterminate"),
    ("trace", "continuation"): ("begin", "middle", "end"),
}
HOLDING_TEXT = ("trace", "annotation")
DECIMAL = re.compile(r"-?([0-9]+(\.[0-9]*)?|\.[0-9]+)")


def violations(root):
    """What of a document the standard does not allow, in words."""
    found = [] if root.tag == f"{NAMESPACE}ink" else [f"the root is {root.tag}"]
    channels = root.findall(f"./{NAMESPACE}context/{NAMESPACE}traceFormat/{NAMESPACE}channel")
    values = len(channels) or 2  # X and Y where nothing is said
    identities = [one.get(IDENTITY) for one in root.iter() if one.get(IDENTITY)]
    if len(set(identities)) < len(identities):
        found.append("an identity stands twice")
    for element in root.iter():
        name = element.tag.removeprefix(NAMESPACE)
        if name not in ELEMENTS:
            found.append(f"no element {name}")
            continue
        found += _of_element(element, name)
        if name == "trace":
            found += _of_trace(element.text or "", values)
    return found


def _of_element(element, name):
    contents, needed, allowed = ELEMENTS[name]
    children = "".join(child.tag.removeprefix(NAMESPACE) + " " for child in element)
    expression = re.sub(r"(\w+)", r"\1 ", contents)
    if not re.fullmatch(expression, children):
        yield f"{name} holds {children.strip() or 'nothing'}"
    yield from (f"{name} without {one}" for one in needed if element.get(one) is None)
    for attribute, value in element.items():
        if attribute not in (*needed, *allowed):
            yield f"{name} has no {attribute}"
        if value not in VALUES.get((name, attribute), (value,)):
            yield f"{name} {attribute} is {value}"
    texts = [element.text, *(child.tail for child in element)]
    if name not in HOLDING_TEXT and any((text or "").strip() for text in texts):
        yield f"{name} holds text"


def _of_trace(text, values):
    for point in text.split(","):
        numbers = point.split()
        if len(numbers) != values:
            yield f"a point {point.strip()!r} of {len(numbers)} values, of {values} channels"
        yield from (f"{one!r} is no decimal" for one in numbers if not DECIMAL.fullmatch(one))
