"""The pipeline as a figure: five pictures in a row on a desktop, one below the other on a phone. Pure: HTML out.

Lines and text take the colour of the page, so the figure follows light and dark. Shapes are boxes and clip paths:
st.html takes no SVG.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from pages.shared.palette import method_look

STYLE = """
.pipeline.pipeline { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 1.6rem; margin: 0;
  padding: 0; list-style: none; }
.pipeline > li { position: relative; margin: 0; padding: 0; }
.pipeline > li + li::before { content: "→"; position: absolute; left: -1.3rem; top: 8rem; opacity: 0.6; }
.pipeline .shown { display: flex; align-items: center; aspect-ratio: 2 / 3; }
.pipeline img { display: block; width: 100%; border-radius: 4px; }
.pipeline h4 { margin: 0.6rem 0 0.2rem; padding: 0; font-size: 1rem; font-weight: 650; }
.pipeline p { margin: 0; font-size: 0.875rem; line-height: 1.45; }
.pipeline .sliding { display: grid; grid-template-columns: 13fr 6fr; width: 100%; height: 100%; }
.pipeline .sliding img { height: 100%; object-fit: cover; border-radius: 4px 0 0 4px; }
.pipeline .curve { position: relative; background: color-mix(in srgb, currentColor 6%, transparent);
  border-radius: 0 4px 4px 0; }
.pipeline .curve div { position: absolute; inset: 0; background: currentColor; opacity: 0.22; }
.pipeline .curve span { position: absolute; left: 0; height: 0; transform: translateY(-50%); border-top-width: 3px; }
@media (max-width: 640px) {
  .pipeline.pipeline { grid-template-columns: minmax(0, 1fr); gap: 1.75rem; }
  .pipeline > li { display: grid; grid-template: auto 1fr / 40% 1fr; column-gap: 1rem; }
  .pipeline > li + li::before { content: "↓"; left: calc(20% - 0.3rem); top: -1.7rem; }
  .pipeline .shown { grid-row: span 2; aspect-ratio: auto; align-items: start; }
  .pipeline .sliding { aspect-ratio: 1; height: auto; }
  .pipeline h4 { margin-top: 0; }
}
"""


@dataclass(frozen=True, slots=True)
class Step:
    """picture: HTML of what the step gives. title and text: plain."""

    title: str
    text: str
    picture: str


def pipeline_html(steps: Sequence[Step]) -> str:
    """The steps, numbered, as an ordered list with its style."""
    items = (
        f'<li><div class="shown">{step.picture}</div><h4>{number} {escape(step.title)}</h4>'
        f"<p>{escape(step.text)}</p></li>"
        for number, step in enumerate(steps, start=1)
    )
    return f'<style>{STYLE}</style><ol class="pipeline">{"".join(items)}</ol>'


def sliding_html(picture: str, kept: Sequence[float], best: int, center: int, window: float) -> str:
    """A tall picture, and beside it the share of gaze kept by a window that slides down it.

    picture: HTML of the photo. kept: share by position, the first at the top, the last at the bottom. best, center:
    positions to mark. window: its height as a share of the picture's.
    """
    middles = [100 * (window / 2 + (1 - window) * i / (len(kept) - 1)) for i in range(len(kept))]
    widths = [90 * share / (max(kept) or 1) for share in kept]  # per cent of the chart, as all lengths here
    edge = ", ".join(f"{x:.1f}% {y:.1f}%" for x, y in zip(widths, middles, strict=True))
    area = f"clip-path: polygon(0% {middles[0]:.1f}%, {edge}, 0% {middles[-1]:.1f}%)"
    marks = "".join(_mark(name, widths[i], middles[i]) for i, name in ((center, "center"), (best, "gaze")))
    label = f"Gaze kept by place of the window: {kept[best]:.0%} at best, {kept[center]:.0%} in the centre"
    chart = f'<div class="curve" role="img" aria-label="{label}"><div style="{area}"></div>{marks}</div>'
    return f'<div class="sliding">{picture}{chart}</div>'


def _mark(method: str, width: float, top: float) -> str:
    """A bar from the axis to the curve in the method's colour and line."""
    look = method_look(method)
    place = f"top: {top:.1f}%; width: {width:.1f}%"
    return f'<span style="{place}; border-top-style: {look.line}; color: {look.color}"></span>'
