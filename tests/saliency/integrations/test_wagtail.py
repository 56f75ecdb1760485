"""A real Wagtail on SQLite in memory: `make test-stacks` has it."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from saliency.crop import window_size
from saliency.framing import Framing, frame
from saliency.image import open_image
from saliency.integrations.points import focal_region
from saliency.models import load_model
from saliency.types import Aspect
from tests.saliency.integrations.cutting import filled, found_in
from tests.saliency.integrations.test_points import SAMPLES

django = pytest.importorskip("django", reason="Wagtail is not installed: make test-stacks")

NAME = "friends.jpg"


class _Unmigrated(dict[str, None]):
    """Every app's tables as its models are now, which takes a second in place of a minute."""

    def __contains__(self, app: object) -> bool:
        return True

    def __missing__(self, app: str) -> None:
        return None


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Wagtail's model of images, in a database of its own."""
    from django.conf import settings
    from django.core.management import call_command

    apps = ["django.contrib.auth", "django.contrib.contenttypes", "taggit", "wagtail", "wagtail.search"]
    settings.configure(
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        INSTALLED_APPS=[*apps, "wagtail.images", "wagtail.admin", "wagtail.users", "saliency.integrations.wagtail"],
        MIGRATION_MODULES=_Unmigrated(),
        MEDIA_ROOT=str(tmp_path_factory.mktemp("media")),
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        STATIC_URL="/static/",
        GAZECROP_METHOD="gaze-fast",
    )
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)
    from wagtail.images import get_image_model
    from wagtail.models import Collection

    Collection.add_root(name="Root")
    return get_image_model()


def saved(images: Any, data: bytes, name: str = NAME, **fields: Any) -> Any:
    from django.core.files.images import ImageFile

    image = images(title=name, file=ImageFile(io.BytesIO(data), name), **fields)
    image.save()
    return images.objects.get(pk=image.pk)


def test_a_new_image_has_its_region(images: Any) -> None:
    data = (SAMPLES / NAME).read_bytes()
    box, point = focal_region(open_image(data), "gaze-fast"), saved(images, data).get_focal_point()
    assert [point.left, point.top, point.right, point.bottom] == pytest.approx(
        [box.left, box.top, box.right, box.bottom], abs=1
    )


@pytest.mark.parametrize("shape", ["1:1", "4:5", "3:1", "9:16"])
def test_wagtails_crops_lie_around_the_region(images: Any, shape: str) -> None:
    photo = open_image(SAMPLES / NAME)[:1200, :840]  # so that all windows have whole pixels
    size = photo.shape[1], photo.shape[0]
    lossless = io.BytesIO()
    Image.fromarray(photo).save(lossless, "PNG")
    image = saved(images, lossless.getvalue(), "friends.png")
    width, height = window_size(size, Aspect.parse(shape))
    with image.get_rendition(f"fill-{width}x{height}").file.open() as file:
        part = np.asarray(Image.open(file).convert("RGB"))
    expected = filled(focal_region(photo, "gaze-fast"), size, (width, height))
    # Wagtail rounds outwards, and brings what is then a pixel too wide back to the width
    assert found_in(photo, part, most=5).as_list() == pytest.approx(expected.as_list(), abs=1)


def ramp() -> bytes:
    """Redder from the left to the right, with something to look at on the right."""
    pixels = np.zeros((400, 1000, 3), np.uint8)
    pixels[..., 0] = np.linspace(0, 255, 1000).round()
    pixels[150:250, 800:860, 1:] = 255
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


def test_an_editors_focal_point_stays(images: Any) -> None:
    chosen: dict[str, Any] = {"focal_point_x": 9, "focal_point_y": 8, "focal_point_width": 7, "focal_point_height": 6}
    image = saved(images, (SAMPLES / NAME).read_bytes(), **chosen)
    assert {name: getattr(image, name) for name in chosen} == chosen
    image.set_focal_point(None)
    image.save()  # an editor took it away
    assert not images.objects.get(pk=image.pk).has_focal_point()


def test_the_command_finds_those_that_are_missing(images: Any, capsys: pytest.CaptureFixture[str]) -> None:
    from django.core.management import call_command

    images.objects.all().delete()
    kept, other = (saved(images, (SAMPLES / NAME).read_bytes()) for _ in range(2))
    before = other.get_focal_point()
    images.objects.filter(pk=other.pk).update(focal_point_x=None, focal_point_y=None)
    Path(saved(images, ramp(), "gone.png").file.path).write_bytes(b"no picture")
    images.objects.filter(title="gone.png").update(focal_point_x=None)
    call_command("gazecrop_focal_points")
    assert capsys.readouterr().out == "1 of 2 images have a focal point now\n"
    assert images.objects.get(pk=other.pk).get_focal_point() == before
    assert images.objects.get(pk=kept.pk).get_focal_point() == before


def test_a_region_lies_where_half_the_gaze_is_and_fits_into_every_usual_crop() -> None:
    image = open_image(SAMPLES / NAME)
    box = focal_region(image, "gaze-fast")
    grid = load_model("gaze-fast").predict(image)
    (tight,) = frame(grid, image.shape[1::-1], [Aspect(*image.shape[1::-1])], Framing(keep=0.5))
    assert np.hypot(*np.subtract(box.center, tight.box.center)) < 0.1 * image.shape[1]
    for shape in ("9:16", "3:1"):
        window = window_size((image.shape[1], image.shape[0]), Aspect.parse(shape))
        assert box.width <= window[0]
        assert box.height <= window[1]
