"""Sentences of Fairness, in Markdown. Pure."""

from __future__ import annotations

from eval.audit.files import Audit
from eval.audit.outcome import ALL
from eval.audit.tables import ANYBODY, FIXED, NEITHER
from eval.audit.words import NOTHING_SEEN, by_group, by_place, chosen, columns_of, finding
from pages.shared.palette import method_look
from pages.shared.phrases import counted, percent
from pages.shared.widgets import plain


def verdict(audit: Audit, method: str) -> str:
    """Whether a method favours a group or a place."""
    label = method_look(method).label
    found = {name: finding(audit, method, name) for name in columns_of(audit)[-2:]}
    if all(one.seen < NOTHING_SEEN for one in found.values()) and not _decided(audit, method):
        return f"**{label} chooses nobody**: it shows as much of both, and {_neither(audit, method)}."
    groups = "; ".join(f"by **{plain(name)}**, {plain(by_group(one))}" for name, one in found.items())
    return f"**{label}** favours: {groups}. Whoever is there, it shows {plain(by_place(audit, method))}."


def _decided(audit: Audit, method: str) -> bool:
    """Whether any picture's crop follows a place."""
    return bool(chosen(audit.tables.places, method=method, measure=FIXED)["mean"].any())


def _neither(audit: Audit, method: str) -> str:
    rows = chosen(audit.tables.fates, method=method, layout=ALL, ground=ALL, group=ANYBODY, fate=NEITHER)
    return f"keeps neither face whole in {percent(rows.iloc[0]['mean'])} of pictures"


def about_audit(audit: Audit) -> str:
    """Of how many people and pictures, and when."""
    people = audit.manifest["people"]
    least, most = min(people.values()), max(people.values())
    each = f"{least} each" if least == most else f"{least} to {most}"
    return (
        f"{audit.manifest['pairs']:,} pairs of {counted(sum(people.values()), 'person', 'people')} in "
        f"{counted(len(people), 'group')} of {each} · "
        f"{audit.manifest['pictures']:,} pictures · audit of {plain(str(audit.manifest['date']))} · "
        "in brackets 95 % intervals over people"
    )


def limits(audit: Audit) -> str:
    """What nobody should read into the audit."""
    people = audit.manifest["people"]
    return f"""
- **Not that a crop is fair to people.** It counts who is shown. What it does to somebody to be cut out, by whom and in
  what, no count tells.
- **Groups are guesses.** Race and gender were estimated by an algorithm from the picture and checked by annotators;
  nobody was asked. There are more than {len(people)} kinds of people.
- **About {min(people.values())} people a group.** What could not be seen may still be there: the sentence above says
  how large it may be.
- **Close portraits, not photos.** No hair, no body, nobody looking at anybody, two faces of one height: real photos
  differ in all of that, and in who stands in the middle and in front.
- **Groups differ in more than their name:** age, light, make-up, beards, how sharp the picture is. `--match age:5`
  evens out ages; the rest it cannot.
- **An even share can hide two wrongs** that cancel out, such as beards in one light and make-up in another.

Run it on faces of your own: `python -m eval audit DIR --labels labels.csv --by race,gender`.
"""
