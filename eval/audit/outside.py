"""What others published of whom croppers favour, to be read beside our audit: `python -m eval outside CSV`.

Twitter's own audit drew 10,000 pairs of pictures of two groups (celebrities of Wikidata), attached the two and counted
in which of them the most salient point lay: Yee, Tantipongpipat & Mishra, "Image cropping on Twitter: fairness metrics,
their limitations, and the importance of representation, design, and agency", CSCW 2021.

Birhane, Prabhu & Whaley, "Auditing saliency cropping algorithms", WACV 2022, gave 3,000 grids (a face on top, white in
the middle, a face at the bottom) to the croppers of Twitter, Google and Apple and published every answer:
https://github.com/vinayprabhu/Saliency_Image_Cropping, data/df_cfd_3k.csv. That file is read, not kept here.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd

from eval.audit.files import COMMITTED, Audit
from eval.audit.outcome import ALL
from eval.audit.tables import FAVOURED
from eval.audit.words import chosen

TWITTER = {
    ("race gender", "Black female", "White female"): (4336, 5664),
    ("race gender", "White female", "White male"): (6171, 3829),
    ("race", "Black", "White"): (4746, 5254),
}
"""Twitter's published counts: column of the groups, one, other -> pairs in which each had the most salient point."""

OURS_DIFFERS = (
    "Theirs: 10,000 pairs drawn from photos of celebrities, side by side and of any size, judged by the most salient "
    "point alone; how many people there were, and so how wide an interval is, the counts do not say. Ours: close "
    "portraits of one height in both orders, judged by the crop, intervals over people."
)

SERVICES = ("twitter", "google", "apple")
PARTS = ("top", "middle", "bottom")
GRID_HEIGHT = 3000  # pixels, of three parts as high
POINTS = {  # what tells where a service's crop is: the mean of these columns
    "twitter": ("sal_y_twitter",),
    "google": ("top_left_y_google", "bottom_left_y_google"),
    "apple": ("sal_y_apple",),
}
GRIDS = "grids.json"


@dataclass(frozen=True)
class Grids:
    """The 3,000 grids. kept: by service, how often which part is kept. recorded: on how many the part recorded in the
    file is the one that the coordinates tell. favoured: by service, how often which group. places: by group, how often
    it was on top and at the bottom. one_order: of the pairs of groups, how many appear in one order only, and of how
    many."""

    count: int
    kept: Mapping[str, Mapping[str, int]]
    recorded: Mapping[str, int]
    favoured: Mapping[str, Mapping[str, int]]
    places: Mapping[str, Mapping[str, int]]
    one_order: tuple[int, int]


def read_grids(path: Path) -> Grids:
    """Count the published answers anew, from their coordinates. Raises ValueError where the file is another."""
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    wanted = {"combination", *(column for columns in POINTS.values() for column in columns)}
    if not rows or (missing := wanted - rows[0].keys()):
        raise ValueError(
            f"{path.name} is not the table of grids: it has no {', '.join(sorted(missing)) if rows else 'row'}"
        )
    kept: dict[str, Counter[str]] = {name: Counter() for name in SERVICES}
    favoured: dict[str, Counter[str]] = {name: Counter() for name in SERVICES}
    recorded: Counter[str] = Counter()
    places: dict[str, Counter[str]] = {}
    orders = set()
    for row in rows:
        groups = {"bottom": row["combination"][:2], "top": row["combination"][2:]}
        orders.add((groups["top"], groups["bottom"]))
        for place, group in groups.items():
            places.setdefault(group, Counter())[place] += 1
        for name in SERVICES:
            part = part_of(row, name)
            kept[name][part] += 1
            recorded[name] += row.get(f"survived_member_{name}") == part
            if part in groups:
                favoured[name][groups[part]] += 1
    pairs = {frozenset(order) for order in orders}
    single = sum((b, a) not in orders for a, b in orders)
    return Grids(
        len(rows),
        {name: {part: kept[name][part] for part in PARTS} for name in SERVICES},
        {name: recorded[name] for name in SERVICES},
        {name: dict(sorted(favoured[name].items())) for name in SERVICES},
        {group: {place: places[group][place] for place in ("top", "bottom")} for group in sorted(places)},
        (single, len(pairs)),
    )


def part_of(row: Mapping[str, str], service: str) -> str:
    """The part of a grid in which a service's salient point, or the middle of its crop, lies."""
    heights = [float(row[column]) for column in POINTS[service]]
    place = int(sum(heights) / len(heights) * len(PARTS) / GRID_HEIGHT)
    return PARTS[min(max(place, 0), len(PARTS) - 1)]


def save_grids(grids: Grids, folder: Path = COMMITTED) -> Path:
    """Write the counts beside an audit; returns the file."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / GRIDS).write_text(json.dumps(asdict(grids), indent=2) + "\n")
    return folder / GRIDS


def load_grids(folder: Path = COMMITTED) -> Grids | None:
    """The counts beside an audit; None where there are none."""
    path = folder / GRIDS
    if not path.exists():
        return None
    values = json.loads(path.read_text())
    return Grids(**{**values, "one_order": tuple(values["one_order"])})


def grids_text(grids: Grids) -> str:
    """The counts and what they cannot tell, for a terminal."""
    lines = [f"{grids.count} grids of two faces, one on top and one at the bottom, with white between"]
    for name, of in grids.kept.items():
        counts = ", ".join(f"the {part} {of[part]}" for part in PARTS)
        lines.append(f"  {name} keeps {counts}; the file says the same on {grids.recorded[name]}")
    lines += [
        f"  {group}: {of['top']} times on top, {of['bottom']} at the bottom" for group, of in grids.places.items()
    ]
    return "\n".join([*lines, confound_sentence(grids)])


def confound_sentence(grids: Grids) -> str:
    """What the design of the grids leaves open."""
    single, pairs = grids.one_order
    return (
        f"{single} of the {pairs} pairs of groups appear in one order only: whether a cropper favours a group or the "
        "place where it always was, these grids cannot tell."
    )


def beside_twitter(audit: Audit, method: str) -> pd.DataFrame:
    """Twitter's published figures and ours of a method: one row a comparison that the audit has, shares of the first
    group with the interval of each by itself, and the number of pairs."""
    rows = []
    for (by, one, other), (wins, losses) in TWITTER.items():
        of = chosen(audit.tables.groups, method=method, by=by, measure=FAVOURED, layout=ALL, ground=ALL)
        ours = chosen(of, one=one, other=other)
        if len(ours) == 1:
            row = ours.iloc[0]
            rows.append(
                {
                    "one": one,
                    "other": other,
                    "published": wins / (wins + losses),
                    **{name: float(row[name]) for name in ("mean", "low", "high")},
                    "pairs": int(row["pairs"]),
                }
            )
    return pd.DataFrame(rows, columns=["one", "other", "published", "mean", "low", "high", "pairs"])
