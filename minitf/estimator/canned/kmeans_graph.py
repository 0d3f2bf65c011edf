"""Clustering as a graph: what `tf.estimator.experimental.KMeans` trains."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import bool_, float32, int32, int64
from minitf.core.graph import control_dependencies
from minitf.estimator.canned.kmeans_kernels import kmeans_plus_plus, nearest_neighbors
from minitf.nn.embedding import embedding_lookup
from minitf.nn.normal import l2_normalize
from minitf.ops.array.basics import (
    identity,
    ones,
    ones_like,
    rank,
    reshape,
    shape,
    size,
    zeros,
    zeros_like,
)
from minitf.ops.array.indexing import gather, unsorted_segment_sum
from minitf.ops.array.joining import concat
from minitf.ops.array.unique import unique
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.check import assert_equal, assert_greater_equal, assert_positive
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.linalg.products import matmul
from minitf.ops.math.elementwise import cast, equal, reciprocal, square
from minitf.ops.random.draws import random_uniform
from minitf.ops.reduction.axes import squeeze, transpose
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.reduction.scan import add_n
from minitf.ops.state.assign import assign, assign_sub, scatter_add
from minitf.ops.state.variables import Variable

SQUARED_EUCLIDEAN_DISTANCE = "squared_euclidean"
COSINE_DISTANCE = "cosine"
RANDOM_INIT = "random"
KMEANS_PLUS_PLUS_INIT = "kmeans_plus_plus"


class KMeans:
    """K-means clustering of `inputs`, a float32 matrix or a list of them, a row for each point.

    `initial_clusters` is "random" (points drawn), "kmeans_plus_plus" (points drawn far from one
    another), a matrix, or a function of (inputs, number of centers) that returns one. Distances are
    "squared_euclidean" or "cosine". With `use_mini_batch` each step moves the centers towards a
    batch (Sculley 2010); what is assigned to them changes after so many steps. ValueError for
    another way to start or to measure.
    """

    def __init__(
        self, inputs, num_clusters, initial_clusters=RANDOM_INIT,
        distance_metric=SQUARED_EUCLIDEAN_DISTANCE, use_mini_batch=False,
        mini_batch_steps_per_iteration=1, random_seed=0, kmeans_plus_plus_num_retries=2,
        kmc2_chain_length=200,
    ):  # fmt: skip
        ways = (RANDOM_INIT, KMEANS_PLUS_PLUS_INIT, "kmc2")
        if isinstance(initial_clusters, str) and initial_clusters not in ways:
            raise ValueError(f"Unsupported initialization algorithm '{initial_clusters}'")
        if distance_metric not in (SQUARED_EUCLIDEAN_DISTANCE, COSINE_DISTANCE):
            raise ValueError(f"Unsupported distance metric '{distance_metric}'")
        if isinstance(initial_clusters, str) and initial_clusters == "kmc2":
            raise NotImplementedError(
                'KMeans(initial_clusters="kmc2") is not there: "kmeans_plus_plus" is'
            )
        self._inputs = inputs if isinstance(inputs, list) else [inputs]
        self._num_clusters, self._initial_clusters = num_clusters, initial_clusters
        self._cosine = distance_metric == COSINE_DISTANCE
        self._use_mini_batch = use_mini_batch
        self._steps = int(mini_batch_steps_per_iteration)
        self._delayed = use_mini_batch and self._steps > 1
        self._random_seed, self._retries = random_seed, kmeans_plus_plus_num_retries

    def training_graph(self):
        """(all_scores, cluster_idx, scores, cluster_centers_initialized, init_op, training_op).

        Of each input: the distances of all points from all centers, the nearest center of each
        point, and the distance from it. `init_op` is run until `cluster_centers_initialized`, a
        bool variable; `training_op` makes a step.
        """
        initial, count = self._initial_clusters, self._num_clusters
        if isinstance(initial, str) or callable(initial):
            count = convert_to_tensor(count)
        else:
            initial = convert_to_tensor(initial)
            count = shape(initial)[0]
        kept = _Variables(self, count)
        start = _Start(self, initial, count, kept).op()
        inputs, centers = self._inputs, kept.centers
        if self._cosine:
            inputs = [l2_normalize(each, dim=1) for each in inputs]
            if not self._normalized():
                centers = l2_normalize(centers, dim=1)
        all_scores, scores, indices = self._inferred(inputs, centers)
        if self._use_mini_batch:
            with control_dependencies([self._synchronised(kept)]):
                step = _mini_batch_step(inputs, indices, kept.updated, kept.counts)
        else:
            step = self._full_step(inputs, count, indices, kept.centers)
        return all_scores, indices, scores, kept.initialized, start, step

    def _normalized(self):
        """Whether the centers are kept at length 1."""
        return self._cosine and (not self._use_mini_batch or self._delayed)

    def _inferred(self, inputs, centers):
        """(distances from all centers, from the nearest, which that is), of each input."""
        found = []
        all_scores = [self._distances(each, centers) for each in inputs]
        if self._cosine and not self._normalized():
            centers = l2_normalize(centers, dim=1)
        for each, scores in zip(inputs, all_scores):
            indices, distances = nearest_neighbors(each, centers, 1)
            if self._cosine:
                distances *= 0.5  # of vectors of length 1 the square is twice 1 - cosine
            found.append((scores, squeeze(distances, [-1]), squeeze(indices, [-1])))
        return zip(*found)

    def _distances(self, points, centers):
        products = matmul(points, centers, transpose_b=True)
        if self._cosine:
            return 1 - products
        own = reduce_sum(square(points), 1, keepdims=True)
        return own - 2 * products + transpose(reduce_sum(square(centers), 1, keepdims=True))

    def _synchronised(self, kept):
        """Every so many steps the centers become what the steps have made of them."""
        if not self._delayed:
            return no_op()

        def renew():
            with control_dependencies([assign(kept.left, self._steps - 1)]):
                new = l2_normalize(kept.updated, dim=1) if self._cosine else kept.updated
                with (
                    control_dependencies([assign(kept.centers, new)]),
                    control_dependencies([assign(kept.counts, zeros_like(kept.counts))]),
                ):
                    return identity(kept.left)

        return cond(kept.left <= 0, renew, lambda: assign_sub(kept.left, 1))

    def _full_step(self, inputs, count, indices, centers):
        """The centers become the means of their points."""
        sums = [unsorted_segment_sum(each, place, count) for each, place in zip(inputs, indices)]
        numbers = [
            unsorted_segment_sum(
                reshape(ones(reshape(shape(each)[0], [-1])), [-1, 1]), place, count
            )
            for each, place in zip(inputs, indices)
        ]
        tiny = constant(1e-6, dtype=inputs[0].dtype)
        new = add_n(sums) / (cast(add_n(numbers), sums[0].dtype) + tiny)
        return assign(centers, l2_normalize(new, dim=1) if self._normalized() else new)


class _Variables:
    """What is learned: the centers, whether they are there, and, for mini-batches, the centers as
    the steps move them, after how many steps those count, how many points each has had."""

    def __init__(self, kmeans, count):
        empty = constant([], dtype=float32)
        self.centers = Variable(empty, name="clusters", validate_shape=False)
        self.initialized = Variable(False, dtype=bool_, name="initialized")
        self.updated, self.left, self.counts = self.centers, None, None
        if kmeans._delayed:
            self.updated = Variable(empty, name="clusters_updated", validate_shape=False)
            self.left = Variable(kmeans._steps, dtype=int64, name="update_in_steps")
            self.counts = Variable(zeros([count], dtype=int64))
        elif kmeans._use_mini_batch:
            self.counts = Variable(ones([count], dtype=int64))


def _mini_batch_step(inputs, indices, centers, counts):
    """Each center moves to its points, the less the more it has had."""
    updates = []
    for points, index in zip(inputs, indices):
        ids, places = unique(reshape(index, [-1]))
        number = size(ids)
        before, old = gather(counts, ids), gather(centers, ids)
        added = unsorted_segment_sum(ones_like(places, dtype=counts.dtype), places, number)
        moved = unsorted_segment_sum(points, places, number)
        column = concat(
            [reshape(number, [1]), ones(reshape(rank(points) - 1, [1]), dtype=int32)], 0
        )
        moved -= cast(reshape(added, column), points.dtype) * old
        rate = reciprocal(cast(before + added, points.dtype))
        moved *= reshape(rate, column)
        updates += [scatter_add(counts, ids, added), scatter_add(centers, ids, moved)]
    return group(*updates)


class _Start:
    """The operation that adds centers until there are enough."""

    def __init__(self, kmeans, initial, count, kept):
        self._kmeans, self._initial, self._count, self._kept = kmeans, initial, count, kept
        self._inputs = kmeans._inputs
        self._selected = shape(kept.centers)[0]
        self._remaining = count - self._selected
        self._data = add_n([shape(each)[0] for each in self._inputs])

    def op(self):
        return cond(
            equal(self._remaining, 0),
            lambda: assert_equal(self._kept.initialized, True),
            self._initialize,
        )

    def _initialize(self):
        with control_dependencies([assert_positive(self._remaining)]):
            left = self._add()
            return cond(equal(left, 0), lambda: assign(self._kept.initialized, True), no_op)

    def _add(self):
        new, kept = self._chosen(), self._kept
        if self._kmeans._cosine:
            new = l2_normalize(new, dim=1)
        together = cond(
            equal(self._selected, 0), lambda: new, lambda: concat([kept.centers, new], 0)
        )
        written = assign(kept.centers, together, validate_shape=False)
        if kept.updated is not kept.centers:
            written = assign(kept.updated, written, validate_shape=False)
        return self._count - shape(written)[0]

    def _chosen(self):
        if callable(self._initial):
            return self._initial(self._inputs, self._remaining)
        if not isinstance(self._initial, str):
            enough = assert_equal(self._remaining, shape(self._initial)[0])
            with control_dependencies([enough]):
                return identity(self._initial)
        if self._initial == RANDOM_INIT:
            few = self._data <= self._remaining
            return cond(few, lambda: concat(self._inputs, 0), self._drawn)
        with control_dependencies([assert_greater_equal(self._data, self._remaining)]):
            return self._spread()

    def _drawn(self):
        places = random_uniform(
            reshape(self._remaining, [-1]), minval=0, maxval=cast(self._data, int64),
            seed=self._kmeans._random_seed, dtype=int64,
        )  # fmt: skip
        return embedding_lookup(self._inputs, places, partition_strategy="div")

    def _spread(self):
        points = self._inputs[0]
        if self._kmeans._cosine:
            points = l2_normalize(points, dim=1)
        remaining = cast(self._remaining, int64)
        return kmeans_plus_plus(points, remaining, self._kmeans._random_seed, self._kmeans._retries)
