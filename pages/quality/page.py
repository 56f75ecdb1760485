"""Which method to choose: they are compared on people's gaze."""

from __future__ import annotations

import streamlit as st

from pages.quality.calibration import choose_told, show_calibration
from pages.quality.compare import choose_other, show_comparison
from pages.quality.leaderboard import crop_metrics, is_measured, show_crops
from pages.quality.maps import choose_maps, map_metrics, show_maps
from pages.quality.scene_crops import scene_metrics
from pages.quality.scenes import choose_scenes, show_scenes
from pages.quality.speed import show_speed
from pages.shared.filters import choose_comparison, choose_run, show_unfinished
from pages.shared.pickers import opened, picker_row, tabs
from pages.shared.run_cache import open_run
from pages.shared.unlabelled import show_unlabelled

st.title("Which method keeps what people look at?")
TABS = ["Crops", "Scenes", "Saliency maps", "Calibration", "Speed", "Compare runs"]
verdict = st.container(key="quality-verdict")
pickers = picker_row()
with pickers:
    file = choose_run(scenes=opened(TABS, "show") == "Scenes")
show_unfinished()
run = open_run(file)
if not is_measured(run):
    show_unlabelled(file)
    st.stop()
crops, scenes, maps, calibration, speed, runs = tabs(TABS, "show")
if crops.open:
    with pickers:
        selection = choose_comparison(file, run, crop_metrics(run))
    with crops:
        show_crops(selection, verdict)
elif scenes.open:
    if not scene_metrics(run):
        scenes.info("There is no run of drawn scenes. Make one with `python -m eval run --scenes`.")
        st.stop()
    with pickers:
        choice = choose_scenes(file, run)
    with scenes:
        show_scenes(choice, verdict)
elif maps.open:
    if not map_metrics(run):
        maps.info("This run holds no saliency maps that were scored against fixations: choose another run.")
        st.stop()
    with pickers:
        selection = choose_maps(file, run)
    with maps:
        show_maps(selection, verdict)
elif calibration.open:
    with pickers:
        told = choose_told(file)
    with calibration:
        show_calibration(told, verdict)
elif speed.open:
    with speed:
        show_speed(verdict)
else:
    with pickers:
        other = choose_other(file)
    with runs:
        show_comparison(file, other, pickers, verdict)
