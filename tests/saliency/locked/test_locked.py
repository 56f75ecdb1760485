"""Strangers' files are opened where they can do no harm: as they are elsewhere, and what breaks, breaks alone."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from saliency.animation import Animation, Still, open_animation
from saliency.files.errors import TooLargeError
from saliency.image import ImageError, file_kind, image_size, open_picture
from saliency.locked import doors
from saliency.locked.failures import JobError
from saliency.locked.jobs import Order
from saliency.locked.pool import Pool
from saliency.pad import Border, canvas_for
from saliency.photo_file import Original, Writing
from saliency.types import Aspect, Box
from tests.corpus import ALL
from tests.corpus.kind import SCENE, encoded
from tests.saliency.locked.planted import JOBS, MARK, PLANTED

pytestmark = pytest.mark.skipif(not doors.CAN_FORK, reason="no processes can be forked here")
GOOD = encoded(SCENE, "PNG")


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    pool = Pool(PLANTED, JOBS, memory=400_000_000)
    yield pool
    pool.close()


def least(size: tuple[int, int]) -> tuple[int, int]:
    return size[0] // 4, size[1] // 4


def test_every_kind_of_file_comes_out_as_it_does_in_the_process_itself() -> None:
    for kind in ALL[::4]:  # all of them take a while
        data = kind.make()
        try:
            expected, animation = open_picture(data, least), open_animation(data)
        except ImageError as error:
            with pytest.raises(type(error)) as caught:
                doors.look(data, least)
            assert str(caught.value) == str(error), kind.name
            continue
        looked = doors.look(data, least)
        looks = tuple(animation.looks()) if isinstance(animation, Animation) else ()
        for found, wanted in zip((looked.picture, *looked.looks), (expected, *looks), strict=True):
            np.testing.assert_array_equal(found.colours, wanted.colours, kind.name)
            np.testing.assert_equal(found.opacity, wanted.opacity, kind.name)
            assert (found.size, found.damage, found.there) == (wanted.size, wanted.damage, wanted.there)
        assert looked.frames == (len(animation.milliseconds) if isinstance(animation, Animation) else 1)
        assert looked.still == (animation.why if isinstance(animation, Still) else "")
    assert doors.image_size(GOOD) == image_size(GOOD)


def test_files_are_written_as_they_are_in_the_process_itself() -> None:
    data, box = encoded(SCENE, "JPEG"), Box(8, 8, 40, 30)
    whole = Box(0, 0, 96, 64)
    canvas, border = canvas_for((96, 64), Aspect(1, 1)), Border("blurred")
    orders = [
        *(Order(box, Writing(kind), (20, 15)) for kind in ("JPEG", "PNG", "WebP", "GIF", "AVIF")),
        Order(whole, Writing("JPEG")),
        Order(whole, Writing("PNG"), canvas=canvas, border=border),
    ]
    original = Original(data, open_picture(data), open_animation(data))
    for file, order in zip(doors.write(data, orders), orders, strict=True):
        expected = order.of(original)  # but for the date of its colour profile, which is that of the process
        assert file_kind(file) == file_kind(expected)
        np.testing.assert_array_equal(open_picture(file).colours, open_picture(expected).colours)


@pytest.mark.parametrize(
    ("job", "seconds", "sentence"),
    [
        ("crash", 9, "the picture ends the program that opens it; save it anew"),
        ("allocate", 9, "the picture needs too much memory to open; the limit is 400 MB; send a smaller one"),
        ("loop", 0.5, "the picture takes too long to open; the limit is 0.5 seconds; send a smaller one"),
        ("sleep", 0.5, "the picture takes too long to open; the limit is 0.5 seconds; send a smaller one"),
        ("nonsense", 9, "the picture ends the program that opens it; save it anew"),
    ],
)
def test_what_breaks_is_told_and_costs_no_other_file(pool: Pool, job: str, seconds: float, sentence: str) -> None:
    with ThreadPoolExecutor(2) as threads:
        broken = threads.submit(pool.ask, job, b"x", seconds=seconds)
        others = [threads.submit(pool.ask, "open", GOOD) for _ in range(3)]
        with pytest.raises(ImageError, match=sentence):
            broken.result()
        for other in others:
            np.testing.assert_array_equal(other.result().colours, SCENE)


def test_memory_that_a_decoder_does_not_get_is_told_as_the_limit() -> None:
    small = Pool(memory=40_000_000)
    try:
        large = encoded(np.zeros((4000, 4000, 3), np.uint8), "PNG")
        with pytest.raises(TooLargeError, match="the limit is 40 MB") as caught:
            small.ask("open", large)
        assert caught.value.told_owner().endswith("GAZECROP_MAX_MEMORY_MEGABYTES raises it")
        assert small.ask("size", large) == (4000, 4000)
    finally:
        small.close()


def test_processor_time_is_limited_where_nobody_watches(pool: Pool) -> None:
    with pytest.raises(ImageError, match="the limit is 1 seconds"):
        pool.ask("loop", b"x", seconds=1)


def test_an_error_of_ours_is_not_the_files(pool: Pool) -> None:
    with pytest.raises(JobError, match="our own"):
        pool.ask("fault", b"x")


def test_no_process_sees_two_files(pool: Pool) -> None:
    seen = [pool.ask("remember", b"x") for _ in range(3)]
    assert [count for count, _ in seen] == [1, 1, 1]
    assert len({process for _, process in seen} | {os.getpid()}) == 4


def test_a_worker_can_do_nothing_else(pool: Pool) -> None:
    missing = pool.missing()
    if "calls" in missing or "files" in missing:
        pytest.skip(f"this system lacks {missing}")
    assert pool.ask("attempt", b"x") == []


def test_limits_are_told_with_the_setting_that_raises_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GAZECROP_MAX_MEGAPIXELS", "0.001")
    small = Pool()
    try:
        with pytest.raises(TooLargeError, match="the limit is 0.001 million pixels") as caught:
            small.ask("open", GOOD)
        assert caught.value.told_owner().endswith("GAZECROP_MAX_MEGAPIXELS raises it")
    finally:
        small.close()


def test_it_ends_when_idle_or_killed_and_starts_anew() -> None:
    short = Pool(idle=0.2)
    try:
        with ThreadPoolExecutor(1) as thread:
            thread.submit(short.warm).result()
        assert short.ask("size", GOOD) == (96, 64)  # though the thread that started it has ended
        first = short._handle
        assert first
        while first.alive:
            time.sleep(0.02)
        assert short.ask("size", GOOD) == (96, 64)
        second = short._handle
        assert second is not first
        assert second
        second._process.kill()  # as where the system runs out of memory
        assert short.ask("size", GOOD) == (96, 64)
    finally:
        short.close()


def test_a_file_that_breaks_its_decoder_is_refused_by_every_job(pool: Pool) -> None:
    for job in ("size", "open", "look"):
        with pytest.raises(ImageError, match="ends the program"):
            pool.ask(job, MARK)
