"""Training views: picture, fixations and frame stay together."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from eval.metrics.fixation import fixation_density
from training.views import CANVASES, TrainingPhoto, density, recolour, sample_matrix, sample_view, whole_matrix

CANVAS = list(CANVASES)


def dot_photo(x: float, y: float, size: tuple[int, int] = (448, 336)) -> TrainingPhoto:
    """A white dot on grey, looked at by everyone."""
    image = np.full((size[1], size[0], 3), 60, np.uint8)
    column, row = int(x * size[0]), int(y * size[1])
    image[row - 4 : row + 5, column - 4 : column + 5] = 255
    return TrainingPhoto(image, np.array([[(column + 0.5) / size[0], (row + 0.5) / size[1]]] * 50), 0)


@pytest.mark.parametrize("canvas", CANVAS, ids=str)
def test_the_density_stays_on_what_was_looked_at(canvas: tuple[int, int]) -> None:
    rng = np.random.default_rng(sum(canvas))
    photo = dot_photo(0.5, 0.45)
    for _ in range(20):
        view = sample_view(photo, canvas, rng)
        assert view.picture.shape == (canvas[1], canvas[0], 3)
        assert view.density.sum() == pytest.approx(1, abs=1e-4)
        row, column = np.unravel_index(view.density.argmax(), view.density.shape)
        y, x = 4 * row + 2, 4 * column + 2
        around = view.picture[max(y - 24, 0) : y + 24, max(x - 24, 0) : x + 24].mean(axis=2)
        dot = view.picture[max(y - 3, 0) : y + 4, max(x - 3, 0) : x + 4].mean(axis=2).max()
        assert dot > np.median(around) + 40


@pytest.mark.parametrize("canvas", CANVAS, ids=str)
def test_the_frame_tells_where_each_cell_was_in_the_photo(canvas: tuple[int, int]) -> None:
    """A cell's frame coordinates, mapped forward by the matrix, come back to the cell."""
    rng = np.random.default_rng(sum(canvas))
    seen = dot_photo(0.3, 0.6)
    for _ in range(10):
        view = sample_view(seen, canvas, rng)
        row, column = np.unravel_index(view.density.argmax(), view.density.shape)
        if view.share == 1:
            np.testing.assert_allclose((view.frame[row, column] + 1) / 2, seen.fixations[0], atol=0.03)


@pytest.mark.parametrize("canvas", CANVAS, ids=str)
def test_a_target_is_seen_where_its_fixations_are(canvas: tuple[int, int]) -> None:
    """The photo's map, carried through a view's matrix, is the density that blurs the fixations on the view."""
    rng = np.random.default_rng(sum(canvas))
    photo = dot_photo(0.4, 0.55)
    cells = photo.fixations * (128, 96)
    carried_photo = replace(photo, target=fixation_density(cells, (128, 96), 0.03 * 128).astype(np.float32))
    for _ in range(10):
        seed = int(rng.integers(1000))
        blurred, carried = (sample_view(one, canvas, np.random.default_rng(seed)) for one in (photo, carried_photo))
        np.testing.assert_array_equal(carried.picture, blurred.picture)
        assert carried.density.sum() == pytest.approx(1, abs=1e-4)
        if blurred.share == 1:
            assert np.minimum(carried.density, blurred.density).sum() > 0.85
        np.testing.assert_array_equal(carried.lesson, carried.density)


def test_the_whole_photo_has_the_whole_frame() -> None:
    matrix = whole_matrix((448, 336), (320, 256))
    np.testing.assert_allclose(matrix @ [448, 336, 1], [320, 256])
    view = sample_view(dot_photo(0.5, 0.5), (320, 256), np.random.default_rng(0))
    assert view.frame.shape == (64, 80, 2)


def test_a_matrix_keeps_the_canvas_filled_or_says_so() -> None:
    """A view without rotation or zooming out shows only pixels of the photo."""
    rng = np.random.default_rng(5)
    filled = 0
    for _ in range(200):
        matrix = sample_matrix((448, 336), (256, 320), rng)
        corners = np.array([[0, 0], [256, 0], [0, 320], [256, 320]]) - matrix[:, 2]
        places = corners @ np.linalg.inv(matrix[:, :2]).T
        filled += bool(((places >= -1e-6) & (places <= [448 + 1e-6, 336 + 1e-6])).all())
    assert filled > 120


def test_a_view_that_misses_the_gaze_is_not_used() -> None:
    rng = np.random.default_rng(6)
    corner = dot_photo(0.04, 0.05)
    assert all(sample_view(corner, (160, 512), rng).share >= 0.25 for _ in range(50))


def test_the_density_is_a_gaussian_around_each_fixation() -> None:
    grid = density(np.array([[160.0, 128.0]]), (320, 256), np.array([12.0, 8.0]))
    y, x = np.mgrid[0:64, 0:80]
    gaussian = np.exp(-(((x - 40) * 4 / 12) ** 2) / 2 - (((y - 32) * 4 / 8) ** 2) / 2)
    np.testing.assert_allclose(grid, gaussian / gaussian.sum(), atol=2e-4)
    np.testing.assert_allclose(density(np.empty((0, 2)), (320, 256), np.array([9.0, 9.0])).sum(), 1, rtol=1e-5)


def test_colours_vary_by_the_numbers_that_are_drawn() -> None:
    """The same numbers give the same picture; over many, a flat one stays about as bright, and some are grey."""
    flat = np.full((24, 32, 3), (150, 110, 70), np.uint8)
    found = np.array([recolour(flat, np.random.default_rng(seed))[12, 16] for seed in range(400)], dtype=float)
    np.testing.assert_array_equal(found[7], recolour(flat, np.random.default_rng(7))[12, 16])
    assert found.mean() == pytest.approx(flat.mean(), rel=0.04)
    assert 0.08 < found.mean(axis=1).std() / flat.mean() < 0.25
    spread = np.ptp(found, axis=1) / found.mean(axis=1)
    assert (spread < 0.17).mean() == pytest.approx(0.08, abs=0.04)  # the light alone is not white by so much
    assert np.median(spread) == pytest.approx(80 / 110, rel=0.15)


def test_soft_pictures_keep_their_mean() -> None:
    """Some pictures are blurred: a fine checkerboard fades, and its mean stays."""
    board = np.indices((24, 32)).sum(axis=0) % 2 * np.uint8(128) + np.uint8(64)
    picture = np.repeat(board[..., None], 3, axis=2)
    contrasts = []
    for seed in range(200):
        found = recolour(picture, np.random.default_rng(seed))[4:-4, 4:-4, 1].astype(float)
        contrasts.append(np.ptp(found))
        assert 64 < found.mean() < 200
    assert (np.array(contrasts) < 30).mean() == pytest.approx(0.15, abs=0.06)
