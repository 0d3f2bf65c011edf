"""The messages that tell TensorBoard which embeddings to show."""
from __future__ import annotations

from minitf.core.proto.message import Message


class SpriteMetadata(Message):
    """One image with a small picture of each row of an embedding, and their size."""

    PROTO = "string image_path = 1; repeated uint32 single_image_dim = 2;"


class EmbeddingInfo(Message):
    """An embedding: the name of its variable, and files that say what its rows are."""

    PROTO = """
        string tensor_name = 1;
        string metadata_path = 2;
        string bookmarks_path = 3;
        repeated uint32 tensor_shape = 4;
        SpriteMetadata sprite = 5;
        string tensor_path = 6;
    """


class ProjectorConfig(Message):
    """The embeddings to show, and the checkpoint that has their values."""

    PROTO = """
        string model_checkpoint_path = 1;
        repeated EmbeddingInfo embeddings = 2;
        string model_checkpoint_dir = 3;
    """
