"""What is on screen stays: no picture is a file that Streamlit's server drops when any visitor's next run ends.

Pictures travel with the page, as data: addresses. A download is made when it is asked for, so nothing waits for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.app import ROOT

FILES = sorted(ROOT.glob("pages/**/*.py"))
AS_FILES = {"audio", "video", "pyplot", "logo", "graphviz_chart"}  # no address of one's own can be given to these


def wrong_in(tree: ast.Module) -> Iterator[str]:
    """The calls that would have Streamlit keep a file."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
            continue
        name, first = node.func.attr, ast.unparse(node.args[0]) if node.args else ""
        if name in AS_FILES or (name == "image" and not first.startswith("data_url(")):
            yield ast.unparse(node)
        if name == "download_button" and not isinstance(node.args[1], ast.Lambda | ast.Attribute):
            yield ast.unparse(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_picture_depends_on_a_file_of_the_server(path: Path) -> None:
    assert list(wrong_in(ast.parse(path.read_text()))) == []


def test_the_collector_sees_what_is_wrong() -> None:
    code = "place.image(array)\nst.image(data_url(x), alt='')\nst.audio(b)\nst.download_button('a', data)\n"
    code += "st.download_button('a', lambda: data)\nst.download_button('a', file.read)"
    assert list(wrong_in(ast.parse(code))) == ["place.image(array)", "st.audio(b)", "st.download_button('a', data)"]
