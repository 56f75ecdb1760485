"""What of the audit the visitor looks at, and its pickers."""

from __future__ import annotations

from dataclasses import dataclass

from eval.audit.files import Audit
from eval.audit.outcome import ALL
from eval.audit.pictures import GROUNDS, LAYOUTS
from eval.audit.tables import FAVOURED, GAZE
from eval.audit.words import columns_of
from pages.shared.pickers import pick

MEASURES = {FAVOURED: "who is shown", GAZE: "expected gaze"}


@dataclass(frozen=True, slots=True)
class Choice:
    """by: the column that groups are of, or all of them. measure: of MEASURES. layout, ground: ALL for every one."""

    audit: Audit
    method: str
    by: str
    measure: str
    layout: str
    ground: str

    @property
    def view(self) -> dict[str, str]:
        """Of which rows of a table."""
        return {"method": self.method, "layout": self.layout, "ground": self.ground}


def choose(audit: Audit) -> Choice:
    """The pickers."""
    method = pick("Method", audit.manifest["methods"], "method", methods=True)
    by = pick("Groups by", columns_of(audit), "by")
    words = pick("Measure", list(MEASURES.values()), "measure", about="Who is shown: whom the crop shows more of.")
    measure = next(name for name, text in MEASURES.items() if text == words)
    layout = pick("Layout", [ALL, *LAYOUTS], "layout")
    return Choice(audit, method, by, measure, layout, pick("Ground", [ALL, *GROUNDS], "ground"))
