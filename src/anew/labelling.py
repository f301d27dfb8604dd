"""Labels beside marks: where they go so that none lies on another."""

from __future__ import annotations

from collections.abc import Sequence


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
