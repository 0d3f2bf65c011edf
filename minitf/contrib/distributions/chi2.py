"""`tf.contrib.distributions.Chi2` and its variant."""
from minitf.core.constant import constant
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32
from minitf.core.graph import control_dependencies, name_scope
from minitf.distributions.distribution import parameter
from minitf.distributions.gamma import Gamma
from minitf.ops.control_flow.check import assert_positive
from minitf.ops.math.elementwise import floor
from minitf.ops.math.operators import abs as magnitude


class Chi2(Gamma):
    """The sums of the squares of `df` standard normal numbers.

    `validate_args` lets a `df` that is not positive raise in the run, and such values.
    """

    def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2"):
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            with control_dependencies([assert_positive(df)] if validate_args else []):
                self._df = parameter(df, "df")
            super().__init__(0.5 * self._df, constant(0.5, dtype=self._df.dtype), validate_args,
                             allow_nan_stats, name)  # fmt: skip
        self._parameters = parameters

    @staticmethod
    def _param_shapes(sample_shape):
        return {"df": convert_to_tensor(sample_shape, dtype=int32)}

    @property
    def df(self):
        """The degrees of freedom."""
        return self._df


class Chi2WithAbsDf(Chi2):
    """As Chi2, of floor(|df|)."""

    def __init__(self, df, validate_args=False, allow_nan_stats=True, name="Chi2WithAbsDf"):
        parameters = dict(locals())
        with name_scope(name, values=[df]) as name:
            whole = floor(magnitude(df, name="abs_df"), name="floor_abs_df")
            super().__init__(whole, validate_args, allow_nan_stats, name)
        self._parameters = parameters
