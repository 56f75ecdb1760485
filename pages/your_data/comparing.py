"""Two bulk runs compared: how much would change on one's own photos, before one switches models."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages.shared.charts import show_chart
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.templates import fill
from pages.shared.widgets import plain
from pages.your_data.comparison import BINS, Comparison, ComparisonError, Differing, read_comparison
from pages.your_data.figures import overlaps

SEEN = "your-data-comparison"  # in the session: what was read last
COLOURS = ("#d55e00", "#0072b2")  # of one run's boxes, dashed, and the other's
FEW_SHOWN = 12
HOW_TO = """
No annotations are needed: two runs over the same photos show what a switch would change, and where to look.

```sh
gazecrop bulk photos before --aspect 16:9 --aspect 1:1
gazecrop bulk photos after --aspect 16:9 --aspect 1:1 --method gaze-fast
gazecrop bulk-compare before after --out comparison.json
```

The file stays small, from ten photos or from ten million: sums, and small pictures of the photos that differ most.
"""


def show_comparing() -> None:
    """The uploader, and what is in the file."""
    upload = st.file_uploader(
        "What gazecrop bulk-compare wrote", type="json", key="your-data-comparison-file", max_upload_size=10
    )
    if upload is not None:
        try:
            st.session_state[SEEN] = read_comparison(upload.getvalue())
        except ComparisonError as error:
            st.session_state.pop(SEEN, None)
            st.error(str(error), icon=":material/error:")
    comparison = st.session_state.get(SEEN)
    if comparison is None:
        st.markdown(HOW_TO)
        return
    _show_verdict(comparison)
    _show_table(comparison)
    _show_format(comparison)


def _show_verdict(comparison: Comparison) -> None:
    one, other = map(plain, labels_of(comparison))
    changes = comparison.formats.values()
    crops = max(sum(change.photos for change in changes), 1)
    same, far = sum(change.same for change in changes) / crops, sum(change.far for change in changes) / crops
    with st.container(key="your-data-own-verdict"):
        st.markdown(
            f"With **{other}** in place of **{one}**, {percent(same)} of the crops stay as they are, "
            f"and {percent(far)} show another picture."
        )
    left = comparison.photos - comparison.both
    missing = f"; {counted(left, 'photo')} without crops in one of them or both" if left else ""
    names = " and ".join(map(plain, comparison.names))
    st.caption(
        f"{counted(comparison.both, 'photo')} of the runs {names}{missing}. Nobody's gaze was asked: this says "
        "how much would change, not which is better. **Quality** says that."
    )


def labels_of(comparison: Comparison) -> list[str]:
    """What the runs are called: by their methods, or by their folders where both have the same one."""
    one, other = comparison.methods
    return [method_look(one).label, method_look(other).label] if one != other else list(comparison.names)


def _show_table(comparison: Comparison) -> None:
    one, other = labels_of(comparison)
    rows = {
        name: {
            "Same crop": 100 * change.same / max(change.photos, 1),
            "Mean overlap": 100 * change.overlap,
            "Another picture": 100 * change.far / max(change.photos, 1),
            "Moved by": 100 * change.moved,
            f"Gain, {one}": 100 * change.gain[0] if change.gain else None,
            f"Gain, {other}": 100 * change.gain[1] if change.gain else None,
        }
        for name, change in comparison.formats.items()
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("Format")
    shares = {name: st.column_config.NumberColumn(format="%.1f %%", help=HELP.get(name)) for name in table}
    gains = {
        name: st.column_config.NumberColumn(format="%+.1f", help=HELP["Gain"]) for name in table if name[:4] == "Gain"
    }
    st.dataframe(table, column_config={**shares, **gains}, height="content", alt="How crops differ, by format")


HELP = {
    "Same crop": "Of the photos, those whose box is the very same in both runs",
    "Mean overlap": "Intersection over union of the two boxes",
    "Another picture": "Of the photos, those whose boxes overlap by less than half",
    "Moved by": "How far the middle of the crop moved, as a share of the photo's longer side",
    "Gain": "Points over the centre crop, as each run's own network expects: two networks' gains cannot be compared",
}


def _show_format(comparison: Comparison) -> None:
    names = list(comparison.formats)
    name = st.segmented_control(
        "Format", names, default=names[0], required=True, key="your-data-comparison-format", persist_state="session"
    )
    change = comparison.formats[name if name in comparison.formats else names[0]]
    st.header("How much the crops overlap", anchor=False)
    bars = pd.DataFrame({"from": [i / BINS for i in range(BINS)], "photos": change.bins})
    alt = f"Photos by how much their two crops of {name} overlap"
    show_chart(overlaps(bars), bars, "overlap", alt)
    photos = sorted(comparison.most, key=lambda photo: photo.overlap(name))
    differing = [photo for photo in photos if photo.overlap(name) < 1]
    if differing:
        _show_photos(comparison, name, differing)


def _show_photos(comparison: Comparison, name: str, photos: list[Differing]) -> None:
    st.header("Where they differ most", anchor=False)
    every = len(photos) <= FEW_SHOWN or st.toggle(f"All {len(photos)}", key="your-data-comparison-all")
    shown = photos if every else photos[:FEW_SHOWN]
    st.html(
        fill(
            "your_data/parts.html.jinja",
            "differing",
            photos=shown,
            name=name,
            labels=labels_of(comparison),
            colours=COLOURS,
        )
    )
