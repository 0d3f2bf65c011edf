"""`tf.contrib.factorization.GMM`: a mixture of Gaussians as an estimator."""
import numpy as np

from minitf.contrib.factorization.gmm_ops import GmmAlgorithm, gmm
from minitf.contrib.framework.variables import local_variable
from minitf.contrib.learn.estimator import Estimator, ModelFnOps
from minitf.core.constant import constant
from minitf.estimator.canned.kmeans import CountSteps, Initialize, joined_points
from minitf.ops.control_flow.control import with_dependencies
from minitf.ops.state.assign import assign_add
from minitf.train.checkpoint_utils import load_variable
from minitf.train.global_step import get_global_step


class GMM(Estimator):
    """A mixture of `num_clusters` Gaussians of points, the rows of a matrix or of several that are
    joined: see `GmmAlgorithm` for how it starts, and what `params` it learns."""

    SCORES, LOG_LIKELIHOOD, ASSIGNMENTS = "scores", "loss", "assignments"

    def __init__(self, num_clusters, model_dir=None, random_seed=0, params="wmc",
                 initial_clusters="random", covariance_type="full", config=None):
        def model_fn(features, labels, mode, config):
            assert labels is None, labels
            return _ops(gmm(joined_points(features), initial_clusters, num_clusters, random_seed,
                            covariance_type, params), mode)  # fmt: skip

        super().__init__(model_fn, model_dir, config)

    def predict_assignments(self, input_fn=None, batch_size=None, outputs=None):
        """The most likely component of each point."""
        found = self.predict(input_fn=input_fn, batch_size=batch_size, outputs=outputs)
        for each in found:
            yield each[self.ASSIGNMENTS]

    def score(self, input_fn=None, batch_size=None, steps=None):
        """The logarithm of the sum of the likelihoods of the points of a batch."""
        found = self.evaluate(input_fn=input_fn, batch_size=batch_size, steps=steps)
        return np.log(np.sum(np.exp(found[self.SCORES])))

    def weights(self):
        """The weights of the components, as they were saved last."""
        return load_variable(self.model_dir, GmmAlgorithm.CLUSTERS_WEIGHT)

    def clusters(self):
        """The means, as they were saved last."""
        return np.squeeze(load_variable(self.model_dir, GmmAlgorithm.CLUSTERS_VARIABLE), 1)

    def covariances(self):
        """The covariances, as they were saved last."""
        return load_variable(self.model_dir, GmmAlgorithm.CLUSTERS_COVS_VARIABLE)


def _ops(made, mode):
    likelihood, scores, assignments, train, init, is_initialized = made
    total = local_variable(constant(0.0))
    return ModelFnOps(
        mode, predictions={GMM.ASSIGNMENTS: assignments[0][0]}, loss=likelihood,
        train_op=with_dependencies([train], likelihood),
        eval_metric_ops={GMM.SCORES: scores,
                         GMM.LOG_LIKELIHOOD: (total, total.assign_add(likelihood))},
        training_hooks=[Initialize(init, is_initialized),
                        CountSteps(assign_add(get_global_step(), 1))],
    )  # fmt: skip
