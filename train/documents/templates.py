"""Templates: text with places ``{{ name }}`` that are filled with figures."""

import re

from train.errors import RunError

_PLACE = re.compile(r"\{\{ ([a-z_]+) \}\}")


def fill(template: str, parts: dict[str, str], *, name: str) -> str:
    """Fill every place of a template.

    Args:
      template: text with places ``{{ part }}``.
      parts: text for each place.
      name: what messages call the template.

    Raises:
      RunError: a place has no part, or a part no place.
    """
    asked = set(_PLACE.findall(template))
    if asked != parts.keys():
        raise RunError(
            f"{name}: places without figures {sorted(asked - parts.keys())}, "
            f"figures without a place {sorted(parts.keys() - asked)}"
        )
    return _PLACE.sub(lambda match: parts[match[1]], template)
