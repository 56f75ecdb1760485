"""Numbers and names as parts of a sentence, and a sentence that more than one page says."""

from __future__ import annotations

from collections.abc import Sequence

from pages.shared.escaping import plain
from saliency.models.weights import WeightsError


def percent(share: float) -> str:
    """0.874 -> "87 %", which never breaks across lines."""
    return f"{100 * share:.0f}\u00a0%"


def counted(number: int, one: str, many: str = "") -> str:
    """ "1 photo", "2 photos", "12,345 photos"; many: the plural where it takes more than an s."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def listed(names: Sequence[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def no_network(error: WeightsError) -> str:
    """What a visitor reads where a network's weights are missing or damaged: to try again would not help."""
    return (
        "**This server's network cannot be used.** That is not the fault of your photos, which are still here; what "
        f"needs no network still works. For whoever runs this server: {plain(str(error))}."
    )
