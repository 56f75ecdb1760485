"""Templates: what they are given is text, and no page builds addresses or escapes text by hand."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError
from markupsafe import Markup

from pages.shared.palette import Look
from pages.shared.templates import fill, templates
from tests.pages.app import ROOT

NASTY = '"><script>alert("x") & more</script>'
PARTS = "shared/parts.html.jinja"
BY_HAND = {
    "escape": {"pages/shared/escaping.py"},  # text of Plotly's figures has tags of its own
    "base64": {"pages/shared/pictures.py"},  # the one place where addresses are made
}


def test_values_are_text_and_markup_is_html() -> None:
    swatch = fill(PARTS, "swatch", look=Look("", NASTY))
    assert "<script" not in swatch
    assert "&lt;script&gt;" in swatch
    assert swatch.count('"') == 4
    alt = fill(PARTS, "jpeg", data=b"jpeg", alt=Markup("<b>"))
    assert alt == '<img src="data:image/jpeg;base64,anBlZw==" alt="<b>">'


def test_what_is_missing_or_unknown_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        fill(PARTS, "swatch")
    with pytest.raises(TypeError, match="colour"):
        fill(PARTS, "swatch", look=Look("", "#000000"), colour="#000000")
    with pytest.raises(AttributeError):
        fill(PARTS, "swatches")


def imported(path: Path) -> set[str]:
    """The modules that a file imports, and the names it imports from them."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        if isinstance(node, ast.ImportFrom):
            found |= {node.module or "", *(alias.name for alias in node.names)}
    return found


def test_nothing_is_escaped_or_made_an_address_by_hand() -> None:
    files = {str(path.relative_to(ROOT)): imported(path) for path in sorted((ROOT / "pages").rglob("*.py"))}
    for name, allowed in BY_HAND.items():
        assert {file for file, names in files.items() if name in names} == allowed, name
    assert {file for file, names in files.items() if "html" in names} == BY_HAND["escape"]


def test_no_template_trusts_a_value_by_itself() -> None:
    names = templates().list_templates(filter_func=lambda name: name.endswith(".jinja"))
    assert len(names) >= 7
    for name in names:
        text = (ROOT / "pages" / name).read_text(encoding="utf-8")
        assert not re.search(r"autoescape|\|\s*safe\b", text), name
