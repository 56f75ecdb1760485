"""The first visitor of a new server, where that is one who follows a link to a page.

Until st.navigation was called once in a process, Streamlit takes the folder pages/ for pages of its own, finds none in
it by that name, and has the browser say so in a dialog, over the very page that was asked for. Loaded once more, it
is there without.
"""

from __future__ import annotations

ONCE_MORE = "<script>window.location.reload()</script>"

_visited: list[bool] = []  # not empty once this process has had a visitor


def came_first() -> bool:
    """Whether nobody was here before, asked once by each run of the frame."""
    first = not _visited
    if first:
        _visited.append(True)
    return first
