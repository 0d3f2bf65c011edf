"""`tf.contrib.distributions.RelaxedBernoulli`."""
from minitf.contrib.distributions.bijectors.sigmoid import Sigmoid
from minitf.contrib.distributions.logistic import Logistic
from minitf.contrib.distributions.transformed_distribution import TransformedDistribution
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.probabilities import HasOdds, logits_and_probs
from minitf.ops.array.basics import identity
from minitf.ops.control_flow.check import assert_positive


class RelaxedBernoulli(HasOdds, TransformedDistribution):
    """Numbers between 0 and 1, near to them where the `temperature` is near 0, and differentiable:
    of the odds `logits`, or the probabilities `probs`, of 1.

    `validate_args` lets a temperature that is not positive raise in the run. ValueError unless
    either `logits` or `probs` is given.
    """

    def __init__(
        self,
        temperature,
        logits=None,
        probs=None,
        validate_args=False,
        allow_nan_stats=True,
        name="RelaxedBernoulli",
    ):
        parameters = dict(locals())
        with name_scope(name, values=[logits, probs, temperature]) as name:
            with control_dependencies([assert_positive(temperature)] if validate_args else []):
                self._temperature = identity(temperature, name="temperature")
            self._logits, self._probs = logits_and_probs(logits, probs, False, validate_args,
                                                         "get_logits_and_probs")  # fmt: skip
            super().__init__(
                Logistic(self._logits / self._temperature, 1.0 / self._temperature,
                         validate_args, allow_nan_stats, name + "/Logistic"),
                Sigmoid(validate_args=validate_args), validate_args=validate_args, name=name,
            )  # fmt: skip
        self._parameters = parameters

    @staticmethod
    def _param_shapes(sample_shape):
        return {"logits": convert_to_tensor(sample_shape, dtype=int32)}

    @property
    def temperature(self):
        """How far the numbers are from 0 and 1."""
        return self._temperature

