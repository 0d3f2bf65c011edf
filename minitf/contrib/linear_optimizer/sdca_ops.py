"""`tf.contrib.linear_optimizer.SdcaModel`."""
from minitf.train import sdca_model


class SdcaModel(sdca_model.Model):
    __doc__ = (sdca_model.Model.__doc__ or "") + """
    Steps and shrinking take 1 where the L2 regularization is less.
    """

    _unshrunk = "_unshrinked/SDCAOptimizer"
    _of_resources = False

    def _check_regularization(self, options):
        for name in ("symmetric_l1_regularization", "symmetric_l2_regularization"):
            if options[name] < 0.0:
                raise ValueError(f"{name} should be non-negative. Found ({options[name]})")

    def _symmetric_l2_regularization(self):
        return max(self._options["symmetric_l2_regularization"], 1.0)
