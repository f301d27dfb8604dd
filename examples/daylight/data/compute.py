"""Compute the table `daylight`: `python data/compute.py 2024-01 2025-12 > daylight.csv`.

The mean length of the day in each month, from sunrise to sunset, by the sunrise equation: the sun's
declination as in Meeus, Astronomical Algorithms (1998), chapter 25, in low accuracy; refraction and
the sun's radius count as 50 minutes of arc. Every day is computed at noon in Greenwich.
"""

import csv
import math
import sys
from datetime import date, timedelta
from pathlib import Path

HORIZON = math.radians(-50 / 60)


def declination(day: date) -> float:
    """Return the sun's declination at noon of a day, in radians."""
    centuries = (day - date(2000, 1, 1)).days / 36525
    mean = math.radians(280.46646 + 36000.76983 * centuries)
    anomaly = math.radians(357.52911 + 35999.05029 * centuries)
    centre = math.radians(1.914602 * math.sin(anomaly) + 0.019993 * math.sin(2 * anomaly))
    tilt = math.radians(23.439291 - 0.013004 * centuries)
    return math.asin(math.sin(tilt) * math.sin(mean + centre))


def daylight(latitude: float, day: date) -> float:
    """Return the hours from sunrise to sunset at a latitude in degrees."""
    place, sun = math.radians(latitude), declination(day)
    cosine = (math.sin(HORIZON) - math.sin(place) * math.sin(sun)) / (
        math.cos(place) * math.cos(sun)
    )
    return 24 / math.pi * math.acos(min(1, max(-1, cosine)))


def months(first: str, last: str):
    """Yield every month from first to last, each with its days."""
    day, stop = date.fromisoformat(f"{first}-01"), f"{last}-31"
    found: dict[str, list[date]] = {}
    while day.isoformat() <= stop:
        found.setdefault(day.isoformat()[:7], []).append(day)
        day += timedelta(days=1)
    yield from found.items()


def main(first: str, last: str) -> None:
    """Print the table for the cities of the newest vintage of `cities`."""
    newest = max((Path(__file__).parent / "raw/cities").glob("*.csv"))
    cities = list(csv.DictReader(newest.open(encoding="utf-8")))
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["city", "month", "hours"])
    for city in cities:
        for month, days in months(first, last):
            hours = [daylight(float(city["latitude"]), day) for day in days]
            out.writerow([city["city"], month, f"{sum(hours) / len(hours):.2f}"])


if __name__ == "__main__":
    main(*sys.argv[1:])
