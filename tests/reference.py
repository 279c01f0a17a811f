"""Slow, obvious oracles: what the fast code must equal."""

import jax
import jax.numpy as jnp
import numpy as np


def box_line(x1, y1, softness, x2, y2, size=28):
    """One segment by Grzego's (2017) line model, step by step and without any shortcut.

    Scalars in, a ``[size, size]`` picture out. Every mask has a sigmoid of its own, and
    nothing is shared or separated.
    """

    def soften(value):
        return jax.nn.sigmoid(value * softness)

    step = 1.0 / size
    centres = jnp.linspace(0.5 * step, 1.0 - 0.5 * step, size)
    edges = jnp.linspace(0.0, 1.0, size + 1)

    dx, dy = x2 - x1, y2 - y1
    norm = jnp.sqrt(dx * dx + dy * dy + 1e-7)
    dx, dy = dx / norm, dy / norm

    # Where the line crosses the middle of each column, against each row's edges.
    crossing = (centres - x1) * (1.0 / (dx + 1e-8)) * dy + y1  # [column]
    below = soften(crossing[None, :] - edges[:, None])  # [edge, column]
    above = soften(edges[:, None] - crossing[None, :] + step)
    by_column = (below * above)[:-1, :]  # [row, column]

    # Where it crosses the middle of each row, against each column's edges.
    crossing = (centres - y1) * (1.0 / (dy + 1e-8)) * dx + x1  # [row]
    below = soften(crossing[None, :] - edges[:, None])  # [edge, row]
    above = soften(edges[:, None] - crossing[None, :] + step)
    by_row = (below * above)[:-1, :].T  # [row, column]

    mesh_x = jnp.broadcast_to(edges[None, :], (size + 1, size + 1))
    mesh_y = jnp.broadcast_to(edges[:, None], (size + 1, size + 1))
    rectangle = soften(mesh_x - jnp.minimum(x1, x2))
    rectangle *= soften(mesh_y - jnp.minimum(y1, y2))
    rectangle *= soften(jnp.maximum(x1, x2) - mesh_x + step)
    rectangle *= soften(jnp.maximum(y1, y2) - mesh_y + step)
    return jnp.maximum(by_column, by_row) * rectangle[1:, 1:]


def capsule_line(x1, y1, softness, x2, y2, size=28):
    """One segment by the capsule line, pixel by pixel as its definition reads."""
    half_width, pen_up, rate = 0.6 / 28, 3.0, 8.0
    centres = (jnp.arange(size) + 0.5) / size
    x, y = centres[None, :], centres[:, None]
    dx, dy = x2 - x1, y2 - y1
    along = jnp.clip(((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy + 1e-12), 0.0, 1.0)
    gap_x, gap_y = x - (x1 + along * dx), y - (y1 + along * dy)
    distance = jnp.sqrt(gap_x**2 + gap_y**2 + 1e-12)
    # The lift is such that the middle of the line has logit 0, ink 1/2, at log-softness 3.
    offset = jnp.log(jnp.expm1(jnp.exp(pen_up) * half_width))
    lift = -jnp.log1p(jnp.exp(rate * (pen_up - jnp.log(softness)) + offset))
    return jax.nn.sigmoid(softness * (half_width - distance) + lift)


def draw(points, line, combine, size=28):
    """``[T, 3]`` points as a ``[size, size]`` picture, all segments at once."""
    segment = {"box": box_line, "capsule": capsule_line}[line]
    x, y, softness = points[:, 0], points[:, 1], points[:, 2]
    strokes = jax.vmap(lambda *ends: segment(*ends, size=size))(
        x[:-1], y[:-1], softness[:-1], x[1:], y[1:]
    )
    return strokes.max(0) if combine == "max" else strokes.sum(0)


def curve_points(points, lifted, curve, pieces):
    """``[T, 3]`` points cut into pieces along a curve, segment by segment, in double precision.

    Catmull-Rom by the pyramid of Barry and Goldman (1988), Beziers by de Casteljau's.
    """

    def between(a, b, start, end, at):
        return ((end - at) * a + (at - start) * b) / (end - start)

    places, last = np.float64(points[:, :2]), len(points) - 1
    found = []
    for t in range(last):
        start, end = places[t], places[t + 1]
        before, after = 2 * start - end, 2 * end - start  # straight on
        if t > 0 and not lifted[t - 1] and not lifted[t]:
            before = places[t - 1]
        if t < last - 1 and not lifted[t] and not lifted[t + 1]:
            after = places[t + 2]
        for u in np.arange(pieces) / pieces:
            if curve == "line":
                place = between(start, end, 0, 1, u)
            elif curve == "catmull-rom":
                left = between(before, start, -1, 0, u)
                middle = between(start, end, 0, 1, u)
                right = between(end, after, 1, 2, u)
                left = between(left, middle, -1, 1, u)
                right = between(middle, right, 0, 2, u)
                place = between(left, right, 0, 1, u)
            elif u < 0.5:  # the second half of the Bezier around the segment's start
                first, control, second = (before + start) / 2, start, (start + end) / 2
                left = between(first, control, -0.5, 0.5, u)
                right = between(control, second, -0.5, 0.5, u)
                place = between(left, right, -0.5, 0.5, u)
            else:  # the first half of the Bezier around its end
                first, control, second = (start + end) / 2, end, (end + after) / 2
                left = between(first, control, 0.5, 1.5, u)
                right = between(control, second, 0.5, 1.5, u)
                place = between(left, right, 0.5, 1.5, u)
            found.append([*place, points[t, 2]])
    return np.array([*found, points[last]])


def components(picture, connectivity):
    """Number of ink components of ``[H, W]``, by flood fill."""
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    if connectivity == 8:
        steps += [(-1, -1), (-1, 1), (1, -1), (1, 1)]
    left = {tuple(place) for place in np.argwhere(picture).tolist()}
    count = 0
    while left:
        count += 1
        front = [left.pop()]
        while front:
            row, column = front.pop()
            for down, right in steps:
                place = (row + down, column + right)
                if place in left:
                    left.remove(place)
                    front.append(place)
    return count


def ladder_threshold(grey):
    """The binarisation threshold of one grey picture, as its definition reads."""

    def described(threshold):
        ink = grey > threshold
        return components(ink, 4), components(ink, 8)

    area = (grey > 0).sum()
    threshold = 0
    while (
        described(threshold) == described(0)
        and 2 * (grey > threshold).sum() >= area
        and threshold < 250
    ):
        threshold += 25
    return max(threshold - 25, 0)


def thin_one(binary):
    """Zhang-Suen on one ``[H, W]`` picture, pixel by pixel as in the paper."""
    height, width = binary.shape
    picture = {(r, c): int(binary[r, c]) for r in range(height) for c in range(width)}

    def ring(row, column):  # P2 to P9: clockwise from north
        around = [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)]
        return [picture.get((row + down, column + right), 0) for down, right in around]

    def deletable(place, first):
        p2, p3, p4, p5, p6, p7, p8, p9 = circle = ring(*place)
        del p3, p5, p7, p9
        rises = sum(a == 0 and b == 1 for a, b in zip(circle, circle[1:] + circle[:1], strict=True))
        if not 2 <= sum(circle) <= 6 or rises != 1:
            return False
        if first:
            return p2 * p4 * p6 == 0 and p4 * p6 * p8 == 0
        return p2 * p4 * p8 == 0 and p2 * p6 * p8 == 0

    while True:
        before = dict(picture)
        for first in (True, False):
            gone = [place for place, ink in picture.items() if ink and deletable(place, first)]
            for place in gone:
                picture[place] = 0
        if picture == before:
            break
        if not any(picture.values()):  # nothing would be left: keep the first pixel
            picture[min(place for place, ink in before.items() if ink)] = 1
            break
    thinned = np.zeros_like(binary)
    for place, ink in picture.items():
        thinned[place] = ink
    return thinned


def lstm_points(parameters, picture, label, config, lifted=None):
    """One decoder's points for one picture, by plain loops over steps, layers and gates.

    ``parameters`` is a nested dict of NumPy arrays. A decoder that is told plans takes its plan
    for the label, and bools ``[T]``: where that plan lifts the pen.
    """

    def sigmoid(value):
        return 1.0 / (1.0 + np.exp(-value))

    def spread_of(raw, step):
        if lifted is None:
            return 4.0 * np.tanh(raw / 4.0)
        # From -0.35 to 1.2, and 0 at 0.
        return -4.0 if lifted[step] else 1.55 / (1.0 + 1.2 / 0.35 * np.exp(-raw)) - 0.35

    width = config.width
    outputs = [np.zeros(width) for _ in range(config.layers)]
    memories = [np.zeros(width) for _ in range(config.layers)]
    previous = np.zeros(3)
    points, spreads, hidden = [], [], []
    for step in range(config.points):
        below = []
        for index in range(config.layers):
            layer = parameters["layers"][index]
            gates = np.concatenate([below, outputs[index]]) @ layer["kernel"] + layer["bias"]
            if index == 0:
                gates = gates + picture.reshape(-1) @ parameters["picture_kernel"]
            if index == 0 or config.context_to_all_layers:
                gates = gates + previous @ layer["point_kernel"] + layer["label_kernel"][label]
            for unit in range(width):
                enter, forget, leave, candidate = (gates[k * width + unit] for k in range(4))
                memories[index][unit] = sigmoid(forget) * memories[index][unit]
                memories[index][unit] += sigmoid(enter) * np.tanh(candidate)
                outputs[index][unit] = sigmoid(leave) * np.tanh(memories[index][unit])
            below = outputs[index]
        x, y, z = below @ parameters["head_kernel"] + parameters["head_bias"]
        if lifted is not None:
            x += parameters["plan_path"][label, step, 0]
            y += parameters["plan_path"][label, step, 1]
        previous = np.array([sigmoid(x), sigmoid(y), spread_of(z, step)])
        points.append(previous)
        spreads.append(z)
        hidden.append(below.copy())
    points = np.array(points)
    for number in range(config.rounds if config.correction else 0):
        mine = parameters["later_corrections"][number - 1] if number else parameters["correction"]
        change = _correction(mine, picture, points, np.array(hidden))
        points[:, :2] += 0.15 * np.tanh(change[:, :2])
        spreads = np.array(spreads) + change[:, 2]
        points[:, 2] = [spread_of(raw, step) for step, raw in enumerate(spreads)]
    points[:, 2] = np.exp(config.initial_log_softness + points[:, 2])
    return points


def picture_around(picture, x, y, size=9):
    """The patch around (x, y) in canvas units, pixel by pixel by bilinear interpolation."""
    height, width = picture.shape

    def at(row, column):
        inside = 0 <= row < height and 0 <= column < width
        return picture[row, column] if inside else 0.0

    patch = np.zeros((size, size))
    for i in range(size):
        for j in range(size):
            row = y * height - 0.5 + i - (size - 1) / 2
            column = x * width - 0.5 + j - (size - 1) / 2
            top, left = int(np.floor(row)), int(np.floor(column))
            down, right = row - top, column - left
            patch[i, j] = (1 - down) * (1 - right) * at(top, left)
            patch[i, j] += (1 - down) * right * at(top, left + 1)
            patch[i, j] += down * (1 - right) * at(top + 1, left)
            patch[i, j] += down * right * at(top + 1, left + 1)
    return patch


def _correction(parameters, picture, points, hidden):
    """Raw changes of x, y and log-softness for each point; ``points`` has bounded spreads."""
    looked = []
    for point, output in zip(points, hidden, strict=True):
        seen = picture_around(picture, point[0], point[1]).reshape(-1)
        inputs = np.concatenate([seen, output, point])
        looked.append(np.maximum(inputs @ parameters["look_kernel"] + parameters["look_bias"], 0))
    changes = []
    for index in range(len(points)):
        around = [
            looked[k] if 0 <= k < len(points) else np.zeros_like(looked[0])
            for k in range(index - 2, index + 3)
        ]
        joined = np.concatenate(around) @ parameters["join_kernel"] + parameters["join_bias"]
        changes.append(np.maximum(joined, 0) @ parameters["head_kernel"])
    return np.array(changes)


def masked_parameters(key, width=64):
    """Weights of the reference's ensemble: ten networks side by side in wide layers."""
    wide = 10 * width
    inputs = [784 + 10 + 3, wide + 10 + 3, wide + 10 + 3]
    keys = jax.random.split(key, 4)
    layers = [
        {
            "kernel": 0.05 * jax.random.normal(k, (size + wide, 4 * wide)),
            "bias": jnp.zeros(4 * wide),
        }
        for k, size in zip(keys[:3], inputs, strict=True)
    ]
    head = {"kernel": 0.05 * jax.random.normal(keys[3], (wide, 3)), "bias": jnp.array([0, 0, 4.0])}
    return {"layers": layers, "head": head}


def masked_points(parameters, picture, label, points=20):
    """One digit by the reference's ensemble: every layer is ten networks wide, and a mask by
    the label lets one of them through. Picture, label and previous point are concatenated anew
    at every step.
    """
    wide = parameters["head"]["kernel"].shape[0]
    one_hot = jax.nn.one_hot(label, 10)
    mask = jnp.repeat(one_hot, wide // 10)
    outputs = [jnp.zeros(wide)] * 3
    memories = [jnp.zeros(wide)] * 3
    point, written = jnp.zeros(3), []
    for _ in range(points):
        below = picture.reshape(-1)
        outputs, memories = list(outputs), list(memories)
        for index, layer in enumerate(parameters["layers"]):
            inputs = jnp.concatenate([below, one_hot, point, outputs[index]])
            gates = inputs @ layer["kernel"] + layer["bias"]
            enter, forget, leave, candidate = jnp.split(gates, 4)
            memories[index] = jax.nn.sigmoid(forget + 1.0) * memories[index]
            memories[index] += jax.nn.sigmoid(enter) * jnp.tanh(candidate)
            outputs[index] = mask * jax.nn.sigmoid(leave) * jnp.tanh(memories[index])
            below = outputs[index]
        raw = below @ parameters["head"]["kernel"] + parameters["head"]["bias"]
        point = jnp.concatenate([jax.nn.sigmoid(raw[:2]), jnp.exp(raw[2:])])
        written.append(point)
    return jnp.stack(written)


def masked_loss(parameters, pictures, labels):
    """The reference's loss of a batch: box line, sum, angle and distance, nothing shared."""

    def one(picture, label):
        points = masked_points(parameters, picture, label)
        drawing = draw(points, "box", "sum")
        vectors = points[1:, :2] - points[:-1, :2]
        lengths = jnp.sqrt(jnp.sum(vectors**2, axis=-1) + 1e-7)
        units = vectors / lengths[:, None]
        angle = 1.0 - jnp.mean(jnp.sum(units[1:] * units[:-1], axis=-1))
        return jnp.mean((drawing - picture) ** 2) + 0.01 * angle + 0.01 * jnp.mean(lengths)

    return jnp.mean(jax.vmap(one)(pictures, labels))
