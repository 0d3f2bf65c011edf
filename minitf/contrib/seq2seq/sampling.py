"""Draws in which each row is one, as helpers sample."""
from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import int32, int64
from minitf.core.graph import name_scope
from minitf.nn.activation import sigmoid
from minitf.ops.array.basics import rank, reshape, shape
from minitf.ops.array.joining import concat
from minitf.ops.array.padding import pad
from minitf.ops.math.elementwise import cast, equal, less
from minitf.ops.random.draws import random_uniform
from minitf.ops.random.sampling import multinomial
from minitf.ops.reduction.axes import transpose
from minitf.ops.reduction.reduce import reduce_prod


def bernoulli_sample(probs=None, logits=None, dtype=int32, sample_shape=(), seed=None):
    """Ones with probability `probs`, or sigmoid(`logits`): [*sample_shape, *their shape]."""
    probs = sigmoid(logits, name="probs") if probs is None else convert_to_tensor(probs,
                                                                                 name="probs")
    batch = shape(probs)

    def draw(count):
        drawn = random_uniform(concat([[count], batch], 0), seed=seed, dtype=probs.dtype)
        return cast(less(drawn, probs), dtype)

    return _shaped(draw, sample_shape)


def categorical_sample(logits, dtype=int32, sample_shape=(), seed=None):
    """Class numbers by their `logits` [..., classes]: [*sample_shape, ...]."""
    logits = convert_to_tensor(logits, name="logits")
    classes = shape(logits)[-1]
    batch = shape(logits)[:-1]

    def draw(count):
        rows = logits if logits.shape.ndims == 2 else reshape(logits, [-1, classes])
        wide = int64 if logits.dtype.size > 4 else int32
        drawn = multinomial(rows, count, seed=seed, output_dtype=wide)
        return cast(reshape(transpose(drawn), concat([[count], batch], 0)), dtype)

    return _shaped(draw, sample_shape)


def _shaped(draw, sample_shape):
    """`draw(count)` [count, ...] for as many as the shape holds, in that shape."""
    with name_scope(None, "call_sampler", [sample_shape]):
        sizes = convert_to_tensor(sample_shape, dtype=int32, name="sample_shape")
        lacks = cast(equal(rank(sizes), 0), int32)
        sizes = reshape(sizes, pad(shape(sizes), paddings=[[lacks, 0]], constant_values=1))
        drawn = draw(reduce_prod(sizes))
        rest = shape(drawn)[1:]
        whole = concat([sizes, rest], 0)
        return reshape(drawn, whole)
