"""The loop of `fit`, `evaluate` and `predict` over generators and Sequences."""
import numpy as np

import minitf as tf
from minitf.keras import callbacks as cbks
from minitf.keras.callbacks import PREDICT, TEST, TRAIN, make_logs
from minitf.keras.engine.training_loops import Epochs
from minitf.keras.utils import data_utils

nest = tf.nest


def run(
    model, mode, generator, steps=None, epochs=1, verbose=1, callbacks=None, validation_data=None,
    validation_steps=None, validation_freq=1, class_weight=None, max_queue_size=10, workers=1,
    use_multiprocessing=False, shuffle=False, initial_epoch=0, batch_size=None,
):  # fmt: skip
    """Run a model over what a generator yields; the History of a training, else the results."""
    settings = {"workers": workers, "max_queue_size": max_queue_size,
                "use_multiprocessing": use_multiprocessing}  # fmt: skip
    loop = _Loop(
        model, mode, generator, steps, epochs, verbose, settings, class_weight, batch_size
    )
    loop.validation, loop.validation_steps = validation_data, validation_steps
    loop.validation_freq, loop.shuffle = validation_freq, shuffle
    return loop.run(callbacks, initial_epoch)


class _Loop(Epochs):
    """Epochs of batches that come from a generator."""

    use_steps, shuffle = True, False

    def __init__(
        self, model, mode, data, steps, epochs, verbose, settings, class_weight, batch_size
    ):
        self.model, self.mode, self.epochs, self.verbose = model, mode, epochs, verbose
        self.settings, self.class_weight, self.batch_size = settings, class_weight, batch_size
        self.data, self.steps = _with_steps(data, steps, batch_size, epochs)
        self.count = self.steps

    def run(self, callbacks, initial_epoch):
        """All epochs."""
        model, mode = self.model, self.mode
        self._check()
        generator, enqueuer = data_utils.enqueued(self.data, shuffle=self.shuffle, **self.settings)
        self.callbacks = callbacks = cbks.configure_callbacks(
            callbacks, model, mode, batch_size=self.batch_size, epochs=self.epochs,
            steps=self.steps, samples=self.steps, verbose=0,
            do_validation=self.validation is not None,
        )  # fmt: skip
        bar = cbks.ProgbarLogger("steps", model.metrics_names[1:])
        bar.params = callbacks.params | {"verbose": self.verbose}
        model.stop_training = False
        callbacks.begin(mode)
        bar.on_train_begin()
        results = None
        try:
            for epoch in range(initial_epoch, self.epochs):
                if model.stop_training:
                    break
                results = self.epoch(epoch, generator, bar)
        finally:
            if enqueuer is not None:
                enqueuer.stop()
        callbacks.end(mode)
        if mode == TRAIN:
            return model.history
        return results[0] if len(results) == 1 else results

    def _check(self):
        is_sequence = isinstance(self.data, data_utils.Sequence)
        settings = self.settings
        if not is_sequence and settings["use_multiprocessing"] and settings["workers"] > 1:
            tf.logging.warning(
                "Using a generator with `use_multiprocessing=True` and multiple workers may "
                "duplicate your data. Please consider using the `keras.utils.Sequence` class."
            )
        if self.steps is None:
            name = "steps_per_epoch" if self.mode == TRAIN else "steps"
            raise ValueError(f"Please specify the number of steps via the `{name}` argument.")
        held = self.validation
        needs = data_utils.is_generator_or_sequence(held)
        if needs and not isinstance(held, data_utils.Sequence) and not self.validation_steps:
            raise ValueError("Please specify the `validation_steps` argument.")

    def _batches(self, generator, bar, gathered):
        """All batches of an epoch."""
        model, mode, callbacks = self.model, self.mode, self.callbacks
        for step in range(self.steps):
            batch = _next(generator)
            if batch is None:
                self._ran_out()
                break
            size = int(np.shape(nest.flatten(batch)[0])[0])
            self.batch_size, logs = size, {"batch": step, "size": size}
            callbacks.batch(mode, "begin", step, logs)
            bar.on_batch_begin(step, logs)
            compiled = model._is_compiled
            outputs = self._run(batch)
            if not compiled and model._is_compiled:  # a subclass, which now knows its metrics
                params = {k: callbacks.params[k] for k in
                          ("batch_size", "epochs", "steps", "samples", "verbose",
                           "do_validation")}  # fmt: skip
                cbks.set_callback_parameters(callbacks, model, mode, **params)
                bar.params = callbacks.params | {"verbose": self.verbose}
                bar.stateful_metrics.update(model.metrics_names[1:])
            outputs = outputs if isinstance(outputs, list) else [outputs]
            gathered.add(outputs, step, step + 1)
            make_logs(model, logs, outputs, mode)
            callbacks.batch(mode, "end", step, logs)
            bar.on_batch_end(step, logs)
            if model.stop_training:
                break

    def _run(self, batch):
        x, y, weights = (*batch, None, None)[:3]
        if self.mode == PREDICT:
            return self.model._predictions(x)
        if self.mode == TEST:
            return self.model.test_on_batch(x, y, weights, reset_metrics=False)
        return self.model.train_on_batch(x, y, weights, self.class_weight, reset_metrics=False)

    def _ran_out(self):
        self.model.stop_training = True
        tf.logging.warning(
            "Your dataset iterator ran out of data; interrupting training. Make sure that your "
            "iterator can generate at least `steps * epochs` batches (in this case, %d batches). "
            "You may need touse the repeat() function when building your dataset.",
            self.steps * self.epochs,
        )  # fmt: skip

    def _validated(self):
        return run(
            self.model, TEST, self.validation, steps=self.validation_steps,
            callbacks=self.callbacks, verbose=0, batch_size=self.batch_size,
            class_weight=self.class_weight, **self.settings,
        )  # fmt: skip


def _with_steps(data, steps, batch_size, epochs):
    """(generator or Sequence, number of steps); arrays as a generator of their batches."""
    if data_utils.is_generator_or_sequence(data):
        is_sequence = isinstance(data, data_utils.Sequence)
        return data, len(data) if is_sequence and steps is None else steps
    if isinstance(data, tuple):
        data = tuple(part for part in data if not _is_none(part))
    samples = int(np.shape(nest.flatten(data)[0])[0])
    if batch_size is None:
        raise ValueError(
            "When passing input data as arrays, do not specify `steps_per_epoch`/`steps` argument. "
            "Please use `batch_size` instead."
        )
    return _batches_of(data, samples, batch_size, epochs), -(-samples // batch_size)


def _is_none(part):
    return all(each is None for each in nest.flatten(part))


def _batches_of(data, samples, batch_size, epochs):
    for _ in range(epochs):
        for start in range(0, samples, batch_size):
            yield nest.map_structure(lambda x, start=start: x[start : start + batch_size], data)


def _next(generator):
    """The next (x, y, weights), or fewer of these; None at the end. ValueError for others."""
    try:
        batch = next(generator)
    except (StopIteration, tf.errors.OutOfRangeError):
        return None
    batch = batch if isinstance(batch, tuple) else (batch,)
    if len(batch) not in (1, 2, 3):
        raise ValueError(
            "Output of generator should be a tuple of 1 or 2 or 3 elements: (input,) or (input, "
            f"target) or (input, target, sample_weights). Received {batch}"
        )
    return batch
