"""`manage.py gazecrop_focal_points`: for every image that has none."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from wagtail.images import get_image_model

from saliency.integrations.wagtail.images import set_focal_point


class Command(BaseCommand):
    """One image after the other: it can be stopped and started again."""

    help = "Find a focal point for every image that has none."

    def handle(self, *args: Any, **options: Any) -> None:  # noqa: ARG002
        images = get_image_model().objects.filter(focal_point_x=None).order_by("pk")
        found = sum(set_focal_point(image) for image in images.iterator())
        self.stdout.write(f"{found} of {images.count() + found} images have a focal point now")
