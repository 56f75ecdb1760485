"""What Django takes up where this app is installed."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save


class GazecropConfig(AppConfig):
    """Finds the focal point of each image after it is saved first."""

    name = "saliency.integrations.wagtail"
    label = "gazecrop"
    verbose_name = "Gazecrop"

    def ready(self) -> None:
        from wagtail.images import get_image_model

        post_save.connect(_after_saving, sender=get_image_model(), dispatch_uid="gazecrop")


def _after_saving(instance: Any, created: bool, raw: bool, **kwargs: Any) -> None:  # noqa: ARG001
    """raw: out of a fixture, whose files need not be there. An image that cannot be read is saved all the same."""
    from saliency.integrations.wagtail.images import set_focal_point

    if created and not raw:
        set_focal_point(instance)
