"""`tf.contrib.estimator.replicate_model_fn`: a model function on several devices.

minitf computes on one device, so there is one tower.
"""
import copy

from minitf.core.graph import add_to_collection, get_collection
from minitf.estimator.functions import fn_args
from minitf.losses.weighted import Reduction
from minitf.ops.state.variable_scope import variable_scope
from minitf.train.optimizer import Optimizer


def replicate_model_fn(model_fn, loss_reduction=Reduction.SUM_BY_NONZERO_WEIGHTS, devices=None):
    """A model function as the given one, for an optimizer in a TowerOptimizer.

    ValueError for a `loss_reduction` of NONE, NotImplementedError for several `devices`.
    """
    if loss_reduction == Reduction.NONE:
        raise ValueError("Tower losses need to be reduced in some way, yet "
                         f"{loss_reduction} reduction is specified.")  # fmt: skip
    if devices and len(devices) > 1:
        raise NotImplementedError(f"replicate_model_fn(devices={devices}): minitf computes on one "
                                  "device; leave devices out")  # fmt: skip
    takes = fn_args(model_fn)

    def single_device_model_fn(features, labels, mode, params=None, config=None):
        given = {"params": params, "config": config}
        optional = {key: copy.deepcopy(given[key]) for key in given if key in takes}
        with variable_scope("", reuse=False):
            return model_fn(mode=mode, features=features, labels=labels, **optional)

    return single_device_model_fn


class TowerOptimizer(Optimizer):
    """An optimizer, or a function that makes one, for a model of `replicate_model_fn`."""

    COLLECTION_FOR_GRAPH_STATES = "replicate_model_fn_graph_states"

    def __init__(self, optimizer_or_optimizer_fn):
        self._optimizer_or_optimizer_fn = optimizer_or_optimizer_fn

    @staticmethod
    def has_been_used():
        """Whether one has been used in the default graph."""
        return bool(get_collection(TowerOptimizer.COLLECTION_FOR_GRAPH_STATES))

    def _made(self):
        """The optimizer, made when it is used first."""
        if callable(self._optimizer_or_optimizer_fn):
            self._optimizer_or_optimizer_fn = self._optimizer_or_optimizer_fn()
        if not self.has_been_used():
            add_to_collection(self.COLLECTION_FOR_GRAPH_STATES, True)
        return self._optimizer_or_optimizer_fn

    def compute_gradients(self, loss, *args, **kwargs):
        return self._made().compute_gradients(loss, *args, **kwargs)

    def apply_gradients(self, grads_and_vars, global_step=None, **kwargs):
        return self._made().apply_gradients(grads_and_vars, global_step, **kwargs)

    def get_slot(self, *args, **kwargs):
        return self._made().get_slot(*args, **kwargs)

    def get_slot_names(self, *args, **kwargs):
        return self._made().get_slot_names(*args, **kwargs)

    def get_name(self, *args, **kwargs):
        return self._made().get_name(*args, **kwargs)

    def variables(self, *args, **kwargs):
        return self._made().variables(*args, **kwargs)
