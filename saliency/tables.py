"""Tables that people bring: CSVs, whatever stands between their values, and however their numbers are written."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from saliency.files.plain import open_plain

MOST_NAMED = 10  # bad lines that an error names one by one
MOST_BAD = 10_000  # after so many nobody reads on
MOST_LISTED = 30  # columns that an error lists
MOST_SHOWN = 60  # characters of a value that an error shows
_SEPARATORS = ",;\t"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table. values: by column, as they are written. commas: whether numbers have a comma for a point,
    which can be where none stands between values."""

    values: dict[str, str | None]
    commas: bool

    def text(self, column: str) -> str:
        """Raises ValueError where the line ends before it."""
        value = self.values[column]
        if value is None:
            raise ValueError(f"{column} is missing")
        return value.strip()

    def number(self, column: str) -> float:
        """Raises ValueError naming what is none."""
        text = self.text(column)
        try:
            return float(text.replace(",", ".") if self.commas else text)
        except ValueError:
            shown = text if len(text) <= MOST_SHOWN else text[:MOST_SHOWN] + "…"
            raise ValueError(f"{column} is not a number: {shown!r}") from None


def read_table(path: Path, columns: Sequence[str], read: Callable[[Line], T]) -> list[T]:
    """What `read` makes of each line of a CSV with these columns and maybe others, in any order.

    Between values are commas, semicolons or tabs, whichever the first line has most of; with the latter two, 0,5 is
    0.5. Raises ValueError, without the file's name, for columns that are missing, with those that there are, and for
    all bad lines together: those of which `read` raises ValueError, or that have more values than the first.
    """
    text = _text(path)
    first = text.partition("\n")[0]
    separator = max(_SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    found, bad = [], _Bad()
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if any(column not in names for column in columns):
            raise ValueError(_missing(names, columns))
        places = {name: place for place, name in enumerate(names) if name in columns}
        for cells in reader:
            if not cells:
                continue
            try:
                _check_length(cells[len(names) :], separator)
                values = {name: cells[place] if place < len(cells) else None for name, place in places.items()}
                found.append(read(Line(values, commas=separator != ",")))
            except ValueError as error:
                bad.add(reader.line_num, error)
                if bad.count == MOST_BAD:
                    break
    except csv.Error as error:
        bad.add(reader.line_num, error)
    if bad.count:
        raise ValueError(bad.told())
    return found


@dataclass(slots=True)
class _Bad:
    """The lines that cannot be read: the first ones in words, and how many there are."""

    words: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, line: int, error: Exception) -> None:
        self.count += 1
        if len(self.words) < MOST_NAMED:
            self.words.append(f"line {line}: {error}")

    def told(self) -> str:
        more = self.count - len(self.words)
        at_least = "at least " if self.count == MOST_BAD else ""
        return "; ".join(self.words) + (f"; and {at_least}{more} more" if more else "")


def _text(path: Path) -> str:
    try:
        with open_plain(path) as file:
            return file.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise ValueError("it is not in UTF-8; save it again as “CSV UTF-8”") from None
    except OSError as error:
        raise ValueError(f"it cannot be read: {error.strerror or error}") from None


def _missing(names: Sequence[str], columns: Sequence[str]) -> str:
    few = [*names[:MOST_LISTED], f"{len(names) - MOST_LISTED} others"] if len(names) > MOST_LISTED else names
    has = f"its first line names the columns {_listed(few)}" if names else "it is empty"
    lacking = [column for column in columns if column not in names]
    needs = f"it needs {_listed(columns)}"
    return f"{has}; {needs}" + (
        f", so {_listed(lacking)} {'is' if len(lacking) == 1 else 'are'} missing" if names else ""
    )


def _check_length(beyond: Sequence[str], separator: str) -> None:
    """beyond: the values of a line for which there are no columns."""
    if any(value.strip() for value in beyond):
        way = "; between numbers with decimal commas put semicolons" if separator == "," else ""
        raise ValueError(f"it has more values than there are columns{way}")


def _listed(names: Sequence[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)
