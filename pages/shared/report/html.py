"""The pieces of HTML that a report is made of. Pure: text out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import plotly.graph_objects as go
import plotly.io
from plotly.offline import get_plotlyjs

from pages.shared.figures.theme import REPORT
from pages.shared.palette import method_look

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
CONFIG = {"displayModeBar": False, "responsive": True}
STYLE = """
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, sans-serif; color: #17191c; background: #fff; margin: 0 auto; max-width: 62rem;
  padding: 2.5rem 1.25rem 4rem; }
h1 { font-size: 2.1rem; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 0.4rem; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 2.6rem 0 0.4rem; }
p, li { max-width: 46rem; overflow-wrap: anywhere; }
.facts, .note { color: #5c6167; }
.verdict { font-size: 1.2rem; line-height: 1.45; border-left: 4px solid #0072b2; padding: 0.2rem 0 0.2rem 1rem; }
.warning { border-left: 4px solid #d55e00; padding: 0.2rem 0 0.2rem 1rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 0.9rem; margin: 0.6rem 0 1rem; }
th, td { padding: 0.35rem 0.9rem 0.35rem 0; text-align: right; border-bottom: 1px solid #e3e5e8; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { font-weight: 600; }
i.mark { display: inline-block; width: 0.7rem; height: 0.7rem; border-radius: 2px; margin-right: 0.5rem; }
code { font-size: 0.875rem; background: #f3f4f5; padding: 0.1rem 0.3rem; border-radius: 3px; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 0.3rem 1.2rem; font-size: 0.9rem; }
dt { color: #5c6167; } dd { margin: 0; overflow-wrap: anywhere; }
@media (max-width: 640px) { body { padding-top: 1.5rem; } h1 { font-size: 1.7rem; } }
@media print { body { max-width: none; } h2 { break-after: avoid; } figure { break-inside: avoid; } }
figure { margin: 0.5rem 0; }
.legend span { margin-right: 1.4rem; white-space: nowrap; }
.gallery { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 18rem), 1fr)); gap: 0.6rem 1.2rem; }
.gallery figure { display: flex; flex-direction: column; justify-content: flex-end; }
.gallery img { width: 100%; max-height: 17rem; object-fit: contain; object-position: left bottom; }
figcaption { font-size: 0.85rem; color: #5c6167; margin-top: 0.3rem; overflow-wrap: anywhere; }
"""


def document(title: str, body: str) -> str:
    """The whole file: plotly.js once, a light look, and a policy that forbids it to load anything. body: HTML."""
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style><script>{get_plotlyjs()}</script></head>\n<body>\n{body}\n</body></html>\n"
    )


def section(title: str, note: str = "") -> str:
    """A heading and what to know about what follows it, both text."""
    return f"<h2>{escape(title)}</h2>" + (f"<p class='note'>{escape(note)}</p>" if note else "")


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Rows of HTML cells; heads are text."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
    return f"<div class='wide'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def named(method: str) -> str:
    """A method's label beside its colour, as HTML."""
    look = method_look(method)
    return f'<i class="mark" style="background:{look.color}"></i>{escape(look.label)}'


def drawing(figure: go.Figure, alt: str) -> str:
    """A figure that plotly.js draws when the file is opened. alt: what it shows, as text."""
    figure.update_layout(template=REPORT)
    html = plotly.io.to_html(figure, config=CONFIG, include_plotlyjs=False, full_html=False)
    return f'<figure role="img" aria-label="{escape(alt)}">{html}</figure>'


def upper(text: str) -> str:
    """The text with its first letter upper case, the rest as it is."""
    return f"{text[0].upper()}{text[1:]}"
