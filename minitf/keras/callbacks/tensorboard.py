"""`tf.keras.callbacks.TensorBoard`: logs as summaries."""
import numpy as np

import minitf as tf
from minitf.keras import backend as K
from minitf.keras.callbacks.base import Callback

_NO_METRICS = ("batch", "size", "num_steps")


class TensorBoard(Callback):
    """Writes the graph, and the loss and metrics of epochs, for TensorBoard.

    `update_freq` is "epoch", "batch" or a number of samples. With `histogram_freq`, every so many
    epochs, validation also writes histograms of variables (and outputs; of gradients with
    `write_grads`; pictures of variables with `write_images`). `profile_batch` is accepted: there
    is no profile here. NotImplementedError for `embeddings_freq`.
    """

    def __init__(
        self, log_dir="./logs", histogram_freq=0, batch_size=32, write_graph=True,
        write_grads=False, write_images=False, embeddings_freq=0, embeddings_layer_names=None,
        embeddings_metadata=None, embeddings_data=None, update_freq="epoch", profile_batch=2,
    ):  # fmt: skip
        super().__init__()
        if embeddings_freq:
            raise NotImplementedError("TensorBoard(embeddings_freq=...): minitf writes no "
                                      "projector files.")  # fmt: skip
        self.log_dir, self.histogram_freq, self.batch_size = log_dir, histogram_freq, batch_size
        self.write_graph, self.write_grads = write_graph, write_grads
        self.write_images, self.merged = write_images, None
        self.update_freq = 1 if update_freq == "batch" else update_freq
        self._samples_seen = self._samples_at_last_write = 0
        self._total_batches_seen = self._total_val_batches_seen = 0

    def set_model(self, model):
        self.model = model
        graph = K.get_graph() if self.write_graph else None
        self.writer = tf.summary.FileWriter(self.log_dir, graph)
        if self.histogram_freq and self.merged is None:
            for layer in model.layers:
                self._summarize(layer)
            self.merged = tf.summary.merge_all()

    def _summarize(self, layer):
        for weight in layer.weights:
            name = weight.name.replace(":", "_")
            tf.summary.histogram(name, weight)
            if self.write_images:
                _as_image(name, weight)
        for weight in layer.trainable_weights if self.write_grads else ():
            grads = self.model.optimizer.get_gradients(self.model.total_loss, weight)
            grads = [g.values if isinstance(g, tf.IndexedSlices) else g for g in grads]
            tf.summary.histogram(f"{weight.name.replace(':', '_')}_grad", grads)
        outputs = layer.output if isinstance(layer.output, list) else [layer.output]
        for i, output in enumerate(outputs):
            name = f"{layer.name}_out" + (f"_{i}" if len(outputs) > 1 else "")
            tf.summary.histogram(name, output)

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self._samples_seen += logs.get("size", 1)
        since = self._samples_seen - self._samples_at_last_write
        if self.update_freq != "epoch" and since >= self.update_freq:
            self._write("batch_", self._total_batches_seen, logs)
            self._samples_at_last_write = self._samples_seen
        self._total_batches_seen += 1

    def on_epoch_begin(self, epoch, logs=None):
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self.model._make_test_function()
            function = self.model.test_function
            if self.merged not in function.fetches:
                function.fetches.append(self.merged)
                function.fetch_callbacks[self.merged] = self._take_summary

    def _take_summary(self, summary):
        self.writer.add_summary(summary, self._total_val_batches_seen)
        self._total_val_batches_seen += 1

    def on_epoch_end(self, epoch, logs=None):
        self._write("epoch_", epoch if self.update_freq == "epoch" else self._samples_seen, logs)
        function = getattr(self.model, "test_function", None)
        if self.histogram_freq and function is not None and self.merged in function.fetches:
            function.fetches.remove(self.merged)
            function.fetch_callbacks.pop(self.merged, None)

    def _write(self, prefix, step, logs):
        for name, value in (logs or {}).items():
            if name not in _NO_METRICS:
                value = float(np.asarray(value))
                entry = tf.Summary.Value(tag=prefix + name, simple_value=value)
                self.writer.add_summary(tf.Summary(value=[entry]), step)
        self.writer.flush()

    def on_train_end(self, logs=None):
        self.writer.close()


def _as_image(name, weight):
    """A picture of a variable of one to three axes."""
    image = tf.squeeze(weight)
    rank = K.ndim(image)
    if rank == 1:
        image = tf.reshape(image, [1, -1, 1, 1])
    elif rank == 2:
        rows, columns = K.int_shape(image)
        image = tf.transpose(image) if rows > columns else image
        image = tf.reshape(image, [1, min(rows, columns), max(rows, columns), 1])
    elif rank == 3:
        if K.image_data_format() == "channels_last":
            image = tf.transpose(image, perm=[2, 0, 1])
        image = tf.expand_dims(image, -1)
    else:
        return
    tf.summary.image(name, image)
