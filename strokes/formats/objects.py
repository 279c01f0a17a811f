"""NumPy's arrays of arrays, as sketch-rnn's files hold them, read without running what they say.

NumPy writes an array of objects as a pickle, and a pickle is a program: whoever unpickles a file
runs what its author wished. Here its instructions are read one by one, and those alone are
followed of which NumPy makes arrays of numbers; nothing that the file names is ever called.
"""

import math
import pickletools
import re
from typing import Any

import numpy as np
import numpy.typing as npt

MAX_PICKLE = 1 << 26
"""Bytes of such an array of arrays."""

_MAX_STEPS = 4_000_000  # some twenty for each array
_DTYPE = re.compile(r"[fiu][1248]|b1")
_MARK = object()
_KNOWN = {
    "numpy.core.multiarray _reconstruct": "reconstruct",
    "numpy._core.multiarray _reconstruct": "reconstruct",
    "numpy ndarray": "ndarray",
    "numpy dtype": "dtype",
    "_codecs encode": "encode",
    "__builtin__ bytes": "bytes",
}
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_VALUES = re.compile(  # instructions that say a whole number, text or bytes
    r"INT|BININT[12]?|LONG[14]?|(SHORT_)?BINSTRING|STRING"
    r"|(SHORT_)?BINBYTES|BINBYTES8|(SHORT_)?BINUNICODE|BINUNICODE8|UNICODE"
)
_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}


class _Made:
    """What a file says that NumPy should make: an array, or a dtype; with its state."""

    def __init__(self, what: str, name: Any = None):
        self.what, self.name = what, name
        self.state: Any = None


def arrays_of(content: bytes) -> npt.NDArray[Any]:
    """An array of dtype object, ``[N]``, of the arrays of numbers that a pickle holds.

    Raises:
      ValueError: it holds anything else, is damaged, or larger than `MAX_PICKLE`.
    """
    if len(content) > MAX_PICKLE:
        raise ValueError(f"more than {MAX_PICKLE:,} bytes of objects")
    try:
        items = _items(_followed(content))
        found = np.empty(len(items), object)
        for index, item in enumerate(items):
            found[index] = _numbers(item)
    except (IndexError, KeyError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"objects that are no arrays of numbers ({error})") from error
    return found


def _followed(content: bytes) -> Any:
    """What the instructions leave on the stack."""
    stack: list[Any] = []
    memo: dict[Any, Any] = {}
    for step, (opcode, argument, _) in enumerate(pickletools.genops(content)):
        if step > _MAX_STEPS:
            raise ValueError("too many objects")
        name = opcode.name
        if name == "STOP":
            return stack.pop()
        if _VALUES.fullmatch(name):
            stack.append(argument)
        elif name in _CONSTANTS:
            stack.append(_CONSTANTS[name])
        elif name in ("PUT", "BINPUT", "LONG_BINPUT"):
            memo[argument] = stack[-1]
        elif name == "MEMOIZE":
            memo[len(memo)] = stack[-1]
        elif name in ("GET", "BINGET", "LONG_BINGET"):
            stack.append(memo[argument])
        elif name not in ("PROTO", "FRAME"):
            _change(stack, name, argument)
    raise ValueError("objects without an end")


def _change(stack: list[Any], name: str, argument: Any) -> None:
    """Follow an instruction that makes something of what is on the stack."""
    if name == "MARK":
        stack.append(_MARK)
    elif name == "EMPTY_LIST":
        stack.append([])
    elif name in ("TUPLE", "LIST"):
        stack.append(_to_mark(stack) if name == "LIST" else tuple(_to_mark(stack)))
    elif name in _TUPLES:
        count = _TUPLES[name]
        stack[-count:] = [tuple(stack[-count:])]
    elif name == "APPEND":
        item = stack.pop()
        stack[-1].append(item)
    elif name == "APPENDS":
        items = _to_mark(stack)
        stack[-1].extend(items)
    elif name == "GLOBAL":
        stack.append(_known(argument))
    elif name == "STACK_GLOBAL":
        what, module = stack.pop(), stack.pop()
        stack.append(_known(f"{module} {what}"))
    elif name == "REDUCE":
        arguments = stack.pop()
        stack.append(_made(stack.pop(), arguments))
    elif name == "BUILD":
        state = stack.pop()
        stack[-1].state = state
    else:
        raise ValueError(f"objects that are no arrays of numbers ({name})")


def _to_mark(stack: list[Any]) -> list[Any]:
    items: list[Any] = []
    while (item := stack.pop()) is not _MARK:
        items.append(item)
    return items[::-1]


def _known(name: str) -> _Made:
    if name not in _KNOWN:
        raise ValueError(f"objects that are no arrays of numbers ({name!r:.60})")
    return _Made(_KNOWN[name])


def _made(function: _Made, arguments: tuple[Any, ...]) -> Any:
    if function.what == "reconstruct":
        return _Made("array")
    if function.what == "dtype":
        return _Made("type", arguments[0])
    if function.what == "encode":
        return arguments[0].encode("latin-1")
    if function.what == "bytes" and arguments == ():
        return b""
    raise TypeError(function.what)


def _items(made: _Made) -> list[Any]:
    """The arrays that the array of objects holds."""
    _, shape, kind, _, items = made.state
    if kind.name not in ("O", "O8") or shape != (len(items),) or not isinstance(items, list):
        raise ValueError("objects in another shape than [N]")
    return items


def _numbers(made: _Made) -> npt.NDArray[Any]:
    _, shape, kind, by_columns, content = made.state
    name = str(kind.name)
    if not _DTYPE.fullmatch(name):
        raise ValueError(f"an array of {name!r:.20}, expected numbers")
    order = kind.state[1] if kind.state else "|"
    dtype = np.dtype(("" if order not in ("<", ">") else order) + name)
    raw = content.encode("latin-1") if isinstance(content, str) else content
    if len(shape) != 2 or min(shape) < 0 or math.prod(shape) * dtype.itemsize != len(raw):
        raise ValueError(f"an array of another size than {list(shape)!r:.40}")
    return np.frombuffer(raw, dtype).reshape(shape, order="F" if by_columns else "C")
