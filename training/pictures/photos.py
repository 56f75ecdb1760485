"""Pictures made of the photos of the train split: cuts in other shapes, and collages. Val and test are never read."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from random import Random

from eval.datasets import DATASETS, Sample, load_dataset
from saliency.image import open_image
from training.pictures.cuts import GRIDS, SHAPES, collage, cut
from training.pictures.types import Made


def cuts_of_training_photos() -> Iterator[Made]:
    """One cut of each photo, dataset by dataset in turn, in a random order."""
    rng = Random("cuts of training photos")
    for number, sample in enumerate(_in_turn(rng)):
        shape = list(SHAPES)[number % len(SHAPES)]
        yield Made(cut(open_image(sample.path), shape, rng), (sample.dataset,))


def collages_of_training_photos() -> Iterator[Made]:
    """Collages of photos of one dataset each, so that a run which leaves one out keeps the others."""
    rng = Random("collages of training photos")
    samples = {name: load_dataset(name, "train") for name in DATASETS}
    while True:
        for name in DATASETS:
            chosen = rng.sample(samples[name], rng.choice(list(GRIDS)))
            yield Made(collage([open_image(sample.path) for sample in chosen], rng), (name,))


def _in_turn(rng: Random) -> Iterator[Sample]:
    shuffled = [rng.sample(samples, len(samples)) for samples in map(partial(load_dataset, split="train"), DATASETS)]
    for number in range(max(map(len, shuffled))):
        yield from (samples[number] for samples in shuffled if number < len(samples))
