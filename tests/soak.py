"""Ten minutes of what a server and a training must bear: `make soak`.

Reads malformed files; starts the page's server and asks it as a crowd does, slowly, with bombs
and with nonsense, again and again, while its memory is watched; flips bits in all that a model is
loaded from; kills trainings and resumes them. Prints what happened; tests.soak_table makes the
table of docs/reliability.md of it.

Example:
  python -m tests.soak --minutes 10 --kills 20 --json out/soak.json
  python -m tests.soak_table out/soak.json
"""

import argparse
import concurrent.futures
import contextlib
import io
import itertools
import json
import os
import signal
import socket
import statistics
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
from PIL import Image

from strokes.compilation import keep_programs
from tests.damage import flipped_bits, killed_trainings, malformed_files
from tests.scripts.page.conftest import THREE, Server

KIND = "application/json"
REFINE = 40  # as scripts.serve has it
CLIENTS, REQUESTS, SLOW, BOMBS = 200, 5, 600, 16
STROKES = json.dumps({"strokes": [[[x, y, 10 * i] for i, (x, y) in enumerate(THREE)]]}).encode()


def timed(ask):
    """What a call gave, and how many seconds it took; the error's name where it failed."""
    began = time.perf_counter()
    try:
        found = ask()
    except (OSError, ValueError) as error:  # an answer that did not come is lost
        found = type(error).__name__
    return found, time.perf_counter() - began


def at_once(count, ask):
    """The results of many calls at once, each of a number."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        return list(pool.map(lambda number: timed(lambda: ask(number)), range(count)))


def seconds(results, status=None):
    """Median and largest duration in seconds, of one status or of all."""
    found = [took for what, took in results if status is None or what == status]
    return [round(statistics.median(found), 3), round(max(found), 3)] if found else None


def worked(server):
    """Seconds that all cores together have worked for a server."""
    spent = Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(spent[11]) + int(spent[12])) / os.sysconf("SC_CLK_TCK")


def crowd(server):
    """Two hundred clients, each asking five times one after the other."""
    began, before = time.perf_counter(), worked(server)

    def client(_):
        return [
            timed(lambda: server.ask("POST", "/api/strokes", STROKES, content_type=KIND)[0])
            for _ in range(REQUESTS)
        ]

    results = [one for found, _ in at_once(CLIENTS, client) for one in found]
    took = time.perf_counter() - began
    statuses = Counter(str(status) for status, _ in results)
    return {
        "statuses": dict(statuses),
        "lost": sum(statuses.values()) - statuses["200"] - statuses["503"],
        "answered_a_second": round(statuses["200"] / took, 1),
        "cores_of_server": round((worked(server) - before) / took, 2),
        "answered_seconds": seconds(results, 200),
        "told_to_come_again_seconds": seconds(results, 503),
    }


def slow_sockets(server):
    """Six hundred clients that never end their headers, and one that asks, before and then."""

    def ask():
        before = worked(server)
        digits = [timed(lambda: server.post("/api/strokes", STROKES)[0]) for _ in range(10)]
        return digits, round((worked(server) - before) / len(digits), 3)

    alone, cost_alone = ask()
    with contextlib.ExitStack() as held:
        for _ in range(SLOW):
            one = held.enter_context(socket.create_connection(("127.0.0.1", server.port)))
            one.sendall(b"POST /api/strokes HTTP/1.1\r\nHost: ")
        pages = [timed(lambda: server.ask("GET", "/")[0]) for _ in range(20)]
        digits, cost = ask()
    return {
        "statuses": dict(Counter(str(status) for status, _ in pages + digits)),
        "page_seconds": seconds(pages),
        "digit_seconds": seconds(digits),
        "digit_seconds_alone": seconds(alone),
        "digit_core_seconds": cost,
        "digit_core_seconds_alone": cost_alone,
    }


def bomb():
    """A picture of 40 megapixels, transparent, in few bytes."""
    file = io.BytesIO()
    Image.new("RGBA", (6324, 6324), (0, 0, 0, 0)).save(file, format="PNG")
    return file.getvalue()


def bombs(server, picture):
    """Sixteen such pictures at once, and one that claims a terapixel."""

    def send(number):
        claims = number == BOMBS - 1
        body = picture[:16] + b"\x00\x0f\x42\x40" * 2 + picture[24:] if claims else picture
        return server.ask("POST", "/api/picture", body, content_type="image/png")[0]

    results = at_once(BOMBS, send)
    return {
        "statuses": dict(Counter(str(status) for status, _ in results)),
        "seconds": seconds(results),
    }


def nonsense(server, seed):
    """A thousand bodies with some bytes changed."""

    def send(number):
        generator = np.random.default_rng([seed, number])
        body = bytearray(STROKES)
        for place in generator.integers(0, len(body), 1 + number % 40):
            body[place] = generator.integers(0, 256)
        path = ("strokes", "recording", "gif", "picture")[number % 4]
        kind = "image/png" if path == "picture" else KIND
        return server.ask("POST", f"/api/{path}", bytes(body), content_type=kind)[0]

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        results = list(pool.map(lambda number: timed(lambda: send(number)), range(1000)))
    return {"statuses": dict(Counter(str(status) for status, _ in results))}


def peak_megabytes(server):
    """The most memory that a server has had so far."""
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    return round(int(status.split("VmHWM:")[1].split()[0]) / 1e3)


def served(minutes):
    """All that a server bears, again and again."""
    rounds, memory = [], []
    picture = bomb()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), refine=REFINE)
        try:
            server.wait()
            ends = time.monotonic() + 60 * minutes
            for number in itertools.count():
                found = {
                    "crowd": crowd(server),
                    "slow_sockets": slow_sockets(server),
                    "bombs": bombs(server, picture),
                    "nonsense": nonsense(server, number),
                }
                rounds.append(found)
                memory.append(round(server.megabytes()))
                print(f"round {number + 1}: {found}, {memory[-1]} MB", file=sys.stderr, flush=True)
                if time.monotonic() > ends:
                    break
            return {"rounds": rounds, "megabytes": memory, "peak_megabytes": peak_megabytes(server)}
        finally:
            server.process.send_signal(signal.SIGINT)
            server.process.communicate(timeout=60)


def main():
    """Do it all, and print what happened."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=4.0, help="of asking the server")
    parser.add_argument("--files", type=int, default=2000, help="malformed ones, to read")
    parser.add_argument("--bits", type=int, default=200, help="to flip in what models load from")
    parser.add_argument("--kills", type=int, default=20, help="of a training")
    parser.add_argument("--json", type=Path, help="file to write what happened to")
    options = parser.parse_args()
    keep_programs()
    found = {"date": date.today().isoformat(), "cores": len(os.sched_getaffinity(0))}
    if options.files:
        found["malformed"] = malformed_files(options.files)
    if options.minutes:
        found["server"] = served(options.minutes)
    if options.bits:
        found["bits"] = flipped_bits(options.bits)
    if options.kills:
        found["kills"] = killed_trainings(options.kills)
    text = json.dumps(found, indent=1)
    print(text)
    if options.json:
        options.json.parent.mkdir(parents=True, exist_ok=True)
        options.json.write_text(text + "\n")


if __name__ == "__main__":
    main()
