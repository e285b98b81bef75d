"""All channels of a layer side by side in one picture, laid out for so many pixels of the screen."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from resnet_gui.core.inside.signed import GAP, indices

SMALLEST_WITH_GAP = 4  # pixels; smaller tiles stand side by side

EVEN_FROM = 0.8  # of the largest size, rows that are all full are better


@dataclass(frozen=True, eq=False)
class Mosaic:
    """Indices of colours, uint8 (height, width), of `channels` tiles in rows of `columns`; `limit` has full strength.

    A tile is `tile` (height, width) pixels, with `gap` pixels to the next.
    """

    pixels: NDArray[np.uint8]
    channels: int
    columns: int
    tile: tuple[int, int]
    gap: int
    limit: float

    def place(self, channel: int) -> tuple[int, int, int, int]:
        """Where a channel is: left, top, width and height in pixels of the picture."""
        row, column = divmod(channel, self.columns)
        height, width = self.tile
        return column * (width + self.gap), row * (height + self.gap), width, height

    def channel_at(self, x: float, y: float) -> int | None:
        """The channel at a pixel of the picture; None beside them."""
        height, width = self.tile
        column, row = int(x // (width + self.gap)), int(y // (height + self.gap))
        channel = row * self.columns + column
        return channel if 0 <= column < self.columns and row >= 0 and channel < self.channels else None


def lay_out(values: NDArray[np.float32], limit: float, box: tuple[int, int]) -> Mosaic:
    """The mosaic of `values`, (height, width, channels), that fills `box`, (width, height) in pixels, best.

    Larger maps are averaged over the area of each pixel, smaller ones enlarged.
    """
    high, wide, channels = values.shape
    columns, tile = arrangement(channels, (high, wide), box)
    rows = -(-channels // columns)
    fits = columns * (tile[1] + 1) - 1 <= box[0] and rows * (tile[0] + 1) - 1 <= box[1]
    gap = int(min(tile) >= SMALLEST_WITH_GAP and fits)
    tiles = np.full((rows * columns, *tile), GAP, np.uint8)
    tiles[:channels] = indices(resized(values, tile), limit).transpose(2, 0, 1)
    height, width = tile
    picture = np.full((rows, height + gap, columns, width + gap), GAP, np.uint8)
    picture[:, :height, :, :width] = tiles.reshape(rows, columns, height, width).transpose(0, 2, 1, 3)
    pixels = picture.reshape(rows * (height + gap), columns * (width + gap))
    pixels = pixels[: pixels.shape[0] - gap, : pixels.shape[1] - gap]
    return Mosaic(np.ascontiguousarray(pixels), channels, columns, tile, gap, limit)


@lru_cache(maxsize=256)
def arrangement(channels: int, shape: tuple[int, int], box: tuple[int, int]) -> tuple[int, tuple[int, int]]:
    """Columns, and height and width of a tile, so that the tiles of so many maps of `shape` are as large as can be."""
    high, wide = shape
    scales = {
        columns: min(_side(box[0], columns) / wide, _side(box[1], -(-channels // columns)) / high)
        for columns in range(1, channels + 1)
    }
    best = max(scales, key=lambda columns: scales[columns])
    even = max((n for n in scales if not channels % n), key=lambda columns: scales[columns])
    columns = even if scales[even] > EVEN_FROM * scales[best] - 1e-9 else best
    scale = scales[columns]
    return columns, (max(1, int(high * scale)), max(1, int(wide * scale)))


def resized(values: NDArray[np.float32], tile: tuple[int, int]) -> NDArray[np.float32]:
    """`values`, (height, width, channels), as (*tile, channels): each pixel the mean over its area."""
    high, wide, channels = values.shape
    if (high, wide) == tile:
        return values
    if not np.isfinite(values).all():  # a mean would spread what is no number
        rows, columns = ((np.arange(n) * size // n) for n, size in zip(tile, (high, wide), strict=True))
        sampled: NDArray[np.float32] = values[rows][:, columns]
        return sampled
    down = (_areas(tile[0], high) @ values.reshape(high, wide * channels)).reshape(tile[0], wide, channels)
    across: NDArray[np.float32] = np.matmul(_areas(tile[1], wide), down)
    return across


def _side(pixels: int, count: int) -> float:
    """Pixels of each of `count` tiles along a side of so many."""
    whole = (pixels + 1) // count - 1
    return float(whole) if whole >= SMALLEST_WITH_GAP else max(pixels / count, 1e-6)


@lru_cache(maxsize=256)
def _areas(count: int, size: int) -> NDArray[np.float32]:
    """How much of each of `size` pixels each of `count` takes, (count, size): rows that sum to 1."""
    edges = np.arange(count + 1) * (size / count)
    starts = np.arange(size)
    shares = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
    areas: NDArray[np.float32] = (np.clip(shares, 0, None) * (count / size)).astype(np.float32)
    return areas
