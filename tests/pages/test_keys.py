"""Keys of widgets and of the session are one namespace over all pages: each page's begin with its own name."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pages.app import FIRST, ROOT, go_to, open_page

ROOMS = sorted(path.parent.name for path in ROOT.glob("pages/*/page.py"))
FILES = sorted(ROOT.glob("pages/**/*.py"))


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
                yield value.lineno, str(first.value) if isinstance(first, ast.Constant) else ""
            elif isinstance(value, ast.Constant):
                yield value.lineno, str(value.value)
            elif isinstance(value, ast.Name) and value.id in constants:
                yield value.lineno, str(constants[value.id])


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_key_begins_with_its_page(path: Path) -> None:
    prefix = path.relative_to(ROOT).parts[1].replace("_", "-") + "-"
    wrong = [(line, key) for line, key in keys_in(ast.parse(path.read_text())) if not key.startswith(prefix)]
    assert wrong == [], f"keys that do not begin with {prefix!r}"


def test_the_collector_sees_what_is_wrong() -> None:
    code = "FACES = 'faces'\nst.toggle('x', key=FACES)\nst.button('y', key=f'go-{n}')\nst.session_state['open'] = 1"
    assert list(keys_in(ast.parse(code))) == [(2, "faces"), (3, "go-"), (4, "open")]


def test_no_key_stands_on_two_pages() -> None:
    seen: dict[str, str] = {}
    for room in ROOMS:
        page = open_page(room)
        own = {
            key
            for key in page.session_state
            if not key.startswith("shared-") and (room == FIRST or not key.startswith(FIRST))
        }
        assert [key for key in own if not key.startswith(f"{room.replace('_', '-')}-")] == []
        assert not own & seen.keys()
        seen |= dict.fromkeys(own, room)
    assert len(seen) > 40


@pytest.mark.parametrize("first", ROOMS)
def test_every_page_opens_after_every_other(first: str) -> None:
    """One visitor, from this page to each that is listed after it and back: what one leaves behind breaks no other."""
    page = open_page(first)
    for other in ROOMS[ROOMS.index(first) :]:
        go_to(go_to(page, other), first)
