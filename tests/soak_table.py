"""What tests.soak found, as the table of docs/reliability.md.

python -m tests.soak_table out/soak.json
"""

import json
import statistics
import sys
from collections import Counter
from pathlib import Path

from strokes.files import atomic_path
from tests.conftest import ROOT
from train.figures.tables import markdown_table

DOCUMENT = ROOT / "docs" / "reliability.md"
BEGIN, END = "<!-- made by tests.soak_table -->\n", "<!-- end -->\n"
HEAD = ("what", "how", "found")


def statuses(rounds, part):
    """How often each status was answered, in all rounds together."""
    found = sum((Counter(one[part]["statuses"]) for one in rounds), Counter())
    words = {"200": "answered", "503": "told to come again"}
    return ", ".join(
        f"{count:,} {words.get(name, f'answered {name}')}" for name, count in sorted(found.items())
    )


def span(rounds, part, name):
    """The median of all rounds' medians, and the longest of all, in milliseconds."""
    found = [one[part][name] for one in rounds if one[part][name]]
    if not found:
        return "never"
    median, most = statistics.median(one[0] for one in found), max(one[1] for one in found)
    return f"{1000 * median:.0f} ms (most {1000 * most:.0f})"


def server_rows(server):
    """What the page's server bore."""
    rounds = server["rounds"]

    def middle(part, name):
        return statistics.median(one[part][name] for one in rounds)

    lost = sum(one["crowd"]["lost"] for one in rounds)
    megabytes = server["megabytes"]
    return [
        (
            "200 clients at once, 5 questions each",
            f"{len(rounds)} rounds",
            f"{lost or 'none'} lost; {statuses(rounds, 'crowd')}; "
            f"answered {middle('crowd', 'answered_a_second'):.0f} a second, each after "
            f"{span(rounds, 'crowd', 'answered_seconds')}, told after "
            f"{span(rounds, 'crowd', 'told_to_come_again_seconds')}; "
            f"the server had {middle('crowd', 'cores_of_server'):.1f} cores",
        ),
        (
            "600 sockets that never end their headers",
            "the same",
            f"a page in {span(rounds, 'slow_sockets', 'page_seconds')}, "
            f"a digit in {span(rounds, 'slow_sockets', 'digit_seconds')}, "
            f"of {1000 * middle('slow_sockets', 'digit_core_seconds'):.0f} ms of work; without "
            f"them in {span(rounds, 'slow_sockets', 'digit_seconds_alone')}, "
            f"of {1000 * middle('slow_sockets', 'digit_core_seconds_alone'):.0f} ms",
        ),
        (
            "16 pictures of 40 megapixels at once",
            "the same",
            f"{statuses(rounds, 'bombs')}, after {span(rounds, 'bombs', 'seconds')}",
        ),
        ("1,000 bodies with bytes changed", "the same", statuses(rounds, "nonsense")),
        (
            "memory of the server",
            "the same",
            f"{megabytes[0]:,} MB after the first round, {megabytes[-1]:,} MB after the last; "
            f"at most {server['peak_megabytes']:,} MB",
        ),
    ]


def rows(found):
    """A row for each thing that was done."""
    table = []
    if kills := found.get("kills"):
        equal = (
            "equal" if not kills["differences"] else "differs: " + ", ".join(kills["differences"])
        )
        told = f"killed {kills['killed']} times, its end {equal} to an uninterrupted run's"
        table.append(
            ("a training killed after committed checkpoints, and resumed", "SIGKILL", told)
        )
    if bits := found.get("bits"):
        told = f"{bits['noticed']} of {bits['flipped']} noticed"
        table.append(("single bits flipped in all that models are loaded from", "one each", told))
    if malformed := found.get("malformed"):
        told = (
            f"{malformed['faults'] or 'no'} tracebacks, hangs over 5 s, messages of several lines "
            f"or silent changes; at most {malformed['peak_megabytes']:,} MB"
        )
        table.append(("malformed files, bombs among them", f"{malformed['files']:,} files", told))
    return [*table, *(server_rows(found["server"]) if "server" in found else ())]


def with_table(document, found):
    """A document's text with the table of what was found, where its marks are."""
    before, rest = document.split(BEGIN)
    _, after = rest.split(END)
    where = f"`make soak` on {found['cores']} cores, {found['date']}:"
    return f"{before}{BEGIN}{where}\n\n{markdown_table(HEAD, rows(found))}\n{END}{after}"


if __name__ == "__main__":
    text = with_table(DOCUMENT.read_text(), json.loads(Path(sys.argv[1]).read_text()))
    with atomic_path(DOCUMENT) as temporary:
        temporary.write_text(text)
