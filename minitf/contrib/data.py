"""`tf.contrib.data`: what became `tf.data.experimental`, and some transformations before that."""
# ruff: noqa: F401  the imports here are public names

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int64
from minitf.core.tensor_shape import TensorShape
from minitf.data import nest
from minitf.data.base import BaseDataset, made
from minitf.data.dataset import AUTOTUNE, make_one_shot_iterator
from minitf.data.experimental import (
    Counter,
    CsvDataset,
    Optional,
    RandomDataset,
    Reducer,
    SqlDataset,
    TFRecordWriter,
    bucket_by_sequence_length,
    choose_from_datasets,
    copy_to_device,
    dense_to_sparse_batch,
    enumerate_dataset,
    get_next_as_optional,
    get_single_element,
    group_by_reducer,
    group_by_window,
    ignore_errors,
    make_batched_features_dataset,
    make_csv_dataset,
    map_and_batch,
    parallel_interleave,
    parse_example_dataset,
    prefetch_to_device,
    rejection_resample,
    sample_from_datasets,
    scan,
    shuffle_and_repeat,
    unbatch,
    unique,
)
from minitf.data.kernels.batches import sliding_window_dataset
from minitf.data.readers import TFRecordDataset
from minitf.data.structure import batch_of, flat_structure


def batch_and_drop_remainder(batch_size):
    """A transformation: batches, without a last one that is smaller."""
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(batch_size, padded_shapes, padding_values=None):
    """A transformation: padded batches, without a last one that is smaller."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )


def sloppy_interleave(map_func, cycle_length, block_length=1):
    """A transformation: what `parallel_interleave` does."""
    return parallel_interleave(map_func, cycle_length, block_length, sloppy=True)


def sliding_window_batch(window_size, stride=None, window_shift=None, window_stride=1):
    """A transformation: batches of `window_size` elements, `window_stride` apart; each begins
    `window_shift` (1), which was called `stride`, elements after the one before. ValueError when it
    is given by both names."""
    if stride is not None and window_shift is not None:
        raise ValueError("Cannot specify both `stride` and `window_shift`")
    shift = next((value for value in (window_shift, stride) if value is not None), 1)

    def apply(dataset):
        numbers = (window_size, "window_size"), (shift, "window_shift"), (window_stride,
                                                                         "window_stride")
        tensors = [convert_to_tensor(value, int64, name=name) for value, name in numbers]
        spec = batch_of(dataset.element_spec, None)
        variant = sliding_window_dataset(
            dataset._variant_tensor, *tensors, **flat_structure(spec)
        )
        return made(variant, spec, [dataset])

    return apply


def assert_element_shape(expected_shapes):
    """A transformation: the same elements, of which more is known: their shapes, of the structure
    of an element. ValueError when the dataset's contradict them; InvalidArgumentError in a run when
    an element does."""

    def apply(dataset):
        shapes = nest.flatten_up_to(dataset.output_shapes, expected_shapes)
        specs = nest.flatten(dataset.element_spec)
        known = [type(spec)(spec.shape.merge_with(TensorShape(shape)), spec.dtype)
                 for spec, shape in zip(specs, shapes)]  # fmt: skip

        def checked(*parts):
            flat = nest.flatten(parts)
            for tensor, spec in zip(flat, known):
                tensor.set_shape(spec.shape)
            found = nest.pack_sequence_as(parts, flat)
            return found if type(dataset.element_spec) is tuple else found[0]

        return dataset.map(checked)

    return apply


def reduce_dataset(dataset, reducer):
    """What a Reducer makes of all elements, as `Dataset.reduce` does. TypeError for what is no
    dataset."""
    if not isinstance(dataset, BaseDataset):
        raise TypeError("`dataset` must be a `tf.data.Dataset` object.")
    return dataset.reduce(reducer.init_func(np.int64(0)), reducer.reduce_func)


def read_batch_features(
    file_pattern, batch_size, features, reader=TFRecordDataset, reader_args=None,
    randomize_input=True, num_epochs=None, capacity=10000,
):  # fmt: skip
    """The next batch of the examples of files, a dict by `features`."""
    dataset = make_batched_features_dataset(
        file_pattern, batch_size, features, reader=reader, reader_args=reader_args,
        shuffle=randomize_input, num_epochs=num_epochs, shuffle_buffer_size=capacity,
    )  # fmt: skip
    return make_one_shot_iterator(dataset).get_next()
