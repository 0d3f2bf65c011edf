"""The ops of the boundaries of buckets: `BoostedTreesMakeQuantileSummaries`, ..."""
import numpy as np

from minitf.core.dtypes import bool_, float32, int32, int64, resource
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import Repeat
from minitf.ops.boosted_trees import quantiles
from minitf.ops.state.kept import Kept


def _scalar(*_, **__):
    return ()


def on_host(type, shape=_scalar, **traits):
    """An op of boosted trees: none is differentiable, none runs on a GPU."""
    return op(type, shape=shape, grad=NOT_DIFFERENTIABLE, host=True, **traits)


def effect(type, shape=_scalar, **traits):
    """One that looks at, or changes, what a session keeps."""
    return on_host(type, shape, stateful=True, **traits)


class Quantiles(Kept):
    """A stream of numbers for each feature, and the boundaries that were made of it."""

    def create(self, error, count, most):
        """Streams to which nothing has come, and no boundaries."""
        self.error, self.most = error, most
        self.boundaries = [np.empty(0, np.float32)] * count
        self.begin()
        self.ready = True

    def begin(self):
        """Nothing has come."""
        self.streams = [quantiles.Stream(self.error, self.most) for _ in self.boundaries]


@effect("BoostedTreesQuantileStreamResourceHandleOp", state=Quantiles)
def quantile_resource_handle_op(xp, state, *, container="", shared_name="") -> resource:
    """Streams of numbers, and boundaries."""
    return state


@effect("BoostedTreesCreateQuantileStreamResource")
def create_quantile_stream_resource(
    xp, quantile_stream_resource_handle: resource, epsilon: float32, num_streams: int64, *,
    max_elements=1 << 40
) -> None:  # fmt: skip
    """Make the streams, unless they are there."""
    if not float(epsilon) > 0:
        raise ValueError("An epsilon value of zero is not allowed.")
    if int(num_streams) < 0:
        raise ValueError("Num_streams input cannot be a negative integer")
    if not quantile_stream_resource_handle.ready:
        quantile_stream_resource_handle.create(float(epsilon), int(num_streams), max_elements)


@effect("IsBoostedTreesQuantileStreamResourceInitialized")
def is_quantile_resource_initialized(xp, quantile_stream_resource_handle: resource) -> bool_:
    """Whether they are there."""
    return np.asarray(quantile_stream_resource_handle.ready)


def _summary_shapes(*float_values, num_features, **_):
    return [(None, 4)] * num_features


@on_host("BoostedTreesMakeQuantileSummaries", _summary_shapes)
def make_quantile_summaries_op(
    xp, *float_values: float32, example_weights: float32, epsilon: float32, num_features
) -> Repeat(float32, "num_features"):  # fmt: skip
    """A summary of each feature's values: see quantiles.py."""
    count = float_values[0].size if float_values else 0
    if example_weights.size not in (1, count):
        raise ValueError("Weights should be a single value or same size as features.")
    weights = np.broadcast_to(example_weights.reshape(-1), count)
    found = []
    for values in float_values:
        stream = quantiles.Stream(float(epsilon), count + 1)
        stream.push(values.reshape(-1), weights)
        found.append(stream.summary())
    return found


@effect("BoostedTreesQuantileStreamResourceAddSummaries")
def quantile_add_summaries_op(
    xp, quantile_stream_resource_handle: resource, *summaries: float32, num_features
) -> None:  # fmt: skip
    """Add a summary to each stream."""
    kept = quantile_stream_resource_handle.there()
    _check_streams(kept, len(summaries))
    with kept.lock:
        for stream, summary in zip(kept.streams, summaries):
            stream.push_summary(summary)


def _check_streams(kept, count):
    if count != len(kept.streams):
        raise ValueError(f"'{kept.name}' has {len(kept.streams)} streams, not {count}")


@effect("BoostedTreesQuantileStreamResourceFlush")
def quantile_flush(
    xp, quantile_stream_resource_handle: resource, num_buckets: int64, *, generate_quantiles=False
) -> None:  # fmt: skip
    """Make boundaries of the streams, which begin anew."""
    kept = quantile_stream_resource_handle.there()
    make = quantiles.quantiles if generate_quantiles else quantiles.boundaries
    with kept.lock:
        kept.boundaries = [make(each.summary(), int(num_buckets)) for each in kept.streams]
        kept.begin()


@effect("BoostedTreesFlushQuantileSummaries", _summary_shapes)
def flush_quantile_summaries(
    xp, quantile_stream_resource_handle: resource, *, num_features
) -> Repeat(float32, "num_features"):
    """The summary of each stream, which begins anew."""
    kept = quantile_stream_resource_handle.there()
    _check_streams(kept, num_features)
    with kept.lock:
        found = [each.summary() for each in kept.streams]
        kept.begin()
    return found


def _vectors(*_, num_features, **__):
    return [(None,)] * num_features


@effect("BoostedTreesQuantileStreamResourceGetBucketBoundaries", _vectors)
def get_bucket_boundaries(
    xp, quantile_stream_resource_handle: resource, *, num_features
) -> Repeat(float32, "num_features"):
    """The boundaries of each feature, none before there are some."""
    kept = quantile_stream_resource_handle.there()
    _check_streams(kept, num_features)
    with kept.lock:
        return [each.copy() for each in kept.boundaries]


@effect("BoostedTreesQuantileStreamResourceDeserialize")
def quantile_resource_deserialize_op(
    xp, quantile_stream_resource_handle: resource, *bucket_boundaries: float32, num_streams
) -> None:  # fmt: skip
    """Make the boundaries what a checkpoint has."""
    kept = quantile_stream_resource_handle.there()
    _check_streams(kept, num_streams)
    with kept.lock:
        kept.boundaries = [np.array(each, np.float32) for each in bucket_boundaries]


def _bucket_shapes(*given, num_features):
    return [None if each is None else (each[0] if each else None,) for each in given[:num_features]]


@on_host("BoostedTreesBucketize", _bucket_shapes)
def bucketize_op(xp, *values_and_boundaries: float32, num_features) -> Repeat(
    int32, "num_features"
):
    """The bucket of each value of each feature: the number of boundaries that are less, but for the
    last. The features come first, then their boundaries."""
    values, bounds = values_and_boundaries[:num_features], values_and_boundaries[num_features:]
    return [_buckets(value.reshape(-1), bound) for value, bound in zip(values, bounds)]


def _buckets(values, bounds):
    found = np.searchsorted(bounds, values)
    return np.minimum(found, max(len(bounds) - 1, 0)).astype(np.int32)
