"""`tf.keras.Model`: a network that can be trained."""
import inspect

import minitf as tf
from minitf.core.arguments import takes
from minitf.keras import backend as K
from minitf.keras.callbacks import PREDICT, TEST, TRAIN
from minitf.keras.engine import training_data as data
from minitf.keras.engine import training_generator, training_loops
from minitf.keras.engine.network import Network
from minitf.keras.engine.training_compile import Compiling
from minitf.keras.engine.training_inputs import Feeding
from minitf.keras.utils import data_utils


class Model(Compiling, Feeding, Network):
    """Layers between `inputs` and `outputs`, which can be trained together; or a subclass with
    layers in its attributes and a `call` of its own.

    `compile` says how to train, `fit` trains, `evaluate` tests, `predict` predicts.
    """

    # -- whole data ------------------------------------------------------------------------------

    @K.builds_graph
    def fit(
        self, x=None, y=None, batch_size=None, epochs=1, verbose=1, callbacks=None,
        validation_split=0.0, validation_data=None, shuffle=True, class_weight=None,
        sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None,
        validation_freq=1, max_queue_size=10, workers=1, use_multiprocessing=False, **kwargs,
    ):  # fmt: skip
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
            if data.is_dataset(x):
                raise ValueError("`validation_split` argument is not supported when input `x` is a "
                                 "dataset or a dataset iterator.")  # fmt: skip
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

    @K.builds_graph
    def evaluate(
        self, x=None, y=None, batch_size=None, verbose=1, sample_weight=None, steps=None,
        callbacks=None, max_queue_size=10, workers=1, use_multiprocessing=False,
    ):  # fmt: skip
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

    @K.builds_graph
    def predict(
        self, x, batch_size=None, verbose=0, steps=None, callbacks=None, max_queue_size=10,
        workers=1, use_multiprocessing=False,
    ):  # fmt: skip
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

    @K.builds_graph
    def train_on_batch(
        self, x, y=None, sample_weight=None, class_weight=None, reset_metrics=True
    ):
        """One step on one batch; its loss, or a list of it and the metrics."""
        self._assert_compile_was_called()
        self._check_call_args("train_on_batch")
        x, y, weights = self._standardize_user_data(x, y, sample_weight, class_weight)
        values = [*_listed(x), *(y or []), *(weights or []), *self._phase()]
        self._update_sample_weight_modes(weights)
        return self._of_batch(self._make_execution_function(TRAIN)(values), reset_metrics)

    @K.builds_graph
    def test_on_batch(self, x, y=None, sample_weight=None, reset_metrics=True):
        """The loss on one batch, or a list of it and the metrics."""
        self._assert_compile_was_called()
        self._check_call_args("test_on_batch")
        x, y, weights = self._standardize_user_data(x, y, sample_weight)
        self._update_sample_weight_modes(weights)
        values = [*_listed(x), *(y or []), *(weights or [])]
        return self._of_batch(self._make_execution_function(TEST)(values), reset_metrics)

    def _of_batch(self, outputs, reset_metrics):
        if reset_metrics:
            self.reset_metrics()
        return outputs[0] if len(outputs) == 1 else outputs

    @K.builds_graph
    def predict_on_batch(self, x):
        """The outputs for one batch; of a compiled model tensors, where operations run at once."""
        outputs = self._predictions(x)
        with K.outside_graph():
            if tf.executing_eagerly() and self.optimizer:
                outputs = [tf.convert_to_tensor(output) for output in outputs]
        return outputs[0] if len(outputs) == 1 else outputs

    def _predictions(self, x):
        self._check_call_args("predict_on_batch")
        x, _, _ = self._standardize_user_data(x)
        return self._make_execution_function(PREDICT)(_listed(x))

    # -- generators ------------------------------------------------------------------------------

    @K.builds_graph
    def fit_generator(
        self, generator, steps_per_epoch=None, epochs=1, verbose=1, callbacks=None,
        validation_data=None, validation_steps=None, validation_freq=1, class_weight=None,
        max_queue_size=10, workers=1, use_multiprocessing=False, shuffle=True, initial_epoch=0,
    ):  # fmt: skip
        """As `fit`, on what a generator or Sequence yields: (x, y) or (x, y, sample_weight)."""
        self._check_call_args("fit_generator")
        return training_generator.run(
            self, TRAIN, generator, steps_per_epoch, epochs, verbose, callbacks, validation_data,
            validation_steps, validation_freq, class_weight, max_queue_size, workers,
            use_multiprocessing, shuffle, initial_epoch,
        )  # fmt: skip

    @K.builds_graph
    def evaluate_generator(
        self, generator, steps=None, callbacks=None, max_queue_size=10, workers=1,
        use_multiprocessing=False, verbose=0,
    ):  # fmt: skip
        """As `evaluate`, on what a generator or Sequence yields."""
        self._check_call_args("evaluate_generator")
        return training_generator.run(
            self, TEST, generator, steps, verbose=verbose, callbacks=callbacks,
            max_queue_size=max_queue_size, workers=workers,
            use_multiprocessing=use_multiprocessing,
        )  # fmt: skip

    @takes(evaluate_generator)
    @K.builds_graph
    def predict_generator(self, **given):
        """As `predict`, for what a generator or Sequence yields."""
        self._check_call_args("predict_generator")
        return training_generator.run(self, PREDICT, **given)

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
                raise ValueError(
                    "The `batch_size` argument must not be specified for the given input type. "
                    f"Received input: {x}, batch_size: {batch_size}"
                )
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
