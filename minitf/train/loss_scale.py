"""Losses scaled up, so that small gradients of float16 do not become zero:
`tf.train.experimental.DynamicLossScale`, ..."""
import abc

from minitf import logging
from minitf.core import nest
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int64
from minitf.core.indexed_slices import IndexedSlices
from minitf.core.trackable import Trackable
from minitf.ops.control_flow.branches import cond
from minitf.ops.control_flow.control import group, no_op
from minitf.ops.math.elementwise import is_finite, maximum
from minitf.ops.reduction.reduce import reduce_all
from minitf.ops.state.variables import Variable
from minitf.train.optimizer import Optimizer


class LossScale(Trackable, abc.ABC):
    """By how much losses are scaled: `scale()` is a tensor, `scale.update(gradients)` changes it.
    """

    def __init__(self):
        self._weights = {}

    @abc.abstractmethod
    def __call__(self):
        """The scale, a float32 scalar."""

    @abc.abstractmethod
    def update(self, grads):
        """(an operation that changes it, whether these gradients are to be applied)."""

    def _add_weight(self, name, initial_value, dtype=None):
        if name in self._weights:
            raise RuntimeError(f"Duplicate variables detected. {name}")
        self._weights[name] = Variable(initial_value, name=name, dtype=dtype, trainable=False,
                                       use_resource=True)  # fmt: skip
        return self._weights[name]

    @abc.abstractmethod
    def get_config(self):
        """The arguments that it was made with."""

    @classmethod
    def from_config(cls, config):
        """One made with these arguments."""
        return cls(**config)


class FixedLossScale(LossScale):
    """The same scale always. ValueError unless it is a number from 1 on."""

    def __init__(self, loss_scale_value):
        super().__init__()
        if not isinstance(loss_scale_value, (int, float)):
            raise ValueError("loss_scale_value must be a Python int or float.")
        if loss_scale_value < 1:
            raise ValueError("loss_scale_value must be at least 1.")
        self._loss_scale_value = float(loss_scale_value)

    def __call__(self):
        return convert_to_tensor(self._loss_scale_value)

    def update(self, grads):
        return no_op(), True

    def __repr__(self):
        return f"FixedLossScale({self._loss_scale_value})"

    def get_config(self):
        return {"loss_scale_value": self._loss_scale_value}


class DynamicLossScale(LossScale):
    """Times `multiplier` after `increment_period` steps with finite gradients, and divided by it,
    but not below 1, after each step without."""

    def __init__(self, initial_loss_scale=2**15, increment_period=2000, multiplier=2.0):
        super().__init__()
        self._initial_loss_scale = float(initial_loss_scale)
        self._increment_period, self._multiplier = int(increment_period), float(multiplier)
        self._current_loss_scale = self._add_weight("current_loss_scale", self._initial_loss_scale,
                                                    float32)  # fmt: skip
        self._num_good_steps = self._add_weight("good_steps", 0, int64)

    initial_loss_scale = property(lambda self: self._initial_loss_scale, doc="At the beginning.")
    increment_period = property(lambda self: self._increment_period, doc="After so many steps.")
    multiplier = property(lambda self: self._multiplier, doc="Times this, or divided by it.")

    def __call__(self):
        return convert_to_tensor(self._current_loss_scale)

    def update(self, grads):
        flat = [grad for grad in nest.flatten(grads) if grad is not None]
        finite = reduce_all([reduce_all(is_finite(grad)) for grad in flat])
        return cond(finite, self._after_good, self._after_bad), finite

    def _after_good(self):
        def increase():
            larger = self._current_loss_scale * self._multiplier
            change = cond(is_finite(larger),
                          lambda: group(self._current_loss_scale.assign(larger)), no_op)
            return group(change, self._num_good_steps.assign(0))

        enough = self._num_good_steps + 1 >= self._increment_period
        return cond(enough, increase, lambda: group(self._num_good_steps.assign_add(1)))

    def _after_bad(self):
        smaller = maximum(self._current_loss_scale / self._multiplier, 1)
        return group(self._num_good_steps.assign(0), self._current_loss_scale.assign(smaller))

    def __repr__(self):
        return (f"DynamicLossScale(initial_loss_scale={self.initial_loss_scale}, "
                f"increment_period={self.increment_period}, multiplier={self.multiplier})")

    def get_config(self):
        return {"initial_loss_scale": self.initial_loss_scale,
                "increment_period": self.increment_period,
                "multiplier": self.multiplier}  # fmt: skip


def _made(loss_scale):
    if isinstance(loss_scale, (int, float)):
        return FixedLossScale(loss_scale)
    if isinstance(loss_scale, LossScale) or loss_scale is None:
        return loss_scale
    if loss_scale == "dynamic":
        return DynamicLossScale()
    raise ValueError(f"Could not interpret loss scale identifier: {loss_scale}")


class MixedPrecisionLossScaleOptimizer(Optimizer):
    """An optimizer of a scaled loss, whose gradients are scaled back.

    `loss_scale` is a LossScale, a number, or "dynamic"; with a DynamicLossScale gradients that are
    not finite are not applied. ValueError for what is no `tf.train.Optimizer`.
    """

    def __init__(self, opt, loss_scale):
        if not isinstance(opt, Optimizer):
            raise ValueError('"opt" must be an instance of Optimizer, but got: '
                             f"{type(opt)}")  # fmt: skip
        super().__init__(opt._use_locking, opt.get_name())
        self._optimizer, self._loss_scale = opt, _made(loss_scale)

    def compute_gradients(self, loss, var_list=None, gate_gradients=Optimizer.GATE_OP,
                          aggregation_method=None, colocate_gradients_with_ops=False,
                          grad_loss=None):
        scale = self._loss_scale()
        scaled = (lambda: loss() * scale) if callable(loss) else loss * scale
        found = self._optimizer.compute_gradients(
            scaled, var_list, gate_gradients, aggregation_method, colocate_gradients_with_ops,
            grad_loss,
        )  # fmt: skip
        back = 1 / self._loss_scale()
        return [(_times(grad, back), variable) for grad, variable in found]

    def apply_gradients(self, grads_and_vars, global_step=None, name=None):
        if not isinstance(self._loss_scale, DynamicLossScale):
            return self._optimizer.apply_gradients(grads_and_vars, global_step, name)
        pairs, name = tuple(grads_and_vars), name or self.get_name()
        update, finite = self._loss_scale.update([grad for grad, _ in pairs])
        step = cond(finite, lambda: group(self._optimizer.apply_gradients(
            pairs, global_step, f"{name}-wrapped")), no_op)  # fmt: skip
        return group(step, update, name=name)

    def get_slot(self, *args, **kwargs):
        return self._optimizer.get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        return self._optimizer.get_slot_names(*args, **kwargs)

    def variables(self):
        return self._optimizer.variables()


def _times(grad, factor):
    if isinstance(grad, IndexedSlices):
        return IndexedSlices(grad.values * factor, grad.indices, grad.dense_shape)
    return None if grad is None else grad * factor


def enable_mixed_precision_graph_rewrite(opt, loss_scale="dynamic"):
    """The optimizer with a scaled loss. minitf computes in the types that the program names: the
    part of TensorFlow that makes float16 of them is a matter of speed on a GPU.

    ValueError for what is no `tf.train.Optimizer`, or has a scaled loss already.
    """
    if isinstance(opt, MixedPrecisionLossScaleOptimizer):
        raise ValueError('"opt" must not already be an instance of a '
                         "MixedPrecisionLossScaleOptimizer. `enable_mixed_precision_graph_rewrite` "
                         "will automatically wrap the optimizer with a "
                         "MixedPrecisionLossScaleOptimizer.")  # fmt: skip
    if not isinstance(opt, Optimizer):
        raise ValueError('"opt" must be an instance of a tf.train.Optimizer or a '
                         f"tf.keras.optimizers.Optimizer, but got: {opt}")  # fmt: skip
    _State.enabled = True
    logging.info("enable_mixed_precision_graph_rewrite: losses are scaled; minitf makes no float16 "
                 "of float32.")  # fmt: skip
    return MixedPrecisionLossScaleOptimizer(opt, loss_scale)


def disable_mixed_precision_graph_rewrite():
    """Undo it: warns where it was not done."""
    if not _State.enabled:
        logging.warning("disable_mixed_precision_graph_rewrite() called when mixed precision is "
                        "already disabled.")  # fmt: skip
    _State.enabled = False


class _State:
    """Whether mixed precision was asked for."""

    enabled = False
