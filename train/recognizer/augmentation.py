"""Pictures changed a little, anew in every step: as other hands and pens would have made them.

The kinds of change are those of P. Simard, D. Steinkraus and J. Platt, *Best Practices for
Convolutional Neural Networks Applied to Visual Document Analysis* (2003): affine and
elastic; and the width of the pen, by grey morphology.
"""

import jax
import jax.numpy as jnp
from jax.scipy.ndimage import map_coordinates

from train.recognizer.config import AugmentationConfig

_NOTHING = AugmentationConfig(shift=0)
_COARSE = 5  # points along each side of the grid on which elastic changes are drawn


def _source(
    config: AugmentationConfig, height: int, width: int, *, key: jax.Array
) -> tuple[jax.Array, jax.Array]:
    """For every pixel of one changed picture, the row and column that it shows, ``[H, W]``."""
    keys = jax.random.split(key, 5)
    angle = jnp.deg2rad(config.rotation) * jax.random.uniform(keys[0], minval=-1.0)
    shear = config.shear * jax.random.uniform(keys[1], minval=-1.0)
    zoom = jax.random.uniform(keys[2], minval=config.smallest, maxval=1.0)
    shift = jax.random.randint(keys[3], (2,), -config.shift, config.shift + 1)
    middle = 0.5 * jnp.array([height - 1, width - 1])
    row, column = jnp.meshgrid(
        jnp.arange(height) - middle[0] - shift[0],
        jnp.arange(width) - middle[1] - shift[1],
        indexing="ij",
    )
    row, column = row / zoom, column / zoom
    cosine, sine = jnp.cos(angle), jnp.sin(angle)
    row, column = cosine * row - sine * column, sine * row + cosine * column
    column = column + shear * row
    coarse = config.elastic * jax.random.normal(keys[4], (2, _COARSE, _COARSE))
    bent = jax.image.resize(coarse, (2, height, width), "cubic")
    return row + middle[0] + bent[0], column + middle[1] + bent[1]


def _shifts(pictures: jax.Array, empty: float) -> list[jax.Array]:
    """``[B, H, W]`` moved by a pixel each of four ways, and as it is."""
    height, width = pictures.shape[1:]
    around = jnp.pad(pictures, [(0, 0), (1, 1), (1, 1)], constant_values=empty)
    starts = ((1, 1), (0, 1), (2, 1), (1, 0), (1, 2))
    return [around[:, r : r + height, c : c + width] for r, c in starts]


def _other_pen(pictures: jax.Array, amounts: jax.Array) -> jax.Array:
    """Pictures ``[B, H, W]`` with a pen thicker (amounts ``[B]`` above 0) or thinner."""
    thick = jnp.stack(_shifts(pictures, 0.0)).max(axis=0)
    thin = jnp.stack(_shifts(pictures, 1.0)).min(axis=0)
    share = amounts[:, None, None]
    return pictures + jnp.where(share > 0, share * (thick - pictures), share * (pictures - thin))


def augment(pictures: jax.Array, *, config: AugmentationConfig, key: jax.Array) -> jax.Array:
    """Change every picture in its own way.

    Args:
      pictures: ``[B, H, W]`` in [0, 1], 0 paper; what leaves the picture is lost.
      config: how far.
      key: of randomness.

    Returns:
      ``[B, H, W]`` in [0, 1].
    """
    if config == _NOTHING:
        return pictures
    height, width = pictures.shape[1:]

    def moved(picture: jax.Array, key: jax.Array) -> jax.Array:
        return map_coordinates(picture, _source(config, height, width, key=key), order=1)

    move_key, pen_key = jax.random.split(key)
    changed = jax.vmap(moved)(pictures, jax.random.split(move_key, len(pictures)))
    if config.thickness:
        amounts = jax.random.uniform(pen_key, (len(pictures),), minval=-1.0)
        changed = _other_pen(changed, config.thickness * amounts)
    return changed
