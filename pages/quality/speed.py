"""How fast the methods are: the committed bench."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from eval.bench.files import BENCH, load_bench
from pages.quality.speed_figures import as_points, curve, stages
from pages.shared.charts import show_chart, show_download
from pages.shared.palette import method_look
from pages.shared.widgets import plain

FAST, TWITTER = "gaze-fast", "twitter-2018"


def show_speed(verdict: DeltaGenerator) -> None:
    """The bench in figures and tables. verdict: where its sentence goes."""
    try:
        bench = load_bench()
    except (OSError, ValueError):
        st.info(f"There is no bench at {plain(BENCH.name)}: make one with `python -m eval bench --write`.")
        return
    manifest = bench["manifest"]
    with verdict:
        st.markdown(sentence(bench))
        st.caption(f"{plain(manifest['machine'])} · one thread · medians of {manifest['rounds']} rounds taking turns")
    points = as_points(bench["curve"])
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Quality against the network's time", anchor=False)
        st.caption(
            "Up is better, left is faster. Each mark is a network of another size or shown another number of pixels. "
            "On val photos, which no network was trained on."
        )
        parts = (f"{p.label} {p.milliseconds:.1f} ms, NSS {p.NSS:.2f}" for p in points.itertuples())
        show_chart(curve(points), points, "speed-curve", "NSS against milliseconds: " + "; ".join(parts))
    with right:
        st.header("From bytes to boxes", anchor=False)
        st.caption(
            "What each step takes. Ours decode a JPEG no larger than they need; where a method does not tell its steps "
            "apart, all after opening is choosing."
        )
        table = as_table(bench["methods"])
        parts = (f"{name} {row['total']:.1f} ms" for name, row in table.iterrows())
        show_chart(stages(bench["methods"]), table, "speed-stages", "Milliseconds a photo: " + "; ".join(parts))
    _show_growth(bench)


def sentence(bench: dict[str, Any]) -> str:
    """How fast we are, in a sentence."""
    methods = bench["methods"]
    fast = methods[FAST]
    text = f"**{1000 / fast['total']['median']:.0f} photos a second on one core**, from the file's bytes to six crops"
    if TWITTER in methods:
        times = methods[TWITTER]["network"]["median"] / fast["network"]["median"]
        text += f"; the network takes {fast['network']['median']:.1f} ms, **{times:.0f} times less than Twitter's**"
    return text + "."


def as_table(methods: dict[str, dict[str, dict[str, float]]]) -> pd.DataFrame:
    """One row a method, the quickest first: the medians of its steps in milliseconds, and images a second."""
    rows = {name: {stage: spread["median"] for stage, spread in of.items()} for name, of in methods.items()}
    table = pd.DataFrame.from_dict(rows, orient="index").sort_values("total")
    table["images per second"] = 1000 / table["total"]
    return table.rename_axis("method")


def _show_growth(bench: dict[str, Any]) -> None:
    left, right = st.columns(2, gap="large")
    with left:
        st.header("Larger photos", anchor=False)
        sizes = pd.DataFrame(bench["sizes"]).rename(columns={"full decode": "decode in full"})
        names = {"megapixels": "Megapixels", "decode in full": "Decode in full, ms", "peak_mb": "Peak memory, MB"}
        names |= {name: f"{method_look(name).label}, ms" for name in sizes if name in bench["methods"]}
        _show_table(sizes[list(names)].rename(columns=names), "speed-sizes")
    with right:
        st.header("More photos", anchor=False)
        counts = pd.DataFrame(bench["counts"])
        counts["each"] = 1000 * counts["seconds"] / counts["photos"]
        columns = {"photos": "Photos", "seconds": "Seconds", "each": "ms a photo", "peak_mb": "Peak memory, MB"}
        _show_table(counts[list(columns)].rename(columns=columns), "speed-counts")
    start = bench["start"]
    st.caption(
        f"Starting Python included, the first crop of a 12-megapixel photo is there after {start['seconds']:.1f} s, "
        f"with {start['peak_mb']:.0f} MB of memory at the most. Larger photos: from a JPEG's bytes to six boxes. "
        "More photos: a new process each, with one thread, 0.5 megapixels a photo."
    )


def _show_table(table: pd.DataFrame, name: str) -> None:
    first, *others = table.columns
    config = {first: st.column_config.NumberColumn(format="%g")}
    config |= {column: st.column_config.NumberColumn(format="%.1f") for column in others}
    st.dataframe(
        table, hide_index=True, column_config=config, key=f"quality-table-{name}", alt=f"{name.replace('-', ' ')}"
    )
    show_download(table.set_index(first), name)
