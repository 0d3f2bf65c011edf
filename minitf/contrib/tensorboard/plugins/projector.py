"""`tf.contrib.tensorboard.plugins.projector`: embeddings for TensorBoard to show."""
import os

from minitf.core.proto import projector as projector_config_pb2  # noqa: F401  public names
from minitf.core.proto.projector import (  # noqa: F401
    EmbeddingInfo,
    ProjectorConfig,
    SpriteMetadata,
)
from minitf.gfile import GFile


def visualize_embeddings(summary_writer, config):
    """Write `config`, a ProjectorConfig, where the `summary_writer` writes: TensorBoard reads it.

    ValueError when the writer has no folder.
    """
    logdir = summary_writer.get_logdir()
    if logdir is None:
        raise ValueError("Summary writer must have a logdir")
    with GFile(os.path.join(logdir, "projector_config.pbtxt"), "w") as file:
        file.write(str(config))
