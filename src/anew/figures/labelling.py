"""Placing labels beside marks so that none overlap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def spread(
    wanted: Sequence[float],
    gap: float,
    low: float = float("-inf"),
    high: float = float("inf"),
) -> list[float]:
    """Return positions as near as possible to `wanted`, in the same order, at least `gap` apart.

    Nearest in least squares: labels that crowd form a block centred on where they want to be.
    `low` and `high` bound the positions; when there is no room for all, the gap shrinks evenly.
    All in one unit, such as points.
    """
    count = len(wanted)
    if count == 0:
        return []
    if count > 1 and high - low < gap * (count - 1):
        gap = (high - low) / (count - 1)
    order = sorted(range(count), key=lambda index: (wanted[index], index))
    blocks: list[list[float]] = []  # [sum of offsets from the block's start, size, start]
    for index in order:
        blocks.append([wanted[index], 1.0, wanted[index]])
        while len(blocks) > 1 and blocks[-2][2] + blocks[-2][1] * gap > blocks[-1][2]:
            last, before = blocks.pop(), blocks.pop()
            total = before[0] + last[0] - last[1] * before[1] * gap
            size = before[1] + last[1]
            blocks.append([total, size, total / size])
    placed: list[float] = []
    for _, size, start in blocks:
        placed += [start + step * gap for step in range(int(size))]
    placed = _bounded(placed, gap, low, high)
    result = [0.0] * count
    for index, position in zip(order, placed, strict=True):
        result[index] = position
    return result


def _bounded(placed: list[float], gap: float, low: float, high: float) -> list[float]:
    """Push sorted positions inside the bounds, keeping the gap."""
    floor = low
    for number, position in enumerate(placed):
        placed[number] = max(position, floor)
        floor = placed[number] + gap
    ceiling = high
    for number in range(len(placed) - 1, -1, -1):
        placed[number] = min(placed[number], ceiling)
        ceiling = placed[number] - gap
    return placed


def apart(boxes: Sequence[tuple[float, float, float]], height: float) -> list[bool]:
    """Return which labels to write so that none lies on another, the highest first.

    A box is the middle of a label, its width, and its foot, all in points like `height`.
    """
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda index: (-boxes[index][2], index)):
        middle, width, foot = boxes[index]
        if all(
            abs(middle - boxes[other][0]) >= (width + boxes[other][1]) / 2 + 0.8
            or abs(foot - boxes[other][2]) >= height
            for other in kept
        ):
            kept.append(index)
    return [index in kept for index in range(len(boxes))]


def free_box(
    ax: Axes,
    point: tuple[float, float],
    size: tuple[float, float],
    clearance: float = 4.0,
) -> tuple[float, float] | None:
    """Return where a box of `size` points near a data `point` of `ax` covers no line, or None.

    The place is the box's lower left corner in points of the figure. Boxes below the point are
    tried first, then above it, near ones before far ones; a box stays inside the axes.
    """
    from matplotlib.transforms import Bbox

    scale = ax.figure.dpi / 72
    paths = [line.get_transform().transform_path(line.get_path()) for line in ax.lines]
    area = ax.get_window_extent()
    px, py = ax.transData.transform(point) / scale
    width, height = size
    shifts = [-0.5 * width, -0.3 * width, -0.7 * width, -0.1 * width, -0.9 * width]
    steps = [14.0 + 6.0 * step for step in range(12)]
    for sign in (-1, 1):
        for step in steps:
            y = py + step if sign > 0 else py - step - height
            for shift in shifts:
                x = px + shift
                corners = [(x, y), (x + width, y + height)]
                box = Bbox([(a * scale, b * scale) for a, b in corners])
                inside = (
                    box.x0 >= area.x0
                    and box.x1 <= area.x1
                    and box.y0 >= area.y0 + 2
                    and box.y1 <= area.y1
                )
                wide = box.padded(clearance * scale)
                if inside and not any(path.intersects_bbox(wide, filled=False) for path in paths):
                    return x, y
    return None
