"""Text from outside, such as a file's name, as text and nothing else: a helper for each language that would act on it.

Markdown: `plain`. HTML: the templates (`pages/shared/templates.py`) escape what they are given. Plotly's labels:
`in_plotly`. Spreadsheets: `spreadsheet`. All of them show characters that turn the reading direction as what they are.
"""

from __future__ import annotations

import csv
import io
import re
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_APART = "\u2060"  # word joiner: seen by nobody, and neither an address nor the name of an icon goes over it
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACES = re.compile(
    r"[\t-\r\x85\u2028\u2029 ]{2,}|[\t-\r\x85\u2028\u2029]"
)  # new lines, and what begins a block of code
# what becomes a link, an icon or an emoji once all marks are text: http://…, www.…, me@…, :material/close:, :smile:
_LINKS = re.compile(r":(?=//|[a-z_][\w+/-]*:|([+-]1|100|1234):)|www(?=\.)|@(?=[\w-]+\.)", re.IGNORECASE)
_MARKS = re.compile(r"([\\`*_{}\[\]()<>#+\-!|~$:&])")
_COUNT = re.compile(r"^(\d+)(?=[.)])")  # "1." begins a list
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)


def visible(text: str) -> str:
    """The text, where controls and changes of the reading direction, by which exe.jpg looks like gpj.exe, are �."""
    return _CONTROLS.sub("\ufffd", text)


def plain(text: str) -> str:
    """For Markdown, as a part of a line: whatever it would act on is text. The text becomes one line."""
    text = _LINKS.sub(lambda match: match[0] + _APART, _SPACES.sub(" ", visible(text)))
    return _COUNT.sub(r"\1\\", _MARKS.sub(r"\\\1", text))


def in_plotly(text: str) -> str:
    """For titles, labels and hover texts of figures, in which Plotly reads some of HTML's tags, links among them."""
    return escape(visible(text), quote=False)  # it knows no &quot;


def spreadsheet(table: pd.DataFrame, *, index: bool) -> str:
    """The table as CSV for people: a cell that a spreadsheet would run, as it begins with = + - @, a tab or a new line,
    has an apostrophe before it. Numbers stay numbers. Nothing takes the apostrophe off again: what our own commands
    read comes from elsewhere, as Parquet or JSON.
    """
    written = io.StringIO(newline="")
    made = table.to_csv(index=index, float_format="%.6g", lineterminator="\r\n")
    rows = csv.reader(io.StringIO(made, newline=""))
    csv.writer(written, lineterminator="\r\n").writerows([_defused(cell) for cell in row] for row in rows)
    return written.getvalue()


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell
