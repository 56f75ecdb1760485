"""What holds for all tests."""

import sys

from hypothesis import settings

settings.register_profile("any machine", deadline=None)  # no test asserts a time
settings.load_profile("any machine")

MAIN = sys.modules["__main__"]


def pytest_runtest_setup() -> None:
    """Streamlit's AppTest leaves its script as the main module, and processes that a later test starts would run it."""
    sys.modules["__main__"] = MAIN
