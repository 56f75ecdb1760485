"""Focal points for Wagtail's images: INSTALLED_APPS = [..., "saliency.integrations.wagtail"].

Every new image has one as soon as it is saved; `manage.py gazecrop_focal_points` finds them for those that were there
before. One that an editor chose is never replaced. The setting GAZECROP_METHOD is gaze, or gaze-fast.
"""
