"""`tf.keras.Model`: a network that can be trained."""
import inspect

import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.callbacks import PREDICT, TEST, TRAIN
from minitf.keras.engine import training_data as data
from minitf.keras.engine import training_endpoint as endpoints
from minitf.keras.engine import training_generator, training_loops
from minitf.keras.engine.history import have_all_keras_metadata
from minitf.keras.engine.network import Network
from minitf.keras.engine.training_compile import Compiling
from minitf.keras.utils import data_utils

nest = tf.nest


class Model(Compiling, Network):
    """Layers between `inputs` and `outputs`, which can be trained together; or a subclass with
    layers in its attributes and a `call` of its own.

    `compile` says how to train, `fit` trains, `evaluate` tests, `predict` predicts.
    """

    # -- whole data ------------------------------------------------------------------------------

    def fit(
        self,
        x=None,
        y=None,
        batch_size=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_split=0.0,
        validation_data=None,
        shuffle=True,
        class_weight=None,
        sample_weight=None,
        initial_epoch=0,
        steps_per_epoch=None,
        validation_steps=None,
        validation_freq=1,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        **kwargs,
    ):
        """Train on data for `epochs`; a History of the losses and metrics.

        `x` and `y` are arrays, lists or dictionaries of them, tensors, a tf.data.Dataset, a
        generator or a Sequence. `validation_split` holds back the last part of the arrays.
        `shuffle` is True, False, or "batch" for whole batches.
        """
        if "nb_epoch" in kwargs:
            epochs = kwargs.pop("nb_epoch")
        if kwargs:
            raise TypeError(f"Unrecognized keyword arguments: {kwargs}")
        self._assert_compile_was_called()
        self._check_call_args("fit")
        if data_utils.is_generator_or_sequence(x):
            self._check_generator(batch_size, y, sample_weight, validation_split)
            return training_generator.run(
                self, TRAIN, x, steps_per_epoch, epochs, verbose, callbacks, validation_data,
                validation_steps, validation_freq, class_weight, max_queue_size, workers,
                use_multiprocessing, shuffle, initial_epoch,
            )  # fmt: skip
        batch_size = self._batch_size(batch_size, steps_per_epoch, x)
        x, y, weights = self._standardize_user_data(
            x, y, sample_weight, class_weight, batch_size, True, "steps_per_epoch",
            steps_per_epoch,
        )  # fmt: skip
        validation = None
        if validation_data:
            validation = self._standardized_validation(
                validation_data, batch_size, validation_steps
            )
        elif 0.0 < (validation_split or 0.0) < 1.0:
            x, y, weights, validation = _held_back(x, y, weights, validation_split)
        elif validation_steps:
            raise ValueError(
                "`validation_steps` should not be specified if `validation_data` is None."
            )
        return training_loops.run(
            self, TRAIN, x, y, weights, batch_size, epochs, verbose, callbacks, validation,
            shuffle, initial_epoch, steps_per_epoch, validation_steps, validation_freq,
            "steps_per_epoch",
        )  # fmt: skip

    def evaluate(
        self,
        x=None,
        y=None,
        batch_size=None,
        verbose=1,
        sample_weight=None,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """The loss on data, or a list of it and the metrics: see `metrics_names`."""
        self._assert_compile_was_called()
        self._check_call_args("evaluate")
        if data_utils.is_generator_or_sequence(x):
            self._check_generator(batch_size, y, sample_weight)
            return training_generator.run(
                self, TEST, x, steps, verbose=verbose, callbacks=callbacks,
                max_queue_size=max_queue_size, workers=workers,
                use_multiprocessing=use_multiprocessing,
            )  # fmt: skip
        batch_size = self._batch_size(batch_size, steps, x)
        x, y, weights = self._standardize_user_data(
            x, y, sample_weight, None, batch_size, True, "steps", steps
        )
        return training_loops.run(
            self, TEST, x, y, weights, batch_size, verbose=verbose, callbacks=callbacks,
            steps=steps,
        )  # fmt: skip

    def predict(
        self,
        x,
        batch_size=None,
        verbose=0,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
    ):
        """The outputs for data: an array, or a list of them."""
        self._check_call_args("predict")
        if data_utils.is_generator_or_sequence(x):
            self._check_generator(batch_size)
            return training_generator.run(
                self, PREDICT, x, steps, verbose=verbose, callbacks=callbacks,
                max_queue_size=max_queue_size, workers=workers,
                use_multiprocessing=use_multiprocessing,
            )  # fmt: skip
        batch_size = self._batch_size(batch_size, steps, x)
        x, _, _ = self._standardize_user_data(
            x, batch_size=batch_size, check_steps=True, steps_name="steps", steps=steps
        )
        return training_loops.run(
            self, PREDICT, x, None, None, batch_size, verbose=verbose, callbacks=callbacks,
            steps=steps,
        )  # fmt: skip

    # -- one batch -------------------------------------------------------------------------------

    def train_on_batch(
        self, x, y=None, sample_weight=None, class_weight=None, reset_metrics=True
    ):
        """One step on one batch; its loss, or a list of it and the metrics."""
        self._assert_compile_was_called()
        self._check_call_args("train_on_batch")
        x, y, weights = self._standardize_user_data(x, y, sample_weight, class_weight)
        values = [*_listed(x), *(y or []), *(weights or [])]
        if not isinstance(K.learning_phase(), int):
            values.append(True)
        self._update_sample_weight_modes(weights)
        self._make_train_function()
        return self._of_batch(self.train_function(values), reset_metrics)

    def test_on_batch(self, x, y=None, sample_weight=None, reset_metrics=True):
        """The loss on one batch, or a list of it and the metrics."""
        self._assert_compile_was_called()
        self._check_call_args("test_on_batch")
        x, y, weights = self._standardize_user_data(x, y, sample_weight)
        self._update_sample_weight_modes(weights)
        self._make_test_function()
        values = [*_listed(x), *(y or []), *(weights or [])]
        return self._of_batch(self.test_function(values), reset_metrics)

    def _of_batch(self, outputs, reset_metrics):
        if reset_metrics:
            self.reset_metrics()
        return outputs[0] if len(outputs) == 1 else outputs

    def predict_on_batch(self, x):
        """The outputs for one batch."""
        self._check_call_args("predict_on_batch")
        x, _, _ = self._standardize_user_data(x)
        self._make_predict_function()
        outputs = self.predict_function(_listed(x))
        return outputs[0] if len(outputs) == 1 else outputs

    # -- generators ------------------------------------------------------------------------------

    def fit_generator(
        self,
        generator,
        steps_per_epoch=None,
        epochs=1,
        verbose=1,
        callbacks=None,
        validation_data=None,
        validation_steps=None,
        validation_freq=1,
        class_weight=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        shuffle=True,
        initial_epoch=0,
    ):
        """As `fit`, on what a generator or Sequence yields: (x, y) or (x, y, sample_weight)."""
        self._check_call_args("fit_generator")
        return training_generator.run(
            self, TRAIN, generator, steps_per_epoch, epochs, verbose, callbacks, validation_data,
            validation_steps, validation_freq, class_weight, max_queue_size, workers,
            use_multiprocessing, shuffle, initial_epoch,
        )  # fmt: skip

    def evaluate_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """As `evaluate`, on what a generator or Sequence yields."""
        self._check_call_args("evaluate_generator")
        return training_generator.run(
            self, TEST, generator, steps, verbose=verbose, callbacks=callbacks,
            max_queue_size=max_queue_size, workers=workers,
            use_multiprocessing=use_multiprocessing,
        )  # fmt: skip

    def predict_generator(
        self,
        generator,
        steps=None,
        callbacks=None,
        max_queue_size=10,
        workers=1,
        use_multiprocessing=False,
        verbose=0,
    ):
        """As `predict`, for what a generator or Sequence yields."""
        self._check_call_args("predict_generator")
        return training_generator.run(
            self, PREDICT, generator, steps, verbose=verbose, callbacks=callbacks,
            max_queue_size=max_queue_size, workers=workers,
            use_multiprocessing=use_multiprocessing,
        )  # fmt: skip

    # -- checks ----------------------------------------------------------------------------------

    def _assert_compile_was_called(self):
        if not self.optimizer:
            raise RuntimeError(
                "You must compile your model before training/testing. Use "
                "`model.compile(optimizer, loss)`."
            )

    def _check_call_args(self, method):
        spec = inspect.getfullargspec(self.call)
        names = spec.args[: len(spec.args) - len(spec.defaults or ())]
        extra = [name for name in names if name != "training"][2:]
        if extra:
            raise ValueError(
                f"Models passed to `{method}` can only have `training` and the first argument in "
                f"`call` as positional arguments, found: {extra}."
            )

    @staticmethod
    def _check_generator(batch_size, y=None, sample_weight=None, validation_split=None):
        if batch_size is not None:
            raise ValueError("The `batch_size` argument must not be specified for the given input "
                             f"type. Received batch_size: {batch_size}")  # fmt: skip
        start = "argument is not supported when data isa generator or Sequence instance."
        if y is not None:
            raise ValueError(f"`y` {start} Instead pass targets as the second element of the "
                             "generator.")  # fmt: skip
        if sample_weight is not None:
            raise ValueError(f"`sample_weight` {start} Instead pass sample weights as the third "
                             "element of the generator.")  # fmt: skip
        if validation_split:
            raise ValueError("If your data is in the form of a Python generator, you cannot use "
                             "`validation_split`.")  # fmt: skip

    def _batch_size(self, batch_size, steps, x):
        """The size of batches: what the first layer fixes, or 32. ValueError when they differ."""
        if data.is_dataset(x):
            if batch_size is not None:
                raise ValueError("The `batch_size` argument must not be specified for the given "
                                 f"input type. Received input: {x}, batch_size: {batch_size}")  # fmt: skip
            return None
        static = _static_batch_size(self.layers_with_input)
        if static is not None:
            if batch_size is not None and batch_size != static:
                raise ValueError(
                    f"The `batch_size` argument value {batch_size} is incompatible with the "
                    f"specified batch size of your Input Layer: {static}"
                )
            batch_size = static if steps is None else batch_size
        return 32 if batch_size is None and steps is None else batch_size

    # -- data ------------------------------------------------------------------------------------

    def _standardized_validation(self, validation_data, batch_size, steps):
        x, y, weights = data.validation_parts(validation_data)
        return self._standardize_user_data(
            x, y, weights, batch_size=batch_size, steps=steps, steps_name="validation_steps"
        )

    def _standardize_user_data(
        self, x, y=None, sample_weight=None, class_weight=None, batch_size=None,
        check_steps=False, steps_name="steps", steps=None,
    ):  # fmt: skip
        """(inputs, targets, weights) as lists of arrays; a subclass is built at its first data."""
        if data.is_dataset(x):
            if y is not None or sample_weight is not None:
                raise ValueError(
                    f"You passed a dataset or dataset iterator ({x}) as input `x` to your model. "
                    "In that case, you should not specify a target (`y`) or `sample_weight`, "
                    "since the dataset or dataset iterator generates both input data and target "
                    "data."
                )
            self._build_for_dataset(x)
            return x, None, None
        if check_steps:
            data.check_steps(x, steps, steps_name)
        if not self.inputs:
            self._set_inputs(_castable(x))
        if not self._is_compiled and self.optimizer:
            self._compile_from_inputs(y)
        shapes = self._feed_input_shapes if self._is_graph_network else None
        x = data.standardized(x, self._feed_input_names, shapes, "input")
        if y is None:
            return x, [], None
        y, weights = self._standardized_targets(x, y, sample_weight, class_weight)
        if self.stateful and batch_size and x[0].shape[0] % batch_size != 0:
            raise ValueError(
                "In a stateful network, you should only pass inputs with a number of samples that "
                f"can be divided by the batch size. Found: {x[0].shape[0]} samples"
            )
        return x, y, weights

    def _standardized_targets(self, x, y, sample_weight, class_weight):
        endpoints.set_sample_weight_modes(self._training_endpoints, self.sample_weight_mode)
        names, modes = self._feed_output_names, self._sample_weight_modes
        y = data.standardized(y, names, None, "target")
        own = data.per_output(sample_weight, names, "sample_weight")
        of_classes = data.per_output(class_weight, names, "class_weight")
        weights = [
            data.weights_of_samples(*each) for each in zip(y, own, of_classes, modes)
        ]
        data.check_lengths(x, y, weights)
        if self._is_graph_network:
            data.check_targets(y, self._feed_loss_fns, self._feed_output_shapes)
        if all(weight is None for weight in weights) and all(mode is None for mode in modes):
            return y, None
        return y, [
            np.ones(target.shape[: 2 if mode == "temporal" else 1]) if weight is None else weight
            for weight, target, mode in zip(weights, y, modes)
        ]

    def _build_for_dataset(self, dataset):
        if self.inputs and (self._is_compiled or not self.optimizer):
            return
        element = training_loops._parts(dataset.make_one_shot_iterator().get_next())
        if not self.inputs:
            self._set_inputs(nest.map_structure(_Spec, element[0]))
        if not self._is_compiled and self.optimizer:
            self._compile_from_inputs(None)

    def _compile_from_inputs(self, y):
        targets = None
        if y is not None and data.has_tensors(y):
            targets = list(y) if isinstance(y, (list, tuple)) else [y]
        self.compile(
            optimizer=self.optimizer, loss=self.loss, metrics=self._compile_metrics,
            weighted_metrics=self._compile_weighted_metrics, loss_weights=self.loss_weights,
            target_tensors=targets, sample_weight_mode=self.sample_weight_mode,
            **self._function_kwargs,
        )  # fmt: skip

    # -- the inputs and outputs of a subclass ----------------------------------------------------

    def _after_call(self, inputs, outputs):
        if not self.inputs and have_all_keras_metadata(inputs) is not None:
            self._set_inputs(inputs, outputs)

    def _set_inputs(self, inputs, outputs=None, training=None):
        """Note what the model is given, by these tensors or by placeholders like these arrays."""
        if self.inputs:
            raise ValueError("Model inputs are already set.")
        if type(self).__name__ == "Sequential" and not self.built:
            shape = inputs.shape
            sizes = shape.as_list() if isinstance(shape, tf.TensorShape) else list(shape)
            self._quietly(_build_input_shape=(None, *sizes[1:]))
        inputs = self._note_inputs(inputs)
        if outputs is None:
            kwargs = {}
            if self._expects_training_arg:
                kwargs["training"] = K.learning_phase() if training is None else training
            outputs = self(inputs, **kwargs)
        outputs = nest.flatten(outputs)
        names = [f"output_{i + 1}" for i in range(len(outputs))]
        self._quietly(outputs=outputs, output_names=names, built=True)

    def _note_inputs(self, inputs):
        if isinstance(inputs, dict):
            names = sorted(inputs)
            tensors = [_symbolic(inputs[name], name) for name in names]
            structure = dict(zip(names, tensors))
        else:
            flat = nest.flatten(inputs)
            names = [f"input_{i + 1}" for i in range(len(flat))]
            tensors = [_symbolic(value, name) for value, name in zip(flat, names)]
            structure = tensors if isinstance(inputs, (list, tuple)) else tensors[0]
        fed = [(n, t) for n, t in zip(names, tensors) if K.is_placeholder(t)]
        self._quietly(
            inputs=tensors, input_names=names,
            _feed_inputs=[tensor for _, tensor in fed],
            _feed_input_names=[name for name, _ in fed],
            _feed_input_shapes=[K.int_shape(tensor) for _, tensor in fed],
        )  # fmt: skip
        return structure


class _Spec:
    """The shape and type of a tensor: for a placeholder like it."""

    def __init__(self, tensor):
        self.shape, self.dtype = tensor.shape.as_list(), tensor.dtype


def _symbolic(value, name):
    """A tensor as it is, or a placeholder for arrays like this one."""
    if tf.is_tensor(value):
        return value
    if not hasattr(value, "shape"):
        value = np.asarray(value)
        value = np.expand_dims(value, 1) if value.ndim == 1 else value
    shape = (None, *value.shape[1:])
    dtype = tf.as_dtype(value.dtype)
    if dtype.is_floating and not isinstance(value, _Spec):
        dtype = K.floatx()
    return K.placeholder(shape=(None, 1) if shape == (None,) else shape, name=name, dtype=dtype)


def _castable(x):
    """Data of a subclass's first batch, arrays at least. ValueError for others."""
    flat = list(x.values()) if isinstance(x, dict) else x
    for value in flat if isinstance(flat, (list, tuple)) else [flat]:
        if not isinstance(value, np.ndarray) and not tf.is_tensor(value):
            raise ValueError(
                "Please provide as model inputs either a single array or a list of arrays. You "
                f"passed: inputs={x}"
            )
    return x


def _listed(x):
    return list(x.values()) if isinstance(x, dict) else list(x)


def _held_back(x, y, weights, part):
    """(x, y, weights, validation): the last `part` of the arrays held back."""
    if data.has_tensors(x):
        raise ValueError(
            "If your data is in the form of symbolic tensors, you cannot use `validation_split`."
        )
    at = int(len(x[0]) * (1.0 - part))
    (x, held_x), (y, held_y) = data.split(x, at), data.split(y, at)
    held_weights = None
    if weights:
        weights, held_weights = data.split(weights, at)
    return x, y, weights, (held_x, held_y, held_weights)


def _static_batch_size(layers):
    if not layers:
        return None
    first = layers[0]
    while isinstance(first, Network) and (first._is_graph_network or first.layers):
        first = first.layers_with_input[0]
    shape = getattr(first, "_batch_input_shape", None)
    return shape[0] if shape else None
