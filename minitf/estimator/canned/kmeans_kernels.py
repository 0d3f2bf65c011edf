"""The ops of clustering: NearestNeighbors, KmeansPlusPlusInitialization."""
import numpy as np

from minitf.core.dtypes import float32, int64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.tensor_shape import printed

ROWS = 4096  # points at a time: a block of distances stays in the cache


def _near_shape(points, centers, k):
    rows = None if points is None else points[0]
    return [(rows, None)] * 2


@op("NearestNeighbors", shape=_near_shape, grad=NOT_DIFFERENTIABLE, host=True)
def nearest_neighbors(xp, points: float32, centers: float32, k: int64) -> [int64, float32]:
    """The k nearest centers of each point, nearest first, and the squares of their distances."""
    count = min(int(k), len(centers))
    if count < 1:
        raise ValueError(f"{len(centers)} centers, of which k={int(k)} are wanted: there must be "
                         "one at least")  # fmt: skip
    if points.shape[1:] != centers.shape[1:]:
        raise ValueError(f"points {printed(points.shape)} and centers {printed(centers.shape)} "
                         "must have the same number of columns")  # fmt: skip
    places = np.empty((len(points), count), np.int64)
    distances = np.empty((len(points), count), np.float32)
    for start in range(0, len(points), ROWS):
        rows = slice(start, start + ROWS)
        found = squared_distances(points[rows], centers)
        places[rows] = _least(found, count)
        distances[rows] = np.take_along_axis(found, places[rows], 1)
    return [places, distances]


def squared_distances(points, centers):
    """[points, centers], never below 0."""
    found = points @ centers.T
    found *= -2
    found += np.square(points).sum(1, keepdims=True)
    found += np.square(centers).sum(1)
    return np.maximum(found, 0, out=found)


def _least(distances, count):
    if count == 1:
        return distances.argmin(1)[:, None]
    return np.argsort(distances, 1, kind="stable")[:, :count]


@op("KmeansPlusPlusInitialization", grad=NOT_DIFFERENTIABLE, host=True,
    shape=lambda points, *_: (None, None if points is None else points[1]))  # fmt: skip
def kmeans_plus_plus(
    xp, points: float32, num_to_sample: int64, seed: int64, num_retries_per_sample: int64
) -> float32:
    """Points far from one another, after Arthur and Vassilvitskii 2007: each is drawn with the
    square of its distance from those before as its weight; the best of some draws is taken."""
    count, retries = int(num_to_sample), int(num_retries_per_sample)
    if count < 1 or len(points) < count:
        raise ValueError(f"{count} of {len(points)} points are wanted: there must be as many, and "
                         "one at least")  # fmt: skip
    if retries < 0:
        retries = 2 + int(np.log(count))
    generator = np.random.Generator(np.random.Philox(int(seed)))
    chosen = [int(generator.integers(len(points)))]
    nearest = squared_distances(points, points[chosen])[:, 0]
    while len(chosen) < count:
        chosen.append(_best_of(retries + 1, points, nearest, generator))
        nearest = np.minimum(nearest, squared_distances(points, points[chosen[-1:]])[:, 0])
    return points[chosen]


def _best_of(draws, points, nearest, generator):
    """Of some points, drawn by how far they are, the one that leaves the least distances."""
    sums = np.cumsum(nearest, dtype=np.float64)
    drawn = np.searchsorted(sums, generator.random(draws) * sums[-1], side="right")
    drawn = np.minimum(drawn, len(points) - 1)
    left = np.minimum(nearest[:, None], squared_distances(points, points[drawn])).sum(0)
    return int(drawn[left.argmin()])
