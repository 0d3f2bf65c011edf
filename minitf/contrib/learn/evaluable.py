"""`tf.contrib.learn.Evaluable` and `Trainable`: what an Estimator can do, said by classes."""
import abc


class Evaluable(abc.ABC):
    """What can be evaluated, and kept in a folder."""

    @property
    @abc.abstractmethod
    def model_dir(self):
        """The folder of its checkpoints."""

    @abc.abstractmethod
    def evaluate(self, x=None, y=None, input_fn=None, feed_fn=None, batch_size=None, steps=None,
                 metrics=None, name=None, checkpoint_path=None, hooks=None):
        """Metrics by name."""


class Trainable(abc.ABC):
    """What can be trained."""

    @abc.abstractmethod
    def fit(self, x=None, y=None, input_fn=None, steps=None, batch_size=None, monitors=None,
            max_steps=None):
        """Train; returns self."""
