"""The tables of `docs/scale.md` that say what a photo costs, out of `docs/scale/photo.json`. Pure: text out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from eval.bench.growth import ROOT

PAGE = ROOT / "docs" / "scale.md"
BEGIN, END = "<!-- what a photo costs -->", "<!-- end of what a photo costs -->"
A_DAY, SECONDS = 100_000_000, 86_400  # photos, seconds
BUSY = 0.7  # the share of a core's time that is planned with: uploads do not come evenly
PRICE = 0.04  # of a core-hour, in whatever one pays
FEWEST, USUAL, MOST = 1, 6, 16  # formats

Found = Mapping[str, Any]


def updated(page: str, found: Found) -> str:
    """The page with its tables of this measurement. Raises ValueError where it has no place for them."""
    before, begun, rest = page.partition(BEGIN)
    _, ended, after = rest.partition(END)
    if not (begun and ended):
        raise ValueError(f"no lines {BEGIN!r} and {END!r} to write between")
    return "".join([before, BEGIN, "\n\n", "\n".join(_lines(found)), "\n\n", END, after])


def _lines(found: Found) -> Iterator[str]:
    manifest = found["manifest"]
    networks = _networks(found)
    machine, commit = manifest["machine"], manifest["commit"][:12]
    yield f"Medians of turns on one thread: {machine}, {manifest['date']}, commit {commit}."
    yield ""
    yield from _table(
        ["photo", "floor", *(f"`{name}`" for name in networks)],
        [[_size(of), f"{_ms(of, 'floor'):.1f} ms", *(_cell(of, name) for name in networks)] for of in found["sizes"]],
    )
    yield ""
    yield (
        "Milliseconds from a JPEG's bytes to its boxes in six formats, photos a second and core, and how many times "
        "the floor: decoding at an eighth of the sides, which no cropper that sees the photo does without."
    )
    yield ""
    more = " · ".join(
        f"`{name}` {_ms(of, f'{name}, {MOST}') / _ms(of, f'{name}, {FEWEST}'):.2f}"
        for of in found["sizes"][:1]
        for name in networks
    )
    yield f"Sixteen formats cost, in times of one ({_size(found['sizes'][0])}): {more}."
    yield ""
    yield _progressive(found["progressive"])
    yield ""
    yield from _table(
        [f"{A_DAY // 1_000_000} million a day", *(f"`{name}`" for name in networks)],
        [[_size(of), *(_cores(of, name) for name in networks)] for of in found["sizes"]],
    )
    yield ""
    yield (
        f"Cores that are {100 * BUSY:.0f} % busy, and what a million photos cost at {PRICE:g} a core-hour. Of that the "
        f"floor is {_shares(found, networks)}."
    )


def _networks(found: Found) -> list[str]:
    names = (name.partition(",")[0] for name in found["sizes"][0]["milliseconds"] if "," in name)
    return list(dict.fromkeys(names))


def _size(of: Found) -> str:
    return f"{of['megapixels']:g} MP, {of['bytes'] / 1e6:.1f} MB"


def _ms(of: Found, name: str) -> float:
    return float(of["milliseconds"][name])


def _cell(of: Found, name: str) -> str:
    taken = _ms(of, f"{name}, {USUAL}")
    return f"{taken:.1f} ms, {1000 / taken:.0f} a second, {taken / _ms(of, 'floor'):.1f} x"


def _cores(of: Found, name: str) -> str:
    seconds = _ms(of, f"{name}, {USUAL}") / 1000
    return f"{A_DAY * seconds / SECONDS / BUSY:,.0f} cores; {1e6 * seconds / 3600 / BUSY * PRICE:.2f} a million"


def _shares(found: Found, networks: list[str]) -> str:
    ends = (found["sizes"][0], found["sizes"][-1])
    return ", ".join(
        f"{100 * _ms(of, 'floor') / _ms(of, f'{name}, {USUAL}'):.0f} % at {of['megapixels']:g} MP by `{name}`"
        for name in networks[:2]
        for of in ends
    )


def _progressive(found: Found) -> str:
    all_scans, first = (_ms(found, name) for name in ("all scans", "first scans"))
    return (
        f"A progressive JPEG of {found['megapixels']:g} MP is opened for a look in {first:.0f} ms, from its first two "
        f"scans; all of them take Pillow {all_scans:.0f} ms, {all_scans / first:.1f} times as long. Of "
        f"{found['crops']} crops of enlarged samples {found['moved']} lie more than a cell of the map from where all "
        "scans would put them."
    )


def _table(heads: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield f"|{'---|' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"
