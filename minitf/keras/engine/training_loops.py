"""The loop of `fit`, `evaluate` and `predict` over arrays, or over tensors that give batches."""
import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras import callbacks as cbks
from minitf.keras.callbacks import PREDICT, TEST, TRAIN, make_logs
from minitf.keras.engine.training_data import is_dataset

nest = tf.nest


class Metrics:
    """The loss as a mean over samples or steps, and the last values of metrics."""

    def __init__(self, use_steps, count):
        self.use_steps, self.count, self.results = use_steps, count, []

    def add(self, outputs, start, stop):
        """Take in what a batch came to."""
        weight = 1 if self.use_steps else stop - start
        total = (self.results[0] if self.results else 0.0) + float(outputs[0]) * weight
        self.results = [total, *outputs[1:]]

    def finish(self, steps):
        """The results. ValueError when there was no batch."""
        if not self.results:
            raise ValueError("Empty training data.")
        self.results[0] /= self.count or steps
        return self.results


class Outputs:
    """Predictions, put together."""

    def __init__(self, use_steps, count):
        self.use_steps, self.count, self.parts, self.results = use_steps, count, [], []

    def add(self, outputs, start, stop):
        """Take in the predictions of a batch. ValueError for a batch of another size."""
        if self.use_steps:
            self.parts.append(outputs)
            return
        if stop - start == self.count:
            self.results = list(outputs)
        elif not self.results:
            self.results = [np.empty((self.count, *o.shape[1:]), o.dtype) for o in outputs]
        for result, output in zip(self.results, outputs):
            if len(output) != stop - start:
                raise ValueError(
                    "Mismatch between expected batch size and model output batch size. Output "
                    f"shape = {output.shape}, expected output shape = shape {result.shape}"
                )
            if result is not output:
                result[start:stop] = output

    def finish(self, steps):
        """A list of arrays."""
        if self.use_steps:
            return [np.concatenate(each, axis=0) for each in zip(*self.parts)]
        return self.results


def run(
    model, mode, inputs, targets=None, sample_weights=None, batch_size=None, epochs=1, verbose=1,
    callbacks=None, validation=None, shuffle=False, initial_epoch=0, steps=None,
    validation_steps=None, validation_freq=1, steps_name="steps",
):  # fmt: skip
    """Run a model over data, epoch by epoch; the History of a training, else the results."""
    feed = _Feed(model, mode, inputs, targets, sample_weights, batch_size, steps, shuffle,
                 steps_name)  # fmt: skip
    if validation_steps is None and validation is not None and is_dataset(validation[0]):
        validation_steps = _length(validation[0], "validation_steps")
    loop = Loop(model, mode, feed, epochs, verbose, steps_name)
    loop.validation, loop.validation_steps = validation, validation_steps
    loop.validation_freq, loop.batch_size = validation_freq, batch_size
    return loop.run(callbacks, initial_epoch)


class _Feed:
    """What a model is fed: batches of arrays, or tensors that give another batch each time."""

    def __init__(
        self, model, mode, inputs, targets, weights, batch_size, steps, shuffle, steps_name
    ):
        self.iterator = None
        self.from_dataset = is_dataset(inputs)
        self.renewed = self.from_dataset and steps is None  # at each epoch
        if self.from_dataset:
            steps = _length(inputs, steps_name) if steps is None else steps
            self.iterator = inputs.make_initializable_iterator()
            self.restart()
            inputs, targets, weights = _parts(self.iterator.get_next())
            inputs, targets, weights = model._standardize_user_data(inputs, targets, weights)
        flat = list(inputs.values()) if isinstance(inputs, dict) else nest.flatten(inputs)
        weights = weights or []
        self.values = [*flat, *(targets or []), *weights]
        self.weights = weights
        self.phase = model._phase() if mode == TRAIN else []
        self.batch_size, self.shuffle, self.steps = batch_size, shuffle, steps
        self.use_steps = self.from_dataset or steps is not None
        self.samples = None if self.use_steps else int(self.values[0].shape[0])

    def restart(self):
        """Begin a dataset anew."""
        if self.iterator is not None:
            K.get_session().run(self.iterator.initializer)

    def batches(self):
        """(number, start, stop, values) of each batch of an epoch."""
        if self.use_steps:
            yield from self._steps()
            return
        samples, size = self.samples, self.batch_size
        order = _order(samples, size, self.shuffle)
        for number, start in enumerate(range(0, samples, size)):
            stop = min(samples, start + size)
            values = self.values if samples <= size else self._cut(order, start, stop)
            yield number, start, stop, values + self.phase

    def _steps(self):
        step = 0
        while self.steps is None or step < self.steps:
            yield step, step, step + 1, self.values + self.phase
            step += 1

    def _cut(self, order, start, stop):
        if order is None:
            return [None if x is None else x[start:stop] for x in self.values]
        rows = order[start:stop]
        try:
            return [_rows(x, rows) for x in self.values]
        except TypeError:
            raise TypeError("TypeError while preparing batch. If using HDF5 input data, pass "
                            'shuffle="batch".') from None  # fmt: skip


def _length(dataset, steps_name):
    """How many batches it has, None where that is not known. ValueError for one without end."""
    size = K.get_value(tf.data.experimental.cardinality(dataset))
    if size == tf.data.experimental.INFINITE_CARDINALITY:
        raise ValueError("When passing an infinitely repeating dataset, you must specify the "
                         f"`{steps_name}` argument.")  # fmt: skip
    return int(size) if size >= 0 else None


def _rows(x, rows):
    if x is None:
        return None
    return x[rows] if isinstance(x, np.ndarray) else x[rows.tolist()]


def _order(samples, batch_size, shuffle):
    """The order of samples; None as they are."""
    if not shuffle:
        return None
    order = np.arange(samples)
    if shuffle != "batch":
        np.random.shuffle(order)
        return order
    whole = samples // batch_size * batch_size
    batches = order[:whole].reshape(-1, batch_size)
    np.random.shuffle(batches)
    return np.append(batches.ravel(), order[whole:])


def _parts(element):
    """(x, y, weights) of an element of a dataset."""
    if not isinstance(element, (list, tuple)):
        return element, None, None
    if len(element) not in (2, 3):
        raise ValueError(
            "Please provide model inputs as a list or tuple of 2 or 3 elements: (input, target) "
            f"or (input, target, sample_weights) Received {element}"
        )
    return (*element, None)[:3]


def should_validate(frequency, epoch):
    """Whether to validate after an epoch: every so many, or those in a list. ValueError."""
    if isinstance(frequency, int):
        if frequency < 1:
            raise ValueError("`validation_freq` can not be less than 1.")
        return (epoch + 1) % frequency == 0
    if not hasattr(frequency, "__contains__"):
        raise ValueError("`validation_freq` must be an Integer or `collections_abc.Container` "
                         "(e.g. list, tuple, etc.)")  # fmt: skip
    return epoch + 1 in frequency


class Epochs:
    """Epochs of batches, with callbacks and the progress bar."""

    validation = validation_steps = batch_size = None
    validation_freq = 1

    def epoch(self, epoch, source, bar):
        """One epoch; its results. `source` is what `_batches` knows to take batches from."""
        model, mode, callbacks, logs = self.model, self.mode, self.callbacks, {}
        model.reset_metrics()
        if mode == TRAIN:
            callbacks.on_epoch_begin(epoch, logs)
        bar.on_epoch_begin(epoch, logs)
        gathered = (Outputs if mode == PREDICT else Metrics)(self.use_steps, self.count)
        results = gathered.finish(self._batches(source, bar, gathered))
        make_logs(model, logs, results, mode)
        wanted = self.validation is not None and should_validate(self.validation_freq, epoch)
        if wanted and not model.stop_training:
            held = self._validated()
            make_logs(model, logs, held if isinstance(held, list) else [held], mode, "val_")
        if mode == TRAIN:
            callbacks.on_epoch_end(epoch, logs)
        bar.on_epoch_end(epoch, logs)
        return results


class Loop(Epochs):
    """Epochs of batches of arrays, or of tensors that give batches."""

    def __init__(self, model, mode, feed, epochs, verbose, steps_name):
        self.model, self.mode, self.feed = model, mode, feed
        self.epochs, self.verbose, self.steps_name = epochs, verbose, steps_name
        self.use_steps, self.count = feed.use_steps, feed.steps if feed.use_steps else feed.samples

    def run(self, callbacks, initial_epoch):
        """All epochs."""
        model, mode = self.model, self.mode
        if mode != PREDICT:
            model._update_sample_weight_modes(self.feed.weights)
        function = model._make_execution_function(mode)
        if mode == TRAIN and self.verbose:
            self._announce()
        self.callbacks = callbacks = cbks.configure_callbacks(callbacks, model, mode,
                                                              **self._params())  # fmt: skip
        bar = cbks.ProgbarLogger(
            "steps" if self.feed.use_steps else "samples", model.metrics_names[1:]
        )
        bar.params = callbacks.params | {"verbose": self.verbose}
        if mode != TEST or callbacks.params.get("mode") != TRAIN:
            model.stop_training = False
        callbacks.begin(mode)
        bar.on_train_begin()
        results = None
        for epoch in range(initial_epoch, self.epochs):
            if model.stop_training:
                break
            results = self.epoch(epoch, function, bar)
        callbacks.end(mode)
        if mode == TRAIN:
            return model.history
        return results[0] if len(results) == 1 else results

    def _params(self):
        return {
            "batch_size": self.batch_size, "epochs": self.epochs, "steps": self.feed.steps,
            "samples": self.count, "verbose": 0, "do_validation": self.validation is not None,
        }  # fmt: skip

    def _announce(self):
        unit = "steps" if self.feed.from_dataset else "samples"
        text = f"Train on {self.count} {unit}"
        if self.validation is not None:
            x = self.validation[0]
            held = self.validation_steps if is_dataset(x) else nest.flatten(x)[0].shape[0]
            text += f", validate on {held} {unit}" if held else ""
        print(text)

    def epoch(self, epoch, source, bar):
        results = super().epoch(epoch, source, bar)
        if self.feed.renewed and epoch < self.epochs - 1:
            self.feed.restart()
        return results

    def _batches(self, function, bar, gathered):
        """All batches of an epoch; their number."""
        model, mode, callbacks = self.model, self.mode, self.callbacks
        use_steps, done = self.feed.use_steps, 0
        for number, start, stop, values in self.feed.batches():
            logs = {"batch": number, "size": 1 if use_steps else stop - start}
            callbacks.batch(mode, "begin", number, logs)
            bar.on_batch_begin(number, logs)
            try:
                outputs = function(values)
            except tf.errors.OutOfRangeError:
                self._ran_out(done, bar)
                break
            outputs = outputs if isinstance(outputs, list) else [outputs]
            gathered.add(outputs, start, stop)
            make_logs(model, logs, outputs, mode)
            callbacks.batch(mode, "end", number, logs)
            bar.on_batch_end(number, logs)
            done += 1
            if model.stop_training:
                break
        return done

    def _ran_out(self, done, bar):
        """A dataset came to its end: that of the epoch, or too early."""
        if self.feed.from_dataset and self.feed.steps is None:
            bar.params["steps"] = bar.progbar.target = done
            if self.mode == TRAIN:
                self.callbacks.params["steps"] = done
            return
        self.model.stop_training = True
        tf.logging.warning(
            "Your dataset ran out of data; interrupting training. Make sure that your dataset can "
            "generate at least `%s * epochs` batches (in this case, %d batches). You may need to "
            "use the repeat() function when building your dataset.",
            self.steps_name, self.feed.steps * self.epochs,
        )  # fmt: skip

    def _validated(self):
        """The results of a validation; its batches are drawn, as TensorFlow's are."""
        x, y, weights = self.validation
        return run(
            self.model, TEST, x, y, weights, batch_size=self.batch_size or 32,
            shuffle=True, steps=self.validation_steps, callbacks=self.callbacks, verbose=0,
            steps_name="validation_steps",
        )  # fmt: skip
