"""`tf.data`: names only."""
# ruff: noqa: F401  every import here is a public name

from minitf.data import experimental
from minitf.data.dataset import (
    Dataset,
    DatasetSpec,
    get_output_classes,
    get_output_shapes,
    get_output_types,
    make_initializable_iterator,
    make_one_shot_iterator,
)
from minitf.data.iterator import Iterator
from minitf.data.options import Options
from minitf.data.readers import FixedLengthRecordDataset, TextLineDataset, TFRecordDataset
