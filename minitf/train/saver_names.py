"""The names of TensorFlow's module `tensorflow.python.training.saver`."""
# ruff: noqa: F401  every import here is a public name

from minitf.train.checkpoint_management import (
    checkpoint_exists,
    generate_checkpoint_state_proto,
    get_checkpoint_mtimes,
    get_checkpoint_state,
    latest_checkpoint,
    remove_checkpoint,
    update_checkpoint_state,
)
from minitf.train.import_meta_graph import import_meta_graph
from minitf.train.meta_graph import export_meta_graph
from minitf.train.saver import Saver, _get_saver_or_default
from minitf.train.saver_builder import BaseSaverBuilder, BulkSaverBuilder
