"""Every kind of file that pictures come in: what it shows is what is seen of it, by every road, or it says why not."""

from __future__ import annotations

import numpy as np
import pytest

from saliency.image import ImageError, Opened, image_size, open_image, open_picture, open_reduced
from saliency.types import Box
from tests.corpus import ALL, KINDS
from tests.corpus.kind import Kind

OPENS = [kind for kind in KINDS.values() if not kind.refused]
each = pytest.mark.parametrize("kind", OPENS, ids=lambda kind: kind.name)


def there(opened: Opened) -> Box:
    return opened.there or Box(0, 0, *opened.size)


def test_no_two_kinds_have_one_name() -> None:
    assert len(KINDS) == len(ALL)


@each
def test_it_shows_what_it_should(kind: Kind) -> None:
    opened = open_picture(kind.make())
    assert bool(opened.damage) == kind.damaged
    if kind.answer is None:
        return
    seen = opened.over("white")
    assert seen.shape == kind.answer.shape
    box = there(opened)
    difference = np.abs(seen.astype(float) - kind.answer)[box.top : box.bottom, box.left : box.right]
    assert difference.mean() <= kind.tolerance
    if not kind.tolerance and not kind.damaged:
        assert difference.max() == 0


@each
def test_every_road_gives_one_answer(kind: Kind) -> None:
    data = kind.make()
    full = open_image(data)
    reduced, size = open_reduced(data, lambda _: (20, 20))
    assert size == image_size(data) == full.shape[1::-1]
    assert reduced.shape[0] * size[0] == pytest.approx(reduced.shape[1] * size[1], rel=0.1)
    np.testing.assert_array_equal(open_reduced(data, lambda size: size)[0], full)


@pytest.mark.parametrize("kind", [kind for kind in KINDS.values() if kind.refused], ids=lambda kind: kind.name)
def test_it_is_refused_with_a_sentence(kind: Kind) -> None:
    for road in (open_image, lambda data: open_reduced(data, lambda _: (20, 20))):
        with pytest.raises(ImageError, match=kind.refused):
            road(kind.make())


@pytest.mark.parametrize("kind", [kind for kind in OPENS if kind.damaged], ids=lambda kind: kind.name)
def test_what_is_missing_is_white_and_told_and_refused_when_asked(kind: Kind) -> None:
    opened = open_picture(kind.make())
    box = there(opened)
    assert box.width * box.height >= 0.75 * opened.size[0] * opened.size[1]
    missing = np.ones(opened.pixels.shape[:2], bool)
    missing[box.top : box.bottom, box.left : box.right] = False
    assert (opened.pixels[missing] == 255).all()
    with pytest.raises(ImageError, match="damaged or incomplete"):
        open_picture(kind.make(), strict=True)
