"""What `compile` makes: losses, metrics, and the functions that run batches."""
import minitf as tf
from minitf.core.trackable import changed, is_trackable, note
from minitf.keras import backend as K
from minitf.keras import losses, optimizers
from minitf.keras import metrics as metrics_module
from minitf.keras.callbacks import PREDICT, TEST, TRAIN
from minitf.keras.engine import training_eager
from minitf.keras.engine import training_endpoint as endpoints
from minitf.keras.engine import training_metrics as metrics_of
from minitf.keras.engine.tracking import own_layers
from minitf.keras.utils.losses_utils import (
    ReductionV2,
    compute_weighted_loss,
    reduce_weighted_loss,
)
from minitf.ops.state.variables import in_init_scope

nest = tf.nest


class Compiling:
    """The part of Model that builds what is run."""

    _training_endpoints = ()
    _run_eagerly = None

    @K.builds_graph
    def compile(
        self, optimizer="rmsprop", loss=None, metrics=None, loss_weights=None,
        sample_weight_mode=None, weighted_metrics=None, target_tensors=None, distribute=None,
        **kwargs,
    ):  # fmt: skip
        """Say how to train: the optimizer, losses and metrics, each one or a list or dictionary
        by outputs.

        `weighted_metrics` are weighted as the loss is; `sample_weight_mode` is None, "temporal"
        or one for each output; `target_tensors` stand in for targets; `run_eagerly=True` calls the
        layers with the values of each batch. Further keywords are those of K.function. A subclass
        that has not been called yet is compiled at its first data.
        """
        if distribute is not None:
            raise NotImplementedError("compile(distribute=...): minitf runs models in one process.")
        run_eagerly = kwargs.pop("run_eagerly", None)
        kwargs.pop("experimental_run_tf_function", None)
        self._quietly(
            optimizer=nest.map_structure(optimizers.get, optimizer)
            if isinstance(optimizer, (list, tuple)) else optimizers.get(optimizer),
            loss=loss or {},
            loss_weights=loss_weights,
            sample_weight_mode=sample_weight_mode,
            _compile_metrics=metrics or [],
            _compile_weighted_metrics=weighted_metrics,
            _training_endpoints=[],
            _compile_metric_functions=[],
            _compiled_trainable_state=self._get_trainable_state(),
            _function_kwargs=kwargs,
            _run_eagerly=run_eagerly,
        )  # fmt: skip
        if self.run_eagerly and target_tensors is not None:
            raise ValueError("target_tensors argument is not supported when running a model "
                             "eagerly.")  # fmt: skip
        if is_trackable(self.optimizer):
            note(self, "optimizer", self.optimizer)
            changed()
        if self.built and self.inputs and self.outputs:
            self._compile(metrics, weighted_metrics, target_tensors)

    def _compile(self, metrics, weighted_metrics, target_tensors):
        functions = endpoints.loss_functions(self.loss, self.output_names)
        targets = endpoints.target_tensors(target_tensors, self.output_names)
        made = [
            endpoints.Endpoint(*each, self.run_eagerly)
            for each in zip(self.outputs, self.output_names, functions, targets)
        ]
        endpoints.set_loss_weights(made, self.loss_weights)
        self._quietly(_is_compiled=True, _training_endpoints=made, loss_functions=functions)
        with K.top_scope():
            self._make_metrics(metrics, weighted_metrics)
            if not self.run_eagerly:
                self._call_metrics(self._per_output_metrics, made)
            endpoints.set_sample_weight_modes(made, self.sample_weight_mode)
            if not self.run_eagerly:
                self._compile_losses()
        self._quietly(
            train_function=None, test_function=None, predict_function=None,
            _collected_trainable_weights=self._unique_trainable_weights,
        )  # fmt: skip

    # -- metrics ---------------------------------------------------------------------------------

    def _make_metrics(self, metrics, weighted_metrics):
        shapes = [_sizes(x) for x in self.outputs]
        given = (self.output_names, shapes, self.loss_functions)
        plain = metrics_of.per_output(metrics, *given)
        weighted = metrics_of.per_output(weighted_metrics, *given, is_weighted=True)
        self._quietly(_per_output_metrics=[], _per_output_weighted_metrics=[])
        for i, endpoint in enumerate(self._training_endpoints):
            for found, kept in ((plain, self._per_output_metrics),
                                (weighted, self._per_output_weighted_metrics)):  # fmt: skip
                kept.append({} if endpoint.skipped else self._uniquely_named(found[i], i))
        if len(self._training_endpoints) > 1:
            for endpoint in self._training_endpoints:
                if not endpoint.skipped:
                    endpoint.output_loss_metric = metrics_module.Mean(name=endpoint.loss_name())

    def _uniquely_named(self, metrics, index):
        """{name: metric} with names that no other metric has."""
        found = {}
        for name, metric in metrics.items():
            if len(self.output_names) > 1:
                name = f"{self.output_names[index]}_{name}"
            unique, number, taken = name, 1, self.metrics_names
            while unique in taken:
                unique, number = f"{name}_{number}", number + 1
            metric._quietly(_name=unique)
            found[unique] = metric
            self._compile_metric_functions.append(metric)
        return found

    def _call_metrics(self, per_output, targets, weighted=False):
        with K.name_scope("metrics"):
            for endpoint, metrics in zip(targets, per_output):
                for name, metric in {} if endpoint.skipped else metrics.items():
                    with K.name_scope(name):
                        metrics_of.called(
                            metric, endpoint.target, endpoint.output,
                            endpoint.sample_weight if weighted else None,
                            getattr(endpoint.output, "_keras_mask", None),
                        )  # fmt: skip

    @property
    def metrics(self):
        """The metrics that were compiled, and those that layers have added."""
        found = list(self._compile_metric_functions) if self._is_compiled else []
        found += self._metrics
        return found + _metrics_of_layers(own_layers(self._tracked("_layers")))

    @property
    def metrics_names(self):
        """"loss", and what else `evaluate` returns, in order."""
        names = ["loss"]
        if self._is_compiled:
            shown = [e for e in self._training_endpoints if not e.skipped]
            if len(self._training_endpoints) > 1:
                names += [endpoint.loss_name() for endpoint in shown]
            names += [metric.name for metric in self._compile_metric_functions]
        for layer in own_layers(self._tracked("_layers")):
            names += [metric.name for metric in getattr(layer, "_metrics", ())]
        return names + [metric.name for metric in self._metrics]

    def _all_metrics(self):
        of_losses = [e.output_loss_metric for e in self._training_endpoints]
        return [metric for metric in of_losses if metric is not None] + self.metrics

    def reset_metrics(self):
        """Set all metrics to begin anew."""
        for metric in self._all_metrics():
            metric.reset_states()

    # -- losses ----------------------------------------------------------------------------------

    def _compile_losses(self):
        """Make weights of samples, the metrics that they weight, and the loss."""
        for endpoint in self._training_endpoints:
            endpoint.populate_sample_weight()
        made = self._training_endpoints
        self._call_metrics(self._per_output_weighted_metrics, made, weighted=True)
        self._quietly(total_loss=self._total_loss(made))

    def _total_loss(self, targets):
        """The weighted sum of all losses. ValueError when there is none."""
        total = None
        with K.name_scope("loss"):
            for endpoint in targets:
                if not endpoint.skipped:
                    loss = endpoint.loss_weight * self._output_loss(endpoint)
                    total = loss if total is None else total + loss
            if total is None:
                if not self.losses:
                    raise ValueError(
                        "The model cannot be compiled because it has no loss to optimize."
                    )
                total = 0.0
            more = self._losses_of_layers()
            if more:
                total += tf.add_n(more)
        return total

    def _losses_of_layers(self):
        if tf.executing_eagerly():
            return self.losses
        return self.get_losses_for(None) + self.get_losses_for(self.inputs)

    def _output_loss(self, endpoint):
        y_true, y_pred, function = endpoint.target, endpoint.output, endpoint.loss_fn
        with K.name_scope(endpoint.loss_name()):
            mask = getattr(y_pred, "_keras_mask", None)
            weights = metrics_of.masked_weights(mask, y_pred, endpoint.sample_weight)
            if isinstance(function, losses.Loss):
                each = compute_weighted_loss(
                    function.call(y_true, y_pred), weights, ReductionV2.NONE
                )
                auto = function.reduction == ReductionV2.AUTO
                reduction = ReductionV2.SUM_OVER_BATCH_SIZE if auto else function.reduction
                loss = reduce_weighted_loss(each, reduction)
            else:
                loss = function(y_true, y_pred, sample_weight=weights)
        if endpoint.output_loss_metric is not None:
            endpoint.output_loss_metric(loss)
        return loss

    # -- weights of samples ----------------------------------------------------------------------

    def _update_sample_weight_modes(self, sample_weights=None):
        if not self._is_compiled:
            return
        given = any(weights is not None for weights in sample_weights or ())
        for endpoint in self._training_endpoints:
            mode = endpoint.sample_weight_mode or "samplewise"
            endpoint.sample_weight_mode = mode if given else None

    def _recompile_losses(self):
        """Make the losses, and all that computes them, anew where weights come or stop to."""
        wanted = self._is_compiled and any(
            e.has_weights and e.sample_weights_mismatch() for e in self._training_endpoints
        )
        if wanted:
            self._compile_losses()
            self._quietly(train_function=None, test_function=None)

    # -- what is fed -----------------------------------------------------------------------------

    def _fed(self):
        return [endpoint for endpoint in self._training_endpoints if endpoint.feedable]

    @property
    def _feed_targets(self):
        return [endpoint.target for endpoint in self._fed()]

    @property
    def _feed_output_names(self):
        return [endpoint.output_name for endpoint in self._fed()]

    @property
    def _feed_output_shapes(self):
        return [endpoint.feed_output_shape for endpoint in self._fed()]

    @property
    def _feed_loss_fns(self):
        return [endpoint.loss_fn for endpoint in self._fed()]

    @property
    def _sample_weight_modes(self):
        return [e.sample_weight_mode for e in self._training_endpoints if e.has_weights]

    @property
    def _feed_sample_weights(self):
        weights = [endpoint.sample_weight for endpoint in self._training_endpoints]
        return [weight for weight in weights if weight is not None]

    # -- functions -------------------------------------------------------------------------------

    @property
    def run_eagerly(self):
        """Whether layers are called with the values of each batch; ones that are `dynamic` must be.

        ValueError where that is asked for and operations do not run at once.
        """
        if self.dynamic and self._run_eagerly is False:
            raise ValueError("A model with layers made by `dynamic=True` can only be run eagerly: "
                             "you cannot set `run_eagerly=False`.")  # fmt: skip
        wanted = self.dynamic or bool(self._run_eagerly)
        if wanted and not in_init_scope().eager:
            what = "a model with layers made by `dynamic=True`" if self.dynamic else (
                "`run_eagerly=True`")  # fmt: skip
            raise ValueError(f"{what} needs eager execution: call `tf.enable_eager_execution()` at "
                             "the start of the program.")  # fmt: skip
        return wanted

    @run_eagerly.setter
    def run_eagerly(self, value):
        self._quietly(_run_eagerly=value)

    def _make_execution_function(self, mode):
        if self.run_eagerly:
            return training_eager.function(self, mode)
        if mode == TRAIN:
            self._make_train_function()
            return self.train_function
        if mode == TEST:
            self._make_test_function()
            return self.test_function
        self._make_predict_function()
        return self.predict_function

    def _results(self):
        """The loss and the results of all metrics."""
        metrics = [m._call_result for m in self._all_metrics() if hasattr(m, "_call_result")]
        return [self.total_loss, *metrics]

    def _make_train_function(self):
        self._recompile_losses()
        self._check_trainable_weights_consistency()
        if self.train_function is not None:
            return
        current = self._get_trainable_state()
        self._set_trainable_state(self._compiled_trainable_state)
        inputs = self._feed_inputs + self._feed_targets + self._feed_sample_weights
        if not isinstance(K.learning_phase(), int):
            inputs = [*inputs, K.learning_phase()]
        with K.name_scope("training"):
            updates = self._optimizer_updates()
            updates = updates + self.get_updates_for(None) + self.get_updates_for(self.inputs)
        with K.name_scope("training"):
            function = K.function(inputs, self._results(), updates=updates,
                                  name="train_function", **self._function_kwargs)  # fmt: skip
        self._quietly(train_function=function)
        self._set_trainable_state(current)

    def _optimizer_updates(self):
        """What changes the variables in a step of training."""
        if isinstance(self.optimizer, list):
            raise ValueError("The `optimizer` in `compile` should be a single optimizer.")
        return self.optimizer.get_updates(
            params=self._collected_trainable_weights, loss=self.total_loss
        )

    def _make_test_function(self):
        self._recompile_losses()
        if self.test_function is not None:
            return
        inputs = self._feed_inputs + self._feed_targets + self._feed_sample_weights
        with K.name_scope("evaluation"):
            function = K.function(inputs, self._results(), updates=self.state_updates,
                                  name="test_function", **self._function_kwargs)  # fmt: skip
        self._quietly(test_function=function)

    def _make_predict_function(self):
        if vars(self).get("predict_function") is not None:
            return
        kwargs = vars(self).get("_function_kwargs", {})
        with K.name_scope(PREDICT):
            function = K.function(self._feed_inputs, self.outputs, updates=self.state_updates,
                                  name="predict_function", **kwargs)  # fmt: skip
        self._quietly(predict_function=function)

    def _check_trainable_weights_consistency(self):
        collected = vars(self).get("_collected_trainable_weights")
        if collected is not None and len(self._unique_trainable_weights) != len(collected):
            tf.logging.log_first_n(
                tf.logging.WARN, "Discrepancy between trainable weights and collected trainable "
                "weights, did you set `model.trainable` without calling `model.compile` after ?",
                1,
            )  # fmt: skip


def _sizes(tensor):
    return None if tensor is None or tensor.shape.ndims is None else tensor.shape.as_list()


def _metrics_of_layers(layers):
    found = []
    for layer in layers:
        if isinstance(layer, Compiling):
            found += layer._metrics + _metrics_of_layers(layer.layers)
        else:
            found += getattr(layer, "metrics", ())
    return found
