"""`tf.contrib.distributions.bijectors.ConditionalBijector`."""
from minitf.contrib.distributions.bijectors.bijector import Bijector


class ConditionalBijector(Bijector):
    """A bijector whose function depends on further arguments, given by keyword at each call."""

    def forward(self, x, name="forward", **condition_kwargs):
        """y = f(x)."""
        return self._call_forward(x, name, **condition_kwargs)

    def inverse(self, y, name="inverse", **condition_kwargs):
        """x for which f(x) is y."""
        return self._call_inverse(y, name, **condition_kwargs)

    def inverse_log_det_jacobian(
        self, y, event_ndims, name="inverse_log_det_jacobian", **condition_kwargs
    ):
        """log |det(dx / dy)|, the last `event_ndims` axes being one event."""
        return self._call_inverse_log_det_jacobian(y, event_ndims, name, **condition_kwargs)

    def forward_log_det_jacobian(
        self, x, event_ndims, name="forward_log_det_jacobian", **condition_kwargs
    ):
        """log |det(df / dx)|, the last `event_ndims` axes being one event."""
        return self._call_forward_log_det_jacobian(x, event_ndims, name, **condition_kwargs)
