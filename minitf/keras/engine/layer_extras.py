"""What layers add to a model beside their outputs: losses, metrics, updates."""
import functools

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.engine.auto_updates import apart, in_keras_graph
from minitf.keras.engine.call_context import call_context
from minitf.keras.engine.tracking import own_layers
from minitf.layers.reached import reachable
from minitf.ops.function import FunctionGraph
from minitf.ops.state.init_scope import in_init_scope

nest = tf.nest

_mean_metric = {}


def makes_means(cls):
    """Decorates the metric that `add_metric(aggregation="mean")` makes."""
    _mean_metric["class"] = cls
    return cls


class Extras:
    """The losses, metrics and updates of a layer and of the layers in it."""

    @property
    def losses(self):
        """The losses that were added, and the penalties of regularizers, built anew each time."""
        penalties = [function() for function in self._callable_losses]
        own = self._eager_losses or self._losses
        own = own + [loss for loss in penalties if loss is not None]
        return own + self._children("losses")

    @property
    def updates(self):
        """The operations to be run with each step; none of a layer that is not trainable."""
        if not self.trainable and not self.stateful:
            return []
        return self._updates + self._children("updates")

    @property
    def metrics(self):
        return self._metrics + self._children("metrics")

    def add_loss(self, losses, inputs=None):
        """Add losses: tensors, or functions without arguments that return one.

        With `inputs`, they belong to those: to this call of the layer, say.
        """
        for loss in nest.flatten(losses):
            if callable(loss):
                self._callable_losses.append(functools.partial(_loss, loss, inputs))
            elif loss is not None:
                self._add_loss_tensor(_loss(loss, inputs))

    def _add_loss_tensor(self, loss):
        check_outside_branches("the method `add_loss`")
        if K.runs_at_once(loss):
            if not call_context.in_call:
                raise ValueError(
                    "Expected a symbolic Tensors or a callable for the loss value. Please wrap "
                    "your loss computation in a zero argument `lambda`."
                )
            self._eager_losses.append(loss)
        elif self._is_graph_network and not call_context.in_call:
            self._graph_network_add_loss(loss)
        else:
            self._losses.append(loss)

    def _clear_losses(self):
        """Forget the losses of the call before, where layers run at once."""
        self._eager_losses.clear()
        for layer in own_layers(self._tracked("_layers")):
            if isinstance(layer, Extras):
                layer._clear_losses()

    def add_update(self, updates, inputs=None):
        """Add operations that are to be run with each training step, or functions that make one.
        """
        if K.runs_at_once() or isinstance(tf.get_default_graph(), FunctionGraph):
            if not call_context.frozen:
                _run(updates)
            return
        check_outside_branches("the method `add_update`")
        if call_context.in_call:
            relevant = call_context.inputs
        else:
            relevant = [node.input_tensors for node in self._inbound_nodes]
        updates = updates if isinstance(updates, (list, tuple)) else [updates]
        if call_context.in_call and in_keras_graph():  # others are run with the outputs
            updates = [update for update in updates if callable(update)]
        for update in updates:
            with apart():
                made = update() if callable(update) else update
            if not isinstance(made, tf.Operation):
                made = made.op if hasattr(made, "op") else tf.convert_to_tensor(made).op
            made._unconditional_update = not reachable(relevant, [made])
            self._updates.append(made)

    def add_metric(self, value, aggregation=None, name=None):
        """Report a tensor with the metrics: its mean over an epoch, or what a Metric returned.

        ValueError without a name, or for an aggregation other than None and "mean".
        """
        if aggregation not in (None, "mean"):
            raise ValueError(
                "We currently support only `mean` sample-wise metric aggregation. You provided "
                f"aggregation=`{aggregation}`"
            )
        check_outside_branches("the method `add_metric`")
        made_by = getattr(value, "_metric_obj", None)
        if name is None and made_by is None:
            raise ValueError(
                "Please provide a name for your metric like `self.add_metric("
                "tf.reduce_sum(inputs), name='mean_activation', aggregation='mean')`"
            )
        name = name if made_by is None else made_by.name
        if not call_context.in_call and self._is_graph_network:
            self._add_to_graph_network(value, aggregation, name)
        else:
            self._note_metric(value, aggregation, name)

    def _add_to_graph_network(self, value, aggregation, name):
        if hasattr(value, "_metric_obj"):
            raise ValueError(
                "Using the result of calling a `Metric` object when calling `add_metric` on a "
                "Functional Model is not supported. Please pass the Tensor to monitor directly."
            )
        self._graph_network_add_metric(value, aggregation, name)

    def _note_metric(self, value, aggregation, name):
        known = [metric for metric in self._metrics if metric.name == name]
        if len(known) > 1:
            raise ValueError(
                "Please provide different names for the metrics you have added. We found "
                f'{len(known)} metrics with the name: "{name}"'
            )
        if aggregation is not None:
            metric = known[0] if known else _mean_metric["class"](name=name)
            metric(value)
        else:
            metric = known[0] if known else getattr(value, "_metric_obj", None)
        if metric is None:
            raise ValueError(
                "We do not support adding an aggregated metric result tensor that is not the "
                "output of a `tf.keras.metrics.Metric` metric instance. Without having access to "
                "the metric instance we cannot reset the state of a metric after every epoch "
                "during training. You can create a `tf.keras.metrics.Metric` instance and pass "
                "the result here or pass an un-aggregated result with `aggregation` parameter set "
                "as `mean`. For example: `self.add_metric(tf.reduce_sum(inputs), "
                "name='mean_activation', aggregation='mean')`"
            )
        if not known:
            self._metrics.append(metric)


def check_outside_branches(what):
    """RuntimeError in a branch or a loop of a function: what is added there is not there outside.
    """
    graph = tf.get_default_graph()
    if graph.building_function and in_init_scope().eager and graph._context is not None:
        raise RuntimeError(
            f"You are using {what} in a control flow branch in your layer. This is not supported: "
            "move it out of the branch, and let the branch choose the value, as tf.where does."
        )


def _run(updates):
    """Do what functions do; operations have been run, or are in the function that is traced."""
    for update in nest.flatten(updates):
        if callable(update):
            update()


def _loss(loss, inputs):
    """A loss as a tensor that knows whether it depends on inputs."""
    loss = loss() if callable(loss) else loss
    if loss is None:
        return None
    if not tf.is_tensor(loss):
        loss = tf.convert_to_tensor(loss, dtype=K.floatx())
    loss._unconditional_loss = inputs is None
    return loss
