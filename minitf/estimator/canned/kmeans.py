"""`tf.estimator.experimental.KMeans`: clustering as an estimator."""
import numpy as np

from minitf import metrics
from minitf.core.graph import colocate_with
from minitf.estimator.canned import kmeans_graph
from minitf.estimator.estimator import Estimator
from minitf.estimator.model_fn import EstimatorSpec
from minitf.feature_column import input_layer
from minitf.ops.array.joining import concat
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.random.draws import get_seed
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign_add
from minitf.saved_model.export_outputs import PredictOutput
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step
from minitf.train.session_run_hook import SessionRunArgs, SessionRunHook

SERVING = "serving_default"


class KMeansClustering(Estimator):
    """K-means clustering of points: see `KMeans` for how it starts, measures and moves.

    Features are a matrix, a row for each point, or a dict of such, joined in the order of their
    names or by `feature_columns`. It stops when the loss changes by less than `relative_tolerance`
    of itself. ValueError for another way to start or to measure.
    """

    SQUARED_EUCLIDEAN_DISTANCE = kmeans_graph.SQUARED_EUCLIDEAN_DISTANCE
    COSINE_DISTANCE = kmeans_graph.COSINE_DISTANCE
    RANDOM_INIT = kmeans_graph.RANDOM_INIT
    KMEANS_PLUS_PLUS_INIT = kmeans_graph.KMEANS_PLUS_PLUS_INIT
    SCORE, CLUSTER_INDEX, ALL_DISTANCES = "score", "cluster_index", "all_distances"
    CLUSTER_CENTERS_VAR_NAME = "clusters"

    def __init__(self, num_clusters, model_dir=None, initial_clusters=RANDOM_INIT,
                 distance_metric=SQUARED_EUCLIDEAN_DISTANCE, seed=None, use_mini_batch=True,
                 mini_batch_steps_per_iteration=1, kmeans_plus_plus_num_retries=2,
                 relative_tolerance=None, config=None, feature_columns=None):
        ways = (self.RANDOM_INIT, self.KMEANS_PLUS_PLUS_INIT)
        if isinstance(initial_clusters, str) and initial_clusters not in ways:
            raise ValueError(f"Unsupported initialization algorithm '{initial_clusters}'")
        if distance_metric not in (self.SQUARED_EUCLIDEAN_DISTANCE, self.COSINE_DISTANCE):
            raise ValueError(f"Unsupported distance metric '{distance_metric}'")
        asked = {
            "num_clusters": num_clusters, "initial_clusters": initial_clusters,
            "distance_metric": distance_metric, "use_mini_batch": use_mini_batch,
            "mini_batch_steps_per_iteration": mini_batch_steps_per_iteration,
            "kmeans_plus_plus_num_retries": kmeans_plus_plus_num_retries,
        }  # fmt: skip

        self._distance_metric = distance_metric

        def model_fn(features, mode, config):
            asked["random_seed"] = self._seed_of(seed)
            return _spec(joined_points(features, feature_columns), mode, asked, relative_tolerance)

        super().__init__(model_fn, model_dir, config)

    def _seed_of(self, seed):
        """With a seed its own, the draws are those of the graph's."""
        return get_seed(seed)[0]

    def predict_cluster_index(self, input_fn):
        """The index of the nearest center, of each point."""
        return self._predicted(input_fn, self.CLUSTER_INDEX)

    def transform(self, input_fn):
        """The distances to all centers, of each point."""
        is_squared = self._distance_metric == self.SQUARED_EUCLIDEAN_DISTANCE
        for found in self._predicted(input_fn, self.ALL_DISTANCES):
            yield np.sqrt(found) if is_squared else found

    def _predicted(self, input_fn, key):
        for found in self.predict(input_fn, predict_keys=[key]):
            yield found[key]

    def score(self, input_fn):
        """The sum of the squared distances to the nearest centers, of the points of one batch."""
        return self.evaluate(input_fn, steps=1)[self.SCORE]

    def cluster_centers(self):
        """The centers, as they were saved last."""
        return self.get_variable_value(self.CLUSTER_CENTERS_VAR_NAME)


def joined_points(features, feature_columns=None):
    """A matrix, of a row for each point; of a dict of such."""
    if not isinstance(features, dict):
        return features
    if feature_columns:
        return input_layer(features, feature_columns)
    keys = sorted(features)
    with colocate_with(features[keys[0]]):
        return concat([features[key] for key in keys], axis=1)


def _spec(points, mode, asked, tolerance):
    graph = kmeans_graph.KMeans(points, **asked).training_graph()
    distances, nearest, losses, is_initialized, init, train = graph
    loss = reduce_sum(losses)
    scalar("loss/raw", loss)
    hooks = [Initialize(init, is_initialized), CountSteps(assign_add(get_global_step(), 1))]
    if tolerance is not None:
        hooks.append(StopWhenSteady(loss, tolerance))
    return EstimatorSpec(
        mode, loss=loss, train_op=with_dependencies([train], loss), training_hooks=hooks,
        predictions={KMeansClustering.ALL_DISTANCES: distances[0],
                     KMeansClustering.CLUSTER_INDEX: nearest[0]},
        eval_metric_ops={KMeansClustering.SCORE: metrics.mean(loss)},
        export_outputs={KMeansClustering.ALL_DISTANCES: PredictOutput(distances[0]),
                        KMeansClustering.CLUSTER_INDEX: PredictOutput(nearest[0]),
                        SERVING: PredictOutput(nearest[0])},
    )  # fmt: skip


class Initialize(SessionRunHook):
    """Chooses the first centers, which may take several steps."""

    def __init__(self, init, is_initialized):
        self._init, self._is_initialized = init, is_initialized

    def after_create_session(self, session, coord):
        while not session.run(self._is_initialized):
            session.run(self._init)


class CountSteps(SessionRunHook):
    """Counts a step before it is made: also that which finds the input at its end, as TensorFlow
    does. For the input may end before the first, and what was chosen then is saved all the same.
    """

    def __init__(self, count):
        self._count = count

    def before_run(self, run_context):
        run_context.session.run(self._count)


class StopWhenSteady(SessionRunHook):
    """Stops when the loss changes little."""

    def __init__(self, loss, tolerance):
        self._loss, self._tolerance, self._before = loss, tolerance, None

    def before_run(self, run_context):
        return SessionRunArgs(self._loss)

    def after_run(self, run_context, run_values):
        now, before = run_values.results, self._before
        if before and abs(now - before) / (1 + abs(before)) < self._tolerance:
            run_context.request_stop()
        self._before = now
