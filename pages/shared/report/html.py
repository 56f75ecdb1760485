"""The pieces of HTML that a report is made of. Pure: text in, HTML out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import plotly.graph_objects as go
import plotly.io
from markupsafe import Markup
from plotly.offline import get_plotlyjs

from pages.shared.figures.theme import REPORT
from pages.shared.palette import method_look
from pages.shared.report.examples import Example
from pages.shared.templates import fill

CONFIG = {"displayModeBar": False, "responsive": True}


def _piece(macro: str, **values: object) -> Markup:
    return Markup(fill("shared/report/report.html.jinja", macro, **values))


def document(title: str, pieces: Sequence[Markup]) -> str:
    """The whole file: plotly.js once, a light look, and a policy that forbids it to load anything."""
    body = Markup("\n").join(pieces)
    return f"{_piece('document', title=title, plotly=Markup(get_plotlyjs()), body=body)}\n"


def opening(label: str, facts: str) -> Markup:
    """The title of a report, and what it is of."""
    return _piece("opening", label=label, facts=facts)


def verdict(sentence: str) -> Markup:
    """The report in one sentence; what stands between ** is bold."""
    return _piece("verdict", sentence=sentence)


def warning(text: str) -> Markup:
    """What to know before all else."""
    return _piece("warning", text=text)


def section(title: str, note: str = "") -> Markup:
    """A heading and what to know about what follows it."""
    return _piece("section", title=title, note=note)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Markup:
    """Rows of cells under their heads."""
    return _piece("table", heads=heads, rows=rows)


def named(method: str) -> Markup:
    """A method's label beside its colour."""
    return _piece("named", look=method_look(method))


def drawing(figure: go.Figure, alt: str) -> Markup:
    """A figure that plotly.js draws when the file is opened. alt: what it shows."""
    figure.update_layout(template=REPORT)
    html = plotly.io.to_html(figure, config=CONFIG, include_plotlyjs=False, full_html=False)
    return _piece("drawing", alt=alt, figure=Markup(html))


def gallery(methods: Sequence[str], examples: Sequence[Example]) -> Markup:
    """Photos with the boxes of these methods."""
    return _piece("gallery", looks=[method_look(name) for name in methods], examples=examples)


def items(texts: Sequence[str]) -> Markup:
    """A list."""
    return _piece("items", texts=texts)


def facts(values: Mapping[str, str]) -> Markup:
    """Values by their names."""
    return _piece("facts", values=values)


def upper(text: str) -> str:
    """The text with its first letter upper case, the rest as it is."""
    return f"{text[0].upper()}{text[1:]}"
