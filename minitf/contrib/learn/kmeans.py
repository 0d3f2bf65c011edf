"""tf.contrib.learn.KMeansClustering: the one before that of tf.contrib.factorization."""
import numpy as np

from minitf.contrib.learn.estimator import Estimator, ModelFnOps
from minitf.estimator.canned import kmeans_graph as kmeans
from minitf.estimator.canned.kmeans import CountSteps, Initialize, StopWhenSteady, joined_points
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.reduction.reduce import reduce_sum
from minitf.ops.state.assign import assign_add
from minitf.summary.numeric import scalar
from minitf.train.global_step import get_global_step


class KMeansClustering(Estimator):
    """K-means clustering of points: see `tf.contrib.factorization.KMeans` for how it starts,
    measures and moves. It stops when the loss changes by less than `relative_tolerance` of itself.
    """

    SQUARED_EUCLIDEAN_DISTANCE = kmeans.SQUARED_EUCLIDEAN_DISTANCE
    COSINE_DISTANCE = kmeans.COSINE_DISTANCE
    RANDOM_INIT, KMEANS_PLUS_PLUS_INIT = kmeans.RANDOM_INIT, kmeans.KMEANS_PLUS_PLUS_INIT
    SCORES, CLUSTER_IDX, CLUSTERS = "scores", "cluster_idx", "clusters"
    ALL_SCORES, LOSS_OP_NAME = "all_scores", "kmeans_loss"

    def __init__(self, num_clusters, model_dir=None, initial_clusters=RANDOM_INIT,
                 distance_metric=SQUARED_EUCLIDEAN_DISTANCE, random_seed=0, use_mini_batch=True,
                 mini_batch_steps_per_iteration=1, kmeans_plus_plus_num_retries=2,
                 relative_tolerance=None, config=None):
        asked = {
            "num_clusters": num_clusters, "initial_clusters": initial_clusters,
            "distance_metric": distance_metric, "use_mini_batch": use_mini_batch,
            "mini_batch_steps_per_iteration": mini_batch_steps_per_iteration,
            "random_seed": random_seed,
            "kmeans_plus_plus_num_retries": kmeans_plus_plus_num_retries,
        }  # fmt: skip
        params = {"asked": asked, "tolerance": relative_tolerance}
        super().__init__(_model_fn, model_dir, config, params)

    def predict_cluster_idx(self, input_fn=None):
        """The index of the nearest center, of each point."""
        for found in self.predict(input_fn=input_fn, outputs=[self.CLUSTER_IDX]):
            yield found[self.CLUSTER_IDX]

    def score(self, input_fn=None, steps=None):
        """The sum of the distances to the nearest centers, of the points of a batch."""
        return np.sum(self.evaluate(input_fn=input_fn, steps=steps)[self.SCORES])

    def transform(self, input_fn=None, as_iterable=False):
        """The distances to all centers, of each point."""
        key = self.ALL_SCORES
        found = self.predict(input_fn=input_fn, outputs=[key], as_iterable=as_iterable)
        return found if as_iterable else found[key]

    def clusters(self):
        """The centers, as they were saved last."""
        return self.get_variable_value(self.CLUSTERS)


def _model_fn(features, labels, mode, params):
    graph = kmeans.KMeans(joined_points(features), **params["asked"]).training_graph()
    distances, nearest, losses, is_initialized, init, train = graph
    loss = reduce_sum(losses, name=KMeansClustering.LOSS_OP_NAME)
    scalar("loss/raw", loss)
    hooks = [Initialize(init, is_initialized), CountSteps(assign_add(get_global_step(), 1))]
    if params["tolerance"] is not None:
        hooks.append(StopWhenSteady(loss, params["tolerance"]))
    return ModelFnOps(
        mode, loss=loss, train_op=with_dependencies([train], loss), training_hooks=hooks,
        predictions={KMeansClustering.ALL_SCORES: distances[0],
                     KMeansClustering.CLUSTER_IDX: nearest[0]},
        eval_metric_ops={KMeansClustering.SCORES: loss},
    )  # fmt: skip
