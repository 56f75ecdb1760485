"""A run begins, or goes on: only with the same photos and the same wishes as it began with."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path

from saliency.bulk.errors import BulkError, cannot
from saliency.bulk.inputs import find
from saliency.bulk.items import Item, first
from saliency.bulk.listing import LIST, Listed, read_list, shard_count, shard_name, write_list
from saliency.bulk.manifest import MANIFEST, Manifest, Source, read_manifest, write_manifest
from saliency.bulk.recipe import Recipe, model_hash
from saliency.bulk.remote import is_url
from saliency.bulk.sampling import sampled
from saliency.bulk.store import ASIDE, Folder, Store, store_at

LOCK = ".lock"


def begin(output: str, source: Source, recipe: Recipe, as_begun: bool = False) -> Manifest:
    """The run at an output, its list of photos written; one that began before goes on.

    as_begun: with the list as it was then, without looking whether there are other photos now. Raises BulkError where
    the photos or the wishes are others than then, where there are no photos, and where the output has other files.
    """
    store = store_at(output)
    before = read_manifest(store)
    if before is None and (
        others := sorted(name for name in store.names() if not name.startswith((ASIDE, LOCK, LIST)))
    ):
        raise BulkError(f"{output} has files that are of no bulk run, such as {others[0]}; name a new folder")
    if before:
        _check_wishes(output, before, source, recipe)
        if as_begun:
            return before
    with _scratch(output) as path:
        listed = write_list(wanted(source, written_to(output, recipe)), path)
        if not listed.count:
            raise BulkError(f"there is no picture in {', '.join(source.inputs)}")
        manifest = Manifest(source, recipe, listed.count, listed.sha256, model_hash(recipe.method))
        if before:
            _check_photos(before, listed, store, path)
            return before
        store.put_file(LIST, path)
        write_manifest(manifest, store)
        return manifest


def wanted(source: Source, written: Iterable[str]) -> Iterator[Item]:
    """The photos of a run, none from where it writes."""
    found = find(source.inputs, source.column, [Path(place) for place in written if not is_url(place)])
    if source.sample is not None:
        return iter(sampled(found, source.sample))
    return found if source.limit is None else first(found, source.limit)


def written_to(output: str, recipe: Recipe) -> list[str]:
    """Where a run writes."""
    return [output, recipe.cutting.place] if recipe.cutting else [output]


def missing(manifest: Manifest, store: Store) -> list[int]:
    """The numbers of the shards that are not made yet."""
    made = store.names()
    return [number for number in range(shard_count(manifest.photos)) if shard_name(number) not in made]


@contextlib.contextmanager
def only_one(output: str) -> Iterator[None]:
    """No other run of this machine writes to the same folder meanwhile; what workers that were killed left aside is
    removed, before and after.

    Raises BulkError where one does. Buckets know no such lock, and need none: two runs would write the same bytes.
    """
    if is_url(output):
        yield
        return
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / LOCK).open("w")
    except OSError as error:
        raise cannot(f"write to {output}", error) from None
    with lock:
        try:
            import fcntl  # not on Windows

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except ImportError:
            pass
        except OSError:
            raise BulkError(f"another run is writing to {output}") from None
        Folder(folder).tidy()
        yield
        Folder(folder).tidy()  # after workers that were killed while they wrote


@contextlib.contextmanager
def _scratch(output: str) -> Iterator[Path]:
    """A file that is gone in the end, or was moved into the output."""
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=None if is_url(output) else output) as folder:
        yield Path(folder) / LIST


def _check_wishes(output: str, before: Manifest, source: Source, recipe: Recipe) -> None:
    if (before.source, before.recipe) != (source, recipe):
        names = ", ".join([*_differing(before.source, source), *_differing(before.recipe, recipe)])
        raise BulkError(
            f"the run in {output} began with other wishes ({names}, see its {MANIFEST}); name another folder"
        )
    if before.model_sha256 != model_hash(recipe.method):
        raise BulkError(f"the run in {output} began with other weights of {recipe.method}; write to another folder")


def _check_photos(before: Manifest, listed: Listed, store: Store, path: Path) -> None:
    if before.list_sha256 == listed.sha256:
        return
    now = read_list(str(path))
    changed = next((item for old, item in zip(read_list(store.open(LIST)), now, strict=False) if old != item), None)
    name = f", the first at {changed.path}" if changed else ""
    raise BulkError(
        f"the photos have changed since the run began: {before.photos:,} then, {listed.count:,} now{name}; "
        "--as-begun goes on with those of then, or write to another folder"
    )


def _differing(then: Source | Recipe, now: Source | Recipe) -> list[str]:
    return [field.name for field in fields(then) if getattr(then, field.name) != getattr(now, field.name)]
