"""What schemathesis is to send where OpenAPI says "a photo" or "a format"."""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st

from saliency.formats import FORMATS
from saliency.serve.schema import KINDS, UNNAMED
from tests.corpus.kind import SCENE, encoded

PHOTOS = st.sampled_from([encoded(SCENE[:height], kind) for height in (1, 40, 64) for kind in ("JPEG", "PNG", "WebP")])
SIDES = st.integers(1, 999)

schemathesis.openapi.format(
    "crop-format",
    st.one_of(
        st.sampled_from(list(FORMATS)),
        st.builds("{}:{}".format, SIDES, SIDES),
        st.builds("{}x{}px".format, SIDES, SIDES),
    ),
)
schemathesis.openapi.format("binary", PHOTOS)
for media in (*KINDS, UNNAMED):
    schemathesis.openapi.media_type(media, PHOTOS)
