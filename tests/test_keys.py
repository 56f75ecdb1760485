"""Keys of widgets and of the session are one namespace over all pages: each page's begin with its own name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[1]
PAGES = ROOT / "pages"
ROOMS = {  # page -> what only it uses
    "crop": ("crop.py", "_shared/crop"),
    "quality": ("quality.py", "_shared/quality"),
    "explore": ("explore.py", "_shared/explore"),
    "rate": ("rate.py", "_shared/ratings"),
    "your_data": ("your_data.py", "_shared/your_data"),
    "method": ("method.py", "_shared/card"),
}
FILES = [(path, room) for path in sorted(PAGES.rglob("*.py")) for room in [
    next((name for name, places in ROOMS.items() if path.relative_to(PAGES).as_posix().startswith(places)), "shared")
]]  # fmt: skip


def keys_in(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """(line, key or its beginning) of every key that is written out: of widgets, and of `st.session_state[…]`."""
    constants = {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            values = [word.value for word in node.keywords if word.arg == "key"]
        elif isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("session_state"):
            values = [node.slice]
        for value in values:
            if isinstance(value, ast.JoinedStr):
                first = value.values[0]
                yield node.lineno, str(first.value) if isinstance(first, ast.Constant) else ""
            elif isinstance(value, ast.Constant):
                yield node.lineno, str(value.value)
            elif isinstance(value, ast.Name) and value.id in constants:
                yield node.lineno, str(constants[value.id])


@pytest.mark.parametrize(("path", "room"), FILES, ids=[str(path.relative_to(PAGES)) for path, _ in FILES])
def test_a_key_begins_with_its_page(path: Path, room: str) -> None:
    prefix = room.replace("_", "-") + "-"
    wrong = [(line, key) for line, key in keys_in(ast.parse(path.read_text())) if not key.startswith(prefix)]
    assert wrong == [], f"keys that do not begin with {prefix!r}"


def test_the_collector_sees_what_is_wrong() -> None:
    code = "FACES = 'faces'\nst.toggle('x', key=FACES)\nst.button('y', key=f'go-{n}')\nst.session_state['open'] = 1"
    assert list(keys_in(ast.parse(code))) == [(2, "faces"), (3, "go-"), (4, "open")]


def visit(page: AppTest, name: str) -> AppTest:
    """Go there as by the navigation: the address is that of the page alone."""
    page.query_params.clear()
    page.switch_page(f"pages/{name}.py").run()
    assert not page.exception, (name, page.exception)
    return page


@pytest.mark.parametrize("first", ROOMS)
def test_every_page_opens_after_every_other(first: str) -> None:
    """One visitor, from this page to each of the others and back: what one leaves behind breaks no other."""
    page = visit(AppTest.from_file(ROOT / "app.py", default_timeout=120), first)
    for other in ROOMS:
        visit(visit(page, other), first)
