"""What holds for all tests."""

from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # no test asserts a time
settings.load_profile("any machine")
