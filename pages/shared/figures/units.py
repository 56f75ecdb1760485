"""How the values of a metric are written: shares as percentages, everything else in its own unit."""

from __future__ import annotations

from dataclasses import dataclass

from eval.report import METRICS


@dataclass(frozen=True, slots=True)
class Unit:
    """scale: from stored values to shown ones. level and change: the unit of a value and of a difference, for axes.
    short and short_change: the same beside a number, with their space. places: decimals shown."""

    scale: float
    level: str
    change: str
    short: str
    short_change: str
    places: int


_SHARE = Unit(100, "%", "percentage points", "\u00a0%", "\u00a0points", 1)
_SIDE = Unit(100, "% of the side", "percentage points of the side", "\u00a0%", "\u00a0points", 1)
_MILLISECONDS = Unit(1, "ms", "ms", "\u00a0ms", "\u00a0ms", 0)


def unit_of(metric: str) -> Unit:
    """The unit of a metric of `eval.report.METRICS`."""
    unit = METRICS[metric].unit
    known = {"share": _SHARE, "share of side": _SIDE, "ms": _MILLISECONDS}
    return known.get(unit) or Unit(1, unit, unit, "", "", 2)


def amount(metric: str, value: float) -> str:
    """A value with its unit: "87.7 %", "31 ms", "2.35"."""
    unit = unit_of(metric)
    return f"{_number(value, unit)}{unit.short}"


def difference(metric: str, value: float) -> str:
    """A difference with its sign and unit: "+4.2 points"."""
    unit = unit_of(metric)
    return f"{_number(value, unit, '+')}{unit.short_change}"


def between(metric: str, low: float, high: float, *, signed: bool = False) -> str:
    """The ends of an interval without unit: "87.1 to 88.3"; signed, as of differences: "+3.7 to +4.7"."""
    unit, sign = unit_of(metric), "+" if signed else ""
    return f"{_number(low, unit, sign)} to {_number(high, unit, sign)}"


def _number(value: float, unit: Unit, sign: str = "") -> str:
    shown = round(unit.scale * value, unit.places) + 0.0  # -0.0 becomes 0.0
    return f"{shown:{sign}.{unit.places}f}"
