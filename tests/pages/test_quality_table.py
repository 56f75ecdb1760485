"""The widths of a table's columns on Quality."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pages.quality.parts import fitted


@given(st.lists(st.integers(40, 300), min_size=1, max_size=20), st.integers(100, 1500))
def test_no_column_is_cut_at_the_right_of_a_table(widths: list[int], room: int) -> None:
    found = fitted(widths, room)
    assert len(found) == len(widths)
    assert all(after >= before for before, after in zip(widths, found, strict=True))
    ends = [sum(found[: count + 1]) for count in range(len(found))]
    assert room in ends or widths[0] > room, "a column ends where the table does"
