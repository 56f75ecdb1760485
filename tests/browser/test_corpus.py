"""What browsers show of a kind of file is what is seen of it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from saliency.image import open_image
from tests.corpus import KINDS
from tests.corpus.decoders import by_chromium
from tests.corpus.kind import Kind

pytestmark = pytest.mark.browser
KNOWN_TO_BROWSERS = ("image/jpeg", "image/png", "image/webp", "image/avif", "image/gif", "image/bmp")
SHOWN = [kind for kind in KINDS.values() if kind.browser and not kind.refused and kind.mime in KNOWN_TO_BROWSERS]


@pytest.fixture(scope="module")
def canvas(browser: Browser) -> Iterator[Page]:
    """One page for all kinds: a new one for each takes longer than to draw."""
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("kind", SHOWN, ids=lambda kind: kind.name)
def test_it_is_seen_as_chromium_shows_it(canvas: Page, kind: Kind) -> None:
    data = kind.make()
    drawn = by_chromium(canvas, data, kind.mime)
    assert drawn is not None
    seen = open_image(data, ground="white")
    assert seen.shape == drawn.shape
    assert np.abs(seen.astype(float) - drawn).mean() <= kind.tolerance
