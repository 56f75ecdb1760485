"""From a number to the photos behind it: a method's crops beside those of a reference, photo by photo."""

from __future__ import annotations

import streamlit as st

from pages.explore.address import arrive, follow, read_address, show_problems, unmet
from pages.explore.detail import rows_of, show_photo
from pages.explore.differences import gallery
from pages.explore.gallery import choose_crops, choose_numbers, show_gallery, show_nothing, show_summary

st.title("Photo by photo")
asked = arrive()
selection = choose_numbers()
address = follow(
    read_address(st.query_params.to_dict()),
    (selection.file, selection.metric, selection.method, selection.reference, selection.key),
)
rows = rows_of(selection.run, address.photo)
lost = address.photo and not len(rows)
show_problems(
    [*unmet(asked, selection), *address.problems, *([f"This run has no photo {address.photo!r}."] if lost else [])]
)
crops = choose_crops(selection, address)
ordered = gallery(crops, address.sort, address.seed)
if len(rows):
    show_photo(selection, rows, ordered, address)
elif len(crops):
    show_summary(selection, crops, address)
    show_gallery(selection, crops, ordered, address)
else:
    show_nothing(address)
