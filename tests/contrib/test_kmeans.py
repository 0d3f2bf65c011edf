"""KMeans by mini-batches, where TensorFlow's own steps race, and points drawn far apart."""
import numpy as np
import pytest

import minitf as tf
from minitf.estimator.canned import kmeans_kernels as kernels


@pytest.fixture(autouse=True)
def own_graph():
    with tf.Graph().as_default():
        yield


def points(count=60):
    rng = np.random.default_rng(3)
    centers = np.float32([[0, 0, 1], [9, 9, 0], [-9, 9, 2]])
    return (centers[np.arange(count) % 3] + rng.normal(size=(count, 3)) * 0.3).astype(np.float32)


def unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def expected(data, batches, start, cosine, wait):
    """The centers after each batch, by hand."""
    keep = unit if cosine and wait > 1 else lambda rows: rows
    centers = keep(start.copy()) if not cosine else unit(start)
    updated, left = centers.copy(), wait
    counts = np.zeros(len(start)) if wait > 1 else np.ones(len(start))
    for batch in batches:
        rows = unit(data[batch]) if cosine else data[batch]
        near = ((rows[:, None] - (unit(centers) if cosine else centers)) ** 2).sum(2).argmin(1)
        if wait > 1:
            if left <= 0:
                centers, left = keep(updated), wait - 1
                counts = np.zeros_like(counts)
            else:
                left -= 1
        new = updated.copy()
        for one in np.unique(near):
            mine = rows[near == one]
            rate = 1 / (counts[one] + len(mine))
            new[one] += (mine.sum(0) - len(mine) * updated[one]) * rate
            counts[one] += len(mine)
        updated = new
        if wait == 1:
            centers = updated
        yield centers, updated


@pytest.mark.parametrize("cosine", [False, True])
@pytest.mark.parametrize("wait", [1, 2])
def test_mini_batches_move_the_centers(cosine, wait):
    data = points()
    x = tf.placeholder(tf.float32, [None, 3])
    start = data[[0, 3, 7]]
    made = tf.contrib.factorization.KMeans(
        x, 3, start, "cosine" if cosine else "squared_euclidean", use_mini_batch=True,
        mini_batch_steps_per_iteration=wait,
    ).training_graph()  # fmt: skip
    moving = tf.global_variables()[2 if wait > 1 else 0]
    batches = np.array_split(np.arange(60), 6)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        sess.run(made[4], {x: data})
        for batch, (_, updated) in zip(batches, expected(data, batches, start, cosine, wait)):
            sess.run(made[5], {x: data[batch]})
            np.testing.assert_allclose(sess.run(moving), updated, rtol=2e-4, atol=2e-5)


def test_points_drawn_far_apart_are_of_all_clusters():
    data = points()
    for seed in range(10):
        made = tf.contrib.factorization.KMeans(
            tf.constant(data), 3, "kmeans_plus_plus", random_seed=seed
        ).training_graph()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            sess.run(made[4])
            centers = sess.run(tf.global_variables("clusters")[-1])
        assert sorted(kernels.squared_distances(centers, data[:3]).argmin(1)) == [0, 1, 2]


def test_nearest_of_many_points_are_those_of_all_distances():
    rng = np.random.default_rng(0)
    rows, centers = rng.normal(size=(9000, 5)), rng.normal(size=(7, 5))
    rows, centers = rows.astype(np.float32), centers.astype(np.float32)
    places, found = kernels.nearest_neighbors(rows, centers, np.int64(3))
    with tf.Session() as sess:
        places, found = sess.run([places, found])
    distances = ((rows[:, None] - centers) ** 2).sum(2)
    np.testing.assert_array_equal(places, np.argsort(distances, 1)[:, :3])
    np.testing.assert_allclose(found, np.sort(distances, 1)[:, :3], rtol=1e-4, atol=1e-4)


def test_too_few_points_are_refused():
    made = tf.contrib.factorization.KMeans(
        tf.constant(points(2)), 3, "kmeans_plus_plus"
    ).training_graph()
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        with pytest.raises(tf.errors.InvalidArgumentError):
            sess.run(made[4])


def test_a_markov_chain_of_centers_is_not_there():
    with pytest.raises(NotImplementedError, match="kmc2"):
        tf.contrib.factorization.KMeans(tf.zeros([4, 2]), 2, "kmc2")
