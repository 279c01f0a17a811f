"""The classes of a data set: nothing else in the package says what pictures and recordings show.

A class is a **number** from 0 on in arrays (labels ``[N]``, logits ``[N, K]``, the label of a
`strokes.ink.Recording`) and a **name**, any Unicode text, to people and in files. `Classes` leads
from one to the other. Who makes a set gives its classes; who trains on one keeps them beside the
weights (`Classes.facts`); who reads weights takes them from there (`classes_of`). Weights of before
classes were kept are of `DIGITS`, whose numbers are what their names say.

Names are compared as Unicode says that they look alike (NFC). Loads nothing.
"""

import collections
import dataclasses
import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

MOST_CLASSES = 65_536
LONGEST_NAME = 100

_PLAIN = re.compile(r"[0-9a-z]+")  # names that are folders' names, whatever the file system
_CODES = re.compile(r"U\+[0-9A-Fa-f]{4,6}(_U\+[0-9A-Fa-f]{4,6})*")


@dataclasses.dataclass(frozen=True)
class Classes:
    """Names of classes, in the order of their numbers. Raises ValueError for what names none."""

    names: tuple[str, ...]
    """The name of each."""
    alike: tuple[tuple[str, ...], ...] = ()
    """Groups of names that a picture of one size does not tell apart, as C and c: to read one of
    a group as another is no mistake where measures say ``folded``."""

    def __post_init__(self) -> None:
        """Refuse names that are empty, endless, of no text, or twice there."""
        if not 1 <= len(self.names) <= MOST_CLASSES:
            raise ValueError(f"{len(self.names):,} classes, expected 1 to {MOST_CLASSES:,}")
        for name in self.names:
            _check_name(name)
        if len(self._numbers) < len(self.names):
            ((name, _),) = collections.Counter(map(_normal, self.names)).most_common(1)
            raise ValueError(f"two classes are named {name!r}")
        members = [name for group in self.alike for name in group]
        for name in members:
            self.number(name)
        if len(set(members)) < len(members):
            raise ValueError("classes that look alike: one is in two groups")

    def __len__(self) -> int:
        """How many there are."""
        return len(self.names)

    @functools.cached_property
    def _numbers(self) -> dict[str, int]:
        return {_normal(name): number for number, name in enumerate(self.names)}

    @functools.cached_property
    def folded(self) -> tuple[int, ...]:
        """For each class the lowest number of those that look like it; its own if none does."""
        first = list(range(len(self)))
        for group in self.alike:
            numbers = [self.number(name) for name in group]
            for number in numbers:
                first[number] = min(numbers)
        return tuple(first)

    def number(self, name: str) -> int:
        """The number of a name. Raises ValueError for none of them."""
        try:
            return self._numbers[_normal(name)]
        except KeyError:
            raise ValueError(f"label {name!r:.40}, expected {self.described}") from None

    @property
    def of_digits(self) -> bool:
        """Whether they are the digits, in whatever order."""
        return set(self.names) == set(DIGITS.names)

    @property
    def described(self) -> str:
        """What names are expected, in words for a message."""
        if self.of_digits:
            return "a digit from 0 to 9"
        few = " ".join(self.names[:60])
        return f"one of {few}" if len(self) <= 60 else f"one of {len(self):,} names ({few[:40]}...)"

    def listed(self, names: Sequence[str]) -> str:
        """Some of the names, in words for a message."""
        few = ", ".join(names[:10])
        shown = few if len(names) <= 10 else f"{few} and {len(names) - 10:,} others"
        return f"{'digit' if self.of_digits else 'class'} {shown}"

    def facts(self) -> dict[str, Any]:
        """Plain values that say the same; `classes_of` reads them."""
        said: dict[str, Any] = {"classes": list(self.names)}
        return said | ({"alike": [list(group) for group in self.alike]} if self.alike else {})


def _normal(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _check_name(name: Any) -> None:
    if not isinstance(name, str) or not 1 <= len(name) <= LONGEST_NAME:
        raise ValueError(f"class {name!r:.60}: expected a text of 1 to {LONGEST_NAME} characters")
    if any(unicodedata.category(one) in ("Cc", "Cs") for one in name):
        raise ValueError(f"class {name!r:.60}: a control character, or half of one")


DIGITS = Classes(tuple("0123456789"))
"""What a set is of where it does not say."""


def classes_of(facts: Mapping[str, Any]) -> Classes:
    """The classes that plain values name, as `Classes.facts` gives them; `DIGITS` if they do not.

    Raises:
      TypeError, ValueError: they name none.
    """
    if "classes" not in facts:
        return DIGITS
    return Classes(tuple(facts["classes"]), tuple(map(tuple, facts.get("alike", ()))))


def folder_of(name: str) -> str:
    """A name for a folder or file of a class, the same and different everywhere.

    Digits and small letters stay; of all else the characters' codes are given, as ``U+0041``, so
    that A and a are two folders where case does not count. `name_of_folder` is the inverse.
    """
    plain = _normal(name)
    return plain if _PLAIN.fullmatch(plain) else "_".join(f"U+{ord(one):04X}" for one in plain)


def name_of_folder(folder: str) -> str:
    """The class that a folder's name means: ``U+4E00`` as the character, all else as it stands.

    Raises:
      ValueError: a code that is of no character.
    """
    if not _CODES.fullmatch(folder):
        return folder
    codes = [int(code[2:], 16) for code in folder.split("_")]
    if max(codes) > 0x10FFFF:
        raise ValueError(f"{folder}: no character has this code")
    return "".join(map(chr, codes))
