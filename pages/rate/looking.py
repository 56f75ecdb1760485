"""Looking at photos before their turn comes, so that the next pair is there at once.

What is found is kept by the caches that all pages share, by what a photo contains; the round keeps the comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import uuid4

from eval.pairs import Comparison, overlap
from pages.rate.plan import ASPECTS, WANTED, Round, Vote
from pages.rate.sources import Candidate
from pages.shared.kept import kept
from pages.shared.photo_cache import FINDINGS, LIFETIME, Sight, analyse
from pages.shared.photos import Photo
from pages.shared.turns import turn
from saliency import METHODS, ImageError
from saliency.locked import doors
from saliency.types import Aspect, Box

FIRST_LOOKS = 3  # photos, before the first pair: there should be something to choose from
LOOKS_AHEAD = 2  # photos, while a visitor looks at a pair; a click waits for one at most
ENOUGH = WANTED  # comparisons that wait for their turn: then nothing more is looked at ahead

Boxes = dict[str, dict[Aspect, Box]]


def look_for_next(current: Round, candidates: Mapping[str, Candidate], rater: str) -> None:
    """Put a comparison on screen, if there is one; look at photos until there are some to choose from."""
    while current.waits and current.unseen and not (current.ready and _looked(current) >= FIRST_LOOKS):
        look(current, candidates, rater)
    if current.waits:
        current.draw()


def look_ahead(current: Round, candidates: Mapping[str, Candidate], rater: str) -> None:
    """Look at the next photos while the visitor looks at a pair.

    A click comes in between two photos, and loses nothing: a photo counts as looked at once all of it is known.
    """
    for _ in range(LOOKS_AHEAD):
        if not current.unseen or len(current.ready) >= ENOUGH:
            return
        look(current, candidates, rater)


def look(current: Round, candidates: Mapping[str, Candidate], rater: str) -> None:
    """Look at the next photo of the round."""
    key = current.unseen[0]
    candidate = candidates[key]
    photo = candidate.read()
    try:
        _, boxes = boxes_of(photo, current.setup.methods)
    except ImageError as error:
        current.give_up(key, error)
        return
    found = []
    for aspect, left, right in current.questions_on(key):
        shared = overlap(boxes[left][aspect], boxes[right][aspect])
        comparison = Comparison(key, aspect, left, right, shared)
        found.append((comparison, vote_on(comparison, boxes, candidate, photo, rater, current.setup.plan)))
    current.seen(key, found)


def vote_on(
    comparison: Comparison, boxes: Boxes, candidate: Candidate, photo: Photo, rater: str, plan: str, shown: str = ""
) -> Vote:
    """All that is written down but the choice, which is "same". shown: the key of this showing; else one of its own."""
    return Vote(
        shown=shown or uuid4().hex,
        rater=rater,
        source=candidate.source,
        photo=candidate.public_name(photo),
        aspect=str(comparison.aspect),
        left_method=comparison.left,
        right_method=comparison.right,
        left_box=boxes[comparison.left][comparison.aspect],
        right_box=boxes[comparison.right][comparison.aspect],
        choice="same",
        drawn=plan,
    )


def _looked(current: Round) -> int:
    """At how many photos."""
    return len(current.setup.photos) - len(current.unseen)


def boxes_of(photo: Photo, methods: Sequence[str]) -> tuple[Sight, Boxes]:
    """What a photo shows, and the crops of methods and peers in all formats. Raises ImageError for no picture."""
    analysis = analyse(photo, [name for name in methods if name in METHODS], ASPECTS)
    boxes = {name: {crop.aspect: crop.box for crop in crops} for name, crops in analysis.crops.items()}
    boxes |= {name: _boxes_of_peer(photo.digest, name, photo) for name in methods if name not in METHODS}
    return analysis.sight, boxes


@kept(FINDINGS, LIFETIME, turn)
def _boxes_of_peer(digest: str, name: str, _photo: Photo) -> dict[Aspect, Box]:  # noqa: ARG001
    """Peers see the full picture, which is not kept."""
    from eval.peers import load_peer  # not with the page: some bring large packages, and few visitors ask for them

    return {crop.aspect: crop.box for crop in load_peer(name).crop(doors.open_image(_photo.data), ASPECTS)}


def missing_peers(pairs: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Why peers among the methods cannot be run on this machine, by name."""
    from eval.peers import PeerUnavailable, load_peer

    missing = {}
    for name in {name for pair in pairs for name in pair if name not in METHODS}:
        try:
            load_peer(name)
        except PeerUnavailable as error:
            missing[name] = str(error)
    return missing
