"""The protocol messages of checkpoints: `tf.train.SaverDef`, the file `checkpoint`."""
from __future__ import annotations

from minitf.core.proto.message import Message


class SaverDef(Message):
    """How to run a Saver's nodes: their names, the format, and what is kept."""

    PROTO = """
        string filename_tensor_name = 1;
        string save_tensor_name = 2;
        string restore_op_name = 3;
        int32 max_to_keep = 4;
        bool sharded = 5;
        float keep_checkpoint_every_n_hours = 6;
        enum CheckpointFormatVersion {
            LEGACY = 0;
            V1 = 1;
            V2 = 2;
        }
        CheckpointFormatVersion version = 7;
    """


class CheckpointState(Message):
    """What the file `checkpoint` says: the newest checkpoint, and all that are kept, oldest first.
    """

    PROTO = """
        string model_checkpoint_path = 1;
        repeated string all_model_checkpoint_paths = 2;
        repeated double all_model_checkpoint_timestamps = 3;
        double last_preserved_timestamp = 4;
    """
