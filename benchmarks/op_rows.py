# ruff: noqa: E501, UP031  (each row is one line)
"""Ops one at a time, each row at a small and at a large size: what `benchmarks.ops` measures.

A row is a function of `tf`, of what makes inputs (`v(3, 4)` is a variable of float32, whose
gradient may be asked for; the others are not differentiated) and of the size n: mostly n * n elements.
"""
from collections import OrderedDict, namedtuple

import numpy as np

from benchmarks.training import Training

Op = namedtuple("Op", ["family", "function", "gradient", "sizes"])
OPS = OrderedDict()


def op(family, name, function, gradient=True, sizes=(30, 1000)):
    OPS[name] = Op(family, function, gradient, sizes)


class Inputs:
    """Makes the inputs of a row as variables, so that nothing of them is known before the run."""

    def __init__(self, tf):
        self._tf, self._random = tf, np.random.RandomState(0)
        self.differentiable = []

    def __call__(self, *shape):
        self.differentiable.append(self.of(self._random.randn(*shape).astype(np.float32)))
        return self.differentiable[-1]

    def unit(self, *shape):
        """Between 0 and 1."""
        self.differentiable.append(self.of(self._random.uniform(0.05, 0.95, shape), np.float32))
        return self.differentiable[-1]

    def of(self, values, dtype=None):
        return self._tf.Variable(np.asarray(values, dtype), trainable=False)

    def real(self, *shape, dtype=np.float64):
        return self.of(self._random.randn(*shape), dtype)

    def ints(self, below, *shape, dtype=np.int32):
        return self.of(self._random.randint(0, below, shape), dtype)

    def ordered(self, below, *shape):
        return self.of(np.sort(self._random.randint(0, below, shape)), np.int32)

    def bools(self, *shape):
        return self.of(self._random.randint(0, 2, shape), np.bool_)

    def definite(self, *shape):
        """Symmetric matrices that have a Cholesky factor."""
        a = self._random.randn(*shape)
        square = a @ np.swapaxes(a, -1, -2) / shape[-1] + np.eye(shape[-1])
        self.differentiable.append(self.of(square, np.float32))
        return self.differentiable[-1]

    def texts(self, count, text=lambda i: "some %d words" % i):
        return self.of(np.array([text(i) for i in range(count)], object))


def build(tf, row):
    """The op of the row, or the op and its gradients, ready to run; it is fetched."""
    tf.reset_default_graph()
    tf.set_random_seed(1)
    made = OPS[row.name]
    inputs = Inputs(tf)
    fetches = made.function(tf, inputs, row.sizes[0])
    session = tf.Session()
    start = [tf.global_variables_initializer, tf.local_variables_initializer]
    session.run([initializer() for initializer in start])
    if row.activation == "gradient":
        ys = list(fetches) if isinstance(fetches, (list, tuple)) else [fetches]
        given = [inputs.of(np.ones_like(value)) for value in session.run(ys)]
        session.run(tf.variables_initializer(given))
        slopes = tf.gradients(ys, inputs.differentiable, given)
        fetches = ys + [slope for slope in slopes if slope is not None]

    def step():
        return session.run(fetches)

    return Training(step=step, loss=step, wait=lambda: None, step_and_loss=step)


# -- element-wise ---------------------------------------------------------------------------------

E = "element-wise"
op(E, "add", lambda tf, v, n: v(n, n) + v(n, n))
op(E, "multiply, a row", lambda tf, v, n: v(n, n) * v(n))
op(E, "divide, a column", lambda tf, v, n: v(n, n) / v.unit(n, 1))
op(E, "exp", lambda tf, v, n: tf.exp(v(n, n)))
op(E, "log", lambda tf, v, n: tf.log(v.unit(n, n)))
op(E, "sqrt", lambda tf, v, n: tf.sqrt(v.unit(n, n)))
op(E, "square", lambda tf, v, n: tf.square(v(n, n)))
op(E, "pow", lambda tf, v, n: tf.pow(v.unit(n, n), 1.7))
op(E, "tanh", lambda tf, v, n: tf.tanh(v(n, n)))
op(E, "sigmoid", lambda tf, v, n: tf.sigmoid(v(n, n)))
op(E, "relu", lambda tf, v, n: tf.nn.relu(v(n, n)))
op(E, "sin", lambda tf, v, n: tf.sin(v(n, n)))
op(E, "maximum", lambda tf, v, n: tf.maximum(v(n, n), v(n, n)))
op(E, "clip_by_value", lambda tf, v, n: tf.clip_by_value(v(n, n), -1.0, 1.0))
op(E, "abs", lambda tf, v, n: tf.abs(v(n, n)))
op(E, "round", lambda tf, v, n: tf.round(v(n, n)), False)
op(E, "floor", lambda tf, v, n: tf.floor(v(n, n)), False)
op(E, "sign", lambda tf, v, n: tf.sign(v(n, n)), False)
op(E, "add_n of 4", lambda tf, v, n: tf.add_n([v(n, n) for _ in range(4)]))
op(E, "add, int32", lambda tf, v, n: v.ints(99, n, n) + v.ints(99, n, n), False)
op(E, "multiply, int64", lambda tf, v, n: v.ints(9, n, n, dtype=np.int64) * 3, False)
op(E, "floordiv, int32", lambda tf, v, n: v.ints(99, n, n) // 7, False)
op(E, "mod, int32", lambda tf, v, n: v.ints(99, n, n) % 7, False)
op(E, "floormod, float32", lambda tf, v, n: tf.mod(v(n, n), 0.7), False)
op(E, "add, uint8", lambda tf, v, n: v.ints(99, n, n, dtype=np.uint8) + 3, False)
op(E, "tanh, float64", lambda tf, v, n: tf.tanh(v.real(n, n)), False)
op(E, "exp, float64", lambda tf, v, n: tf.exp(v.real(n, n)), False)
op(E, "multiply, float64", lambda tf, v, n: v.real(n, n) * v.real(n, n), False)
op(E, "add, float16", lambda tf, v, n: v.real(n, n, dtype=np.float16) + 1, False)
op(E, "tanh, float16", lambda tf, v, n: tf.tanh(v.real(n, n, dtype=np.float16)), False)
op(E, "cast int32 to float32", lambda tf, v, n: tf.cast(v.ints(9, n, n), tf.float32), False)
op(E, "cast float32 to int32", lambda tf, v, n: tf.cast(v(n, n), tf.int32), False)
op(E, "cast uint8 to float32, / 255", lambda tf, v, n: tf.cast(v.ints(255, n, n, dtype=np.uint8), tf.float32) / 255, False)
op(E, "cast bool to float32", lambda tf, v, n: tf.cast(v.bools(n, n), tf.float32), False)
op(E, "cast float32 to float64", lambda tf, v, n: tf.cast(v(n, n), tf.float64), False)
op(E, "cast float32 to float16", lambda tf, v, n: tf.cast(v(n, n), tf.float16), False)
op(E, "less", lambda tf, v, n: tf.less(v(n, n), v(n, n)), False)
op(E, "equal, int64", lambda tf, v, n: tf.equal(v.ints(9, n, n, dtype=np.int64), v.ints(9, n, n, dtype=np.int64)), False)
op(E, "logical_and", lambda tf, v, n: tf.logical_and(v.bools(n, n), v.bools(n, n)), False)
op(E, "logical_not", lambda tf, v, n: tf.logical_not(v.bools(n, n)), False)
op(E, "where of three", lambda tf, v, n: tf.where(v.bools(n, n), v(n, n), v(n, n)))
op(E, "where of rows", lambda tf, v, n: tf.where(v.bools(n), v(n, n), v(n, n)))
op(E, "where (indices)", lambda tf, v, n: tf.where(v.bools(n, n)), False)
op(E, "is_nan", lambda tf, v, n: tf.is_nan(v(n, n)), False)
op(E, "accuracy", lambda tf, v, n: tf.reduce_mean(tf.cast(tf.equal(tf.argmax(v(n, n), 1), v.ints(n, n, dtype=np.int64)), tf.float32)), False)
op(E, "complex multiply", lambda tf, v, n: tf.abs(tf.complex(v(n, n), v(n, n)) * tf.complex(v(n, n), v(n, n))), False)
op(E, "fill, zeros_like, ones", lambda tf, v, n: [tf.fill(tf.shape(v(n, n)), 3.0), tf.ones([n, n])], False)
op(E, "range", lambda tf, v, n: tf.range(tf.cast(v.of(n * n), tf.int32)), False)
op(E, "linspace", lambda tf, v, n: tf.linspace(0.0, v.of(1.0, np.float32), n * n), False)

# -- special functions ----------------------------------------------------------------------------

S = "special functions"
for name in ("erf", "erfc", "lgamma", "digamma", "bessel_i0e", "bessel_i1e"):
    op(S, name, lambda tf, v, n, name=name: getattr(tf.math, name)(3 * v(n, n)))
    op(S, name + ", float64", lambda tf, v, n, name=name: getattr(tf.math, name)(3 * v.real(n, n)), False)
for name in ("igamma", "igammac", "zeta"):
    op(S, name, lambda tf, v, n, name=name: getattr(tf.math, name)(1.1 + 9 * v.unit(n, n), 20 * v.unit(n, n)), name != "zeta")
    op(S, name + ", float64", lambda tf, v, n, name=name: getattr(tf.math, name)(1.1 + tf.abs(v.real(n, n)), 0.1 + tf.abs(v.real(n, n))), False)
op(S, "polygamma", lambda tf, v, n: tf.polygamma(tf.cast(v.ints(4, n, n), tf.float32), 20 * v.unit(n, n)), False)
op(S, "betainc", lambda tf, v, n: tf.betainc(20 * v.unit(n, n), 20 * v.unit(n, n), v.unit(n, n)), False)
op(S, "betainc, float64", lambda tf, v, n: tf.betainc(0.1 + tf.abs(v.real(n, n)), 0.1 + tf.abs(v.real(n, n)), tf.sigmoid(v.real(n, n))), False)
op(S, "fake_quant_with_min_max_args", lambda tf, v, n: tf.fake_quant_with_min_max_args(3 * v(n, n)))
op(S, "fake_quant_with_min_max_vars", lambda tf, v, n: tf.fake_quant_with_min_max_vars(3 * v(n, n), -3.0, 4.0), False)
op(S, "truncatediv, int32", lambda tf, v, n: tf.truncatediv(v.ints(999, n, n), 7), False)

# -- reductions -----------------------------------------------------------------------------------

R = "reductions"
for axis, shape in [("all", lambda n: (n, n)), (0, lambda n: (n, n)), (1, lambda n: (n, n))]:
    at = None if axis == "all" else axis
    for word in ["sum", "max", "mean"]:
        op(R, "reduce_%s, axis %s" % (word, axis), lambda tf, v, n, word=word, at=at, shape=shape: getattr(tf, "reduce_" + word)(v(*shape(n)), at))
op(R, "reduce_sum, middle axis", lambda tf, v, n: tf.reduce_sum(v(10, n, n // 10), 1))
op(R, "reduce_max, middle axis", lambda tf, v, n: tf.reduce_max(v(10, n, n // 10), 1))
op(R, "reduce_mean, axes 1 and 2", lambda tf, v, n: tf.reduce_mean(v(10, n // 5, n // 5, 5), [1, 2]))
op(R, "reduce_sum, narrow rows", lambda tf, v, n: tf.reduce_sum(v(n * n // 10, 10), 1))
op(R, "reduce_prod", lambda tf, v, n: tf.reduce_prod(v(n, n), 1))
op(R, "reduce_min, int32", lambda tf, v, n: tf.reduce_min(v.ints(999, n, n), 1), False)
op(R, "reduce_sum, int64", lambda tf, v, n: tf.reduce_sum(v.ints(999, n, n, dtype=np.int64)), False)
op(R, "reduce_sum, float64", lambda tf, v, n: tf.reduce_sum(v.real(n, n), 0), False)
op(R, "reduce_sum, float16", lambda tf, v, n: tf.reduce_sum(v.real(n, n, dtype=np.float16), 0), False)
op(R, "reduce_any", lambda tf, v, n: tf.reduce_any(v.bools(n, n), 1), False)
op(R, "reduce_all", lambda tf, v, n: tf.reduce_all(v.bools(n, n), 0), False)
op(R, "argmax, last axis", lambda tf, v, n: tf.argmax(v(n, n), 1), False)
op(R, "argmax, first axis", lambda tf, v, n: tf.argmax(v(n, n), 0), False)
op(R, "argmax, 10 classes", lambda tf, v, n: tf.argmax(v(n * n // 10, 10), 1), False)
op(R, "argmin, middle axis", lambda tf, v, n: tf.argmin(v(10, n, n // 10), 1), False)
op(R, "logsumexp", lambda tf, v, n: tf.reduce_logsumexp(v(n, n), 1))
op(R, "cumsum, last axis", lambda tf, v, n: tf.cumsum(v(n, n), 1))
op(R, "cumsum, first axis, exclusive", lambda tf, v, n: tf.cumsum(v(n, n), 0, exclusive=True))
op(R, "cumprod, reverse", lambda tf, v, n: tf.cumprod(v.unit(n, n), 1, reverse=True))
op(R, "norm", lambda tf, v, n: tf.norm(v(n, n), axis=1))
op(R, "l2_loss", lambda tf, v, n: tf.nn.l2_loss(v(n, n)))
op(R, "l2_normalize", lambda tf, v, n: tf.nn.l2_normalize(v(n, n), 1))
op(R, "global_norm, clip", lambda tf, v, n: tf.clip_by_global_norm([v(n, n), v(n)], 1.0)[0], False)
op(R, "count_nonzero", lambda tf, v, n: tf.count_nonzero(v(n, n)), False)
op(R, "bincount", lambda tf, v, n: tf.bincount(v.ints(100, n * n)), False)
op(R, "histogram_fixed_width", lambda tf, v, n: tf.histogram_fixed_width(v(n, n), [-3.0, 3.0], 50), False)
op(R, "confusion_matrix", lambda tf, v, n: tf.confusion_matrix(v.ints(10, n * n), v.ints(10, n * n), 10), False)

# -- segments -------------------------------------------------------------------------------------

S = "segments"
op(S, "segment_sum", lambda tf, v, n: tf.segment_sum(v(n, n), v.ordered(n // 3, n)))
op(S, "segment_mean", lambda tf, v, n: tf.segment_mean(v(n, n), v.ordered(n // 3, n)))
op(S, "segment_max", lambda tf, v, n: tf.segment_max(v(n, n), v.ordered(n // 3, n)))
op(S, "segment_sum of numbers", lambda tf, v, n: tf.segment_sum(v(n * n), v.ordered(n, n * n)))
op(S, "unsorted_segment_sum", lambda tf, v, n: tf.unsorted_segment_sum(v(n, n), v.ints(n // 3, n), n // 3))
op(S, "unsorted_segment_sum of numbers", lambda tf, v, n: tf.unsorted_segment_sum(v(n * n), v.ints(n, n * n), n))
op(S, "unsorted_segment_max", lambda tf, v, n: tf.unsorted_segment_max(v(n, n), v.ints(n // 3, n), n // 3))
op(S, "unsorted_segment_mean", lambda tf, v, n: tf.unsorted_segment_mean(v(n, n), v.ints(n // 3, n), n // 3))
op(S, "sparse_segment_sum", lambda tf, v, n: tf.sparse_segment_sum(v(n, n), v.ints(n, n), v.ordered(n // 3, n)))
op(S, "sparse_segment_mean", lambda tf, v, n: tf.sparse_segment_mean(v(n, n), v.ints(n, n), v.ordered(n // 3, n)))

# -- gather and scatter ---------------------------------------------------------------------------

G = "gather, scatter"
op(G, "gather", lambda tf, v, n: tf.gather(v(n, n), v.ints(n, n)))
op(G, "gather, axis 1", lambda tf, v, n: tf.gather(v(n, n), v.ints(n, n), axis=1))
op(G, "gather of numbers", lambda tf, v, n: tf.gather(v(n * n), v.ints(n * n, n * n)))
op(G, "gather, int64 of 8 columns", lambda tf, v, n: tf.gather(v(n * 10, 8), v.ints(n * 10, n * n // 8, dtype=np.int64)))
op(G, "gather_nd of rows", lambda tf, v, n: tf.gather_nd(v(n, n), v.ints(n, n, 1)))
op(G, "gather_nd of numbers", lambda tf, v, n: tf.gather_nd(v(n, n), v.ints(n, n * n // 2, 2)))
op(G, "scatter_nd of rows", lambda tf, v, n: tf.scatter_nd(v.ints(n, n, 1), v(n, n), [n, n]))
op(G, "scatter_nd of numbers", lambda tf, v, n: tf.scatter_nd(v.ints(n, n * n // 2, 2), v(n * n // 2), [n, n]))
op(G, "batch_gather", lambda tf, v, n: tf.batch_gather(v(n, n), v.ints(n, n, n)), False)
op(G, "embedding_lookup", lambda tf, v, n: tf.nn.embedding_lookup(v(n * 10, 100), v.ints(n * 10, n // 10, 100)))
op(G, "embedding_lookup of 2 parts", lambda tf, v, n: tf.nn.embedding_lookup([v(n * 5, 100), v(n * 5, 100)], v.ints(n * 10, n * 10)))
op(G, "scatter_update", lambda tf, v, n: tf.scatter_update(v(n * 10, 100), v.ints(n * 10, n * 10), v(n * 10, 100)).op, False)
op(G, "scatter_add", lambda tf, v, n: tf.scatter_add(v(n * 10, 100), v.ints(n * 10, n * 10), v(n * 10, 100)).op, False)
op(G, "scatter_nd_update", lambda tf, v, n: tf.scatter_nd_update(v(n, n), v.ints(n, n * n // 2, 2), v(n * n // 2)).op, False)
op(G, "tensor_scatter_update", lambda tf, v, n: tf.tensor_scatter_update(v(n, n), v.ints(n, n, 1), v(n, n)), False)
op(G, "assign_add", lambda tf, v, n: tf.assign_add(v(n, n), v(n, n)).op, False)


def embedded(name, optimizer):
    def function(tf, v, n):
        table = v(n * 10, 100)
        words = tf.nn.embedding_lookup(table, v.ints(n * 10, n // 10, 50))
        loss = tf.reduce_sum(tf.square(tf.reduce_mean(words, 1)))
        return optimizer(tf.train).minimize(loss, var_list=[table])

    op("embedding updates", name, function, False)


embedded("embedding, gradient descent", lambda train: train.GradientDescentOptimizer(0.01))
embedded("embedding, momentum", lambda train: train.MomentumOptimizer(0.01, 0.9))
embedded("embedding, Adam", lambda train: train.AdamOptimizer(0.01))
embedded("embedding, Adagrad", lambda train: train.AdagradOptimizer(0.01))
embedded("embedding, RMSProp", lambda train: train.RMSPropOptimizer(0.01))
embedded("embedding, Adadelta", lambda train: train.AdadeltaOptimizer(0.01))
embedded("embedding, Ftrl", lambda train: train.FtrlOptimizer(0.01))

# -- arrays ---------------------------------------------------------------------------------------

A = "arrays"
op(A, "one_hot, 10 classes", lambda tf, v, n: tf.one_hot(v.ints(10, n * n // 10), 10), False)
op(A, "one_hot, many classes", lambda tf, v, n: tf.one_hot(v.ints(n, n), n), False)
op(A, "concat, axis 0", lambda tf, v, n: tf.concat([v(n // 2, n), v(n // 2, n)], 0))
op(A, "concat, axis 1", lambda tf, v, n: tf.concat([v(n, n // 2), v(n, n // 2)], 1))
op(A, "concat, narrow columns", lambda tf, v, n: tf.concat([v(n * n // 10, 3), v(n * n // 10, 5)], 1))
op(A, "split, axis 1", lambda tf, v, n: tf.split(v(n, n // 10 * 10), 10, axis=1))
op(A, "stack, axis 0", lambda tf, v, n: tf.stack([v(n // 2, n), v(n // 2, n)]))
op(A, "stack, last axis", lambda tf, v, n: tf.stack([v(n // 2, n), v(n // 2, n)], axis=-1))
op(A, "unstack", lambda tf, v, n: tf.unstack(v(10, n, n // 10)))
op(A, "pad", lambda tf, v, n: tf.pad(v(n, n), [[1, 1], [2, 3]]))
op(A, "pad, reflect", lambda tf, v, n: tf.pad(v(n, n), [[1, 1], [2, 3]], "REFLECT"))
op(A, "pad of images", lambda tf, v, n: tf.pad(v(n // 10, 60, 60, 3), [[0, 0], [2, 2], [2, 2], [0, 0]]))
op(A, "tile", lambda tf, v, n: tf.tile(v(n // 2, n // 2), [2, 2]))
op(A, "tile of a column", lambda tf, v, n: tf.tile(v(n, 1), [1, n]))
op(A, "broadcast_to", lambda tf, v, n: tf.broadcast_to(v(n, 1), [n, n]))
op(A, "transpose", lambda tf, v, n: tf.transpose(v(n, n)))
op(A, "transpose, NHWC to NCHW", lambda tf, v, n: tf.transpose(v(n // 10, 60, 60, 3), [0, 3, 1, 2]))
op(A, "transpose, batch and time", lambda tf, v, n: tf.transpose(v(n // 10, 100, 100), [1, 0, 2]))
op(A, "slice", lambda tf, v, n: v(n, n)[1:-1, 2:])
op(A, "slice, strides", lambda tf, v, n: v(n, n)[::2, ::-3])
op(A, "slice of one", lambda tf, v, n: v(n, n)[3])
op(A, "tf.slice, sizes at run", lambda tf, v, n: tf.slice(v(n, n), v.of([1, 2], np.int32), v.of([n // 2, n // 2], np.int32)))
op(A, "reverse", lambda tf, v, n: tf.reverse(v(n, n), [1]))
op(A, "reverse_sequence", lambda tf, v, n: tf.reverse_sequence(v(n, n), v.ints(n, n), seq_axis=1))
op(A, "roll", lambda tf, v, n: tf.roll(v(n, n), [3, 5], [0, 1]))
op(A, "expand_dims, squeeze, reshape", lambda tf, v, n: tf.reshape(tf.squeeze(tf.expand_dims(v(n, n), 1), 1), [-1, n]))
op(A, "top_k of 5", lambda tf, v, n: tf.nn.top_k(v(n, n), 5)[0])
op(A, "top_k of 1000 classes, 100", lambda tf, v, n: tf.nn.top_k(v(n, n), min(n, 100))[0])
op(A, "in_top_k", lambda tf, v, n: tf.nn.in_top_k(v(n, n), v.ints(n, n), 5), False)
op(A, "sort", lambda tf, v, n: tf.sort(v(n, n)))
op(A, "argsort", lambda tf, v, n: tf.argsort(v(n, n)), False)
op(A, "unique", lambda tf, v, n: tf.unique(v.ints(n * 10, n * n))[0], False)
op(A, "unique_with_counts", lambda tf, v, n: tf.unique_with_counts(v.ints(n * 10, n * n))[2], False)
op(A, "setdiff1d", lambda tf, v, n: tf.setdiff1d(v.ints(n * n, n * n // 2), v.ints(n * n, n * n // 2))[0], False)
op(A, "boolean_mask", lambda tf, v, n: tf.boolean_mask(v(n, n), v.bools(n)))
op(A, "boolean_mask of numbers", lambda tf, v, n: tf.boolean_mask(v(n, n), v.bools(n, n)))
op(A, "dynamic_partition", lambda tf, v, n: tf.dynamic_partition(v(n, n), v.ints(5, n), 5))
op(A, "dynamic_partition of numbers", lambda tf, v, n: tf.dynamic_partition(v(n * n), v.ints(5, n * n), 5))
op(A, "dynamic_stitch", lambda tf, v, n: tf.dynamic_stitch([v.of(np.arange(0, n, 2), np.int32), v.of(np.arange(1, n, 2), np.int32)], [v(n // 2, n), v(n // 2, n)]))
op(A, "sequence_mask", lambda tf, v, n: tf.sequence_mask(v.ints(n, n), n, tf.float32), False)
op(A, "diag, diag_part", lambda tf, v, n: tf.diag_part(tf.diag(v(n))))
op(A, "matrix_band_part", lambda tf, v, n: tf.matrix_band_part(v(n, n), -1, 0))
op(A, "meshgrid", lambda tf, v, n: tf.meshgrid(v(n), v(n)))
op(A, "space_to_depth", lambda tf, v, n: tf.space_to_depth(v(n // 10, 60, 60, 3), 2))
op(A, "depth_to_space", lambda tf, v, n: tf.depth_to_space(v(n // 10, 30, 30, 12), 2))
op(A, "extract_image_patches", lambda tf, v, n: tf.extract_image_patches(v(n // 10, 30, 30, 3), [1, 3, 3, 1], [1, 1, 1, 1], [1, 1, 1, 1], "SAME"))
op(A, "searchsorted", lambda tf, v, n: tf.searchsorted(v.of(np.arange(n), np.float32), v(n * n)), False)

# -- products and linear algebra ------------------------------------------------------------------

M = "products"
op(M, "matmul", lambda tf, v, n: tf.matmul(v(n, n), v(n, n)), sizes=(30, 500))
op(M, "matmul, transposed", lambda tf, v, n: tf.matmul(v(n, n), v(n, n), transpose_a=True, transpose_b=True), sizes=(30, 500))
op(M, "matmul, of a vector", lambda tf, v, n: tf.matmul(v(n, n), v(n, 1)))
op(M, "matmul, narrow", lambda tf, v, n: tf.matmul(v(n * 10, 10), v(10, 10)))
op(M, "matmul, long", lambda tf, v, n: tf.matmul(v(n * 10, 10), v(n * 10, 10), transpose_a=True))
op(M, "matmul, batch of small", lambda tf, v, n: tf.matmul(v(n, 30, 30), v(n, 30, 30)))
op(M, "matmul, batch of attention", lambda tf, v, n: tf.matmul(v(n // 10, 8, 50, 64), v(n // 10, 8, 50, 64), transpose_b=True), sizes=(20, 320))
op(M, "matmul, float64", lambda tf, v, n: tf.matmul(v.real(n, n), v.real(n, n)), False, sizes=(30, 500))
op(M, "matmul, int32", lambda tf, v, n: tf.matmul(v.ints(9, n, n), v.ints(9, n, n)), False, sizes=(30, 200))
op(M, "einsum, ij,jk", lambda tf, v, n: tf.einsum("ij,jk->ik", v(n, n), v(n, n)), sizes=(30, 500))
op(M, "einsum, bij,bjk", lambda tf, v, n: tf.einsum("bij,bjk->bik", v(n, 30, 30), v(n, 30, 30)))
op(M, "einsum, bhqd,bhkd", lambda tf, v, n: tf.einsum("bqhd,bkhd->bhqk", v(n // 10, 50, 8, 64), v(n // 10, 50, 8, 64)), sizes=(20, 200))
op(M, "tensordot", lambda tf, v, n: tf.tensordot(v(n, 10, 20), v(10, 20, 30), 2))
op(M, "tensordot, last axis", lambda tf, v, n: tf.tensordot(v(n // 10, 50, 64), v(64, 64), [[2], [0]]))
op(M, "outer product by broadcasting", lambda tf, v, n: tf.expand_dims(v(n), 1) * tf.expand_dims(v(n), 0))

L = "linear algebra"
op(L, "inverse", lambda tf, v, n: tf.matrix_inverse(v.definite(n, n)), sizes=(10, 300))
op(L, "inverse, batch", lambda tf, v, n: tf.matrix_inverse(v.definite(n, 10, 10)), sizes=(10, 1000))
op(L, "cholesky", lambda tf, v, n: tf.cholesky(v.definite(n, n)), sizes=(10, 300))
op(L, "cholesky, batch", lambda tf, v, n: tf.cholesky(v.definite(n, 10, 10)), sizes=(10, 1000))
op(L, "determinant", lambda tf, v, n: tf.matrix_determinant(v.definite(n, n) / 2), sizes=(10, 300))
op(L, "solve", lambda tf, v, n: tf.matrix_solve(v.definite(n, n), v(n, 5)), sizes=(10, 300))
op(L, "triangular_solve", lambda tf, v, n: tf.matrix_triangular_solve(v.definite(n, n), v(n, 5)), sizes=(10, 300))
op(L, "svd", lambda tf, v, n: tf.svd(v(n, n), compute_uv=False), False, sizes=(10, 150))
op(L, "svd, with vectors", lambda tf, v, n: tf.svd(v(n, n)), False, sizes=(10, 150))
op(L, "qr", lambda tf, v, n: tf.qr(v(n, n)), sizes=(10, 200))
op(L, "self_adjoint_eig", lambda tf, v, n: tf.self_adjoint_eig(v.definite(n, n)), False, sizes=(10, 150))
op(L, "lstsq", lambda tf, v, n: tf.matrix_solve_ls(v(n, 5), v(n, 1), l2_regularizer=0.1), False)
op(L, "trace", lambda tf, v, n: tf.trace(v(n, n)))
op(L, "fft", lambda tf, v, n: tf.fft(tf.complex(v(n, n), v(n, n))), False, sizes=(32, 512))
op(L, "fft2d", lambda tf, v, n: tf.fft2d(tf.complex(v(n, n), v(n, n))), False, sizes=(32, 512))
op(L, "rfft", lambda tf, v, n: tf.spectral.rfft(v(n, n)), False, sizes=(32, 1024))
op(L, "irfft", lambda tf, v, n: tf.spectral.irfft(tf.complex(v(n, n // 2 + 1), v(n, n // 2 + 1))), False, sizes=(32, 1024))
op(L, "stft", lambda tf, v, n: tf.abs(tf.signal.stft(v(10, n * 30), 256, 128)), False)

# -- random ---------------------------------------------------------------------------------------

D = "random"
op(D, "random_uniform", lambda tf, v, n: tf.random_uniform([n, n]), False)
op(D, "random_uniform, int32", lambda tf, v, n: tf.random_uniform([n, n], maxval=100, dtype=tf.int32), False)
op(D, "random_normal", lambda tf, v, n: tf.random_normal([n, n]), False)
op(D, "truncated_normal", lambda tf, v, n: tf.truncated_normal([n, n]), False)
op(D, "random_shuffle of rows", lambda tf, v, n: tf.random_shuffle(v(n, n)), False)
op(D, "random_shuffle of numbers", lambda tf, v, n: tf.random_shuffle(v(n * n)), False)
op(D, "multinomial", lambda tf, v, n: tf.multinomial(v(n, 100), 10), False)
op(D, "random_gamma", lambda tf, v, n: tf.random_gamma([n, n // 10], 2.5), False)
op(D, "random_poisson", lambda tf, v, n: tf.random_poisson(4.0, [n, n // 10]), False)
op(D, "dropout", lambda tf, v, n: tf.nn.dropout(v(n, n), 0.5))
op(D, "noise layer", lambda tf, v, n: v(n, n) + tf.random_normal(tf.shape(v(n, n)), stddev=0.1))

# -- networks -------------------------------------------------------------------------------------

N = "networks"
op(N, "softmax, 10 classes", lambda tf, v, n: tf.nn.softmax(v(n * n // 10, 10)))
op(N, "softmax, many classes", lambda tf, v, n: tf.nn.softmax(v(n, n)))
op(N, "softmax, axis 1 of 3", lambda tf, v, n: tf.nn.softmax(v(10, n, n // 10), 1))
op(N, "log_softmax", lambda tf, v, n: tf.nn.log_softmax(v(n, n)))
op(N, "sparse softmax loss, 10 classes", lambda tf, v, n: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=v.ints(10, n * n // 10), logits=v(n * n // 10, 10)))
op(N, "sparse softmax loss, many", lambda tf, v, n: tf.nn.sparse_softmax_cross_entropy_with_logits(labels=v.ints(n, n), logits=v(n, n)))
op(N, "softmax loss", lambda tf, v, n: tf.nn.softmax_cross_entropy_with_logits_v2(labels=tf.one_hot(v.ints(n, n), n), logits=v(n, n)))
op(N, "sigmoid loss", lambda tf, v, n: tf.nn.sigmoid_cross_entropy_with_logits(labels=v.unit(n, n), logits=v(n, n)))
op(N, "losses.mean_squared_error", lambda tf, v, n: tf.losses.mean_squared_error(v(n, n), v(n, n)))
op(N, "losses.huber_loss", lambda tf, v, n: tf.losses.huber_loss(v(n, n), v(n, n)))
op(N, "losses.hinge_loss", lambda tf, v, n: tf.losses.hinge_loss(v.ints(2, n, n), v(n, n)))
op(N, "moments", lambda tf, v, n: tf.nn.moments(v(n, n), [0]))
op(N, "batch_normalization", lambda tf, v, n: tf.layers.batch_normalization(v(n, n), training=True))
op(N, "batch_normalization, images", lambda tf, v, n: tf.layers.batch_normalization(v(n // 10, 20, 20, 24), training=True))
op(N, "batch_normalization, predicting", lambda tf, v, n: tf.layers.batch_normalization(v(n // 10, 20, 20, 24)))
op(N, "fused_batch_norm", lambda tf, v, n: tf.nn.fused_batch_norm(v(n // 10, 20, 20, 24), v(24), v(24))[0])
op(N, "layer norm", lambda tf, v, n: tf.contrib.layers.layer_norm(v(n, n)))
op(N, "lrn", lambda tf, v, n: tf.nn.local_response_normalization(v(n // 10, 20, 20, 24)))
op(N, "bias_add", lambda tf, v, n: tf.nn.bias_add(v(n // 10, 20, 20, 24), v(24)))
op(N, "dense and relu", lambda tf, v, n: tf.nn.relu(tf.nn.xw_plus_b(v(n, 100), v(100, 100), v(100))))
op(N, "l2_loss of weights", lambda tf, v, n: tf.add_n([tf.nn.l2_loss(v(n, n // 10)) for _ in range(4)]))
op(N, "ctc_loss", lambda tf, v, n: tf.nn.ctc_loss(tf.SparseTensor(np.stack([np.repeat(np.arange(n // 10), 5), np.tile(np.arange(5), n // 10)], 1).astype(np.int64), v.ints(20, n // 10 * 5), np.array([n // 10, 5], np.int64)), v(50, n // 10, 21), np.full(n // 10, 50, np.int32)), sizes=(30, 640))
op(N, "ctc_greedy_decoder", lambda tf, v, n: tf.nn.ctc_greedy_decoder(v(50, n // 10, 21), np.full(n // 10, 50, np.int32))[0][0].values, False, sizes=(30, 640))
op(N, "ctc_beam_search_decoder", lambda tf, v, n: tf.nn.ctc_beam_search_decoder(v(20, n // 10, 21), np.full(n // 10, 20, np.int32), 10)[0][0].values, False, sizes=(30, 320))
op(N, "nce_loss", lambda tf, v, n: tf.nn.nce_loss(v(n * 10, 100), v(n * 10), v.ints(n * 10, n // 5, 1, dtype=np.int64), v(n // 5, 100), 64, n * 10))
op(N, "sampled_softmax_loss", lambda tf, v, n: tf.nn.sampled_softmax_loss(v(n * 10, 100), v(n * 10), v.ints(n * 10, n // 5, 1, dtype=np.int64), v(n // 5, 100), 64, n * 10))
op(N, "cosine similarity", lambda tf, v, n: tf.matmul(tf.nn.l2_normalize(v(n // 10, 100), 1), tf.nn.l2_normalize(v(n, 100), 1), transpose_b=True))

# -- images ---------------------------------------------------------------------------------------

I = "images"  # noqa: E741
for method, word in enumerate(["bilinear", "nearest", "bicubic", "area"]):
    op(I, "resize, %s" % word, lambda tf, v, n, method=method: tf.image.resize_images(v(n // 30, 100, 100, 3), [150, 150], method), word != "area", sizes=(30, 300))
op(I, "resize, bilinear, uint8 to smaller", lambda tf, v, n: tf.image.resize_images(v.ints(255, n, n, 3, dtype=np.uint8), [n // 2, n // 2]), False, sizes=(60, 600))
op(I, "crop_to_bounding_box", lambda tf, v, n: tf.image.crop_to_bounding_box(v(n // 30, 100, 100, 3), 10, 10, 60, 60))
op(I, "random_crop", lambda tf, v, n: tf.random_crop(v(n, n, 3), [n // 2, n // 2, 3]), False, sizes=(30, 600))
op(I, "resize_image_with_crop_or_pad", lambda tf, v, n: tf.image.resize_image_with_crop_or_pad(v(n // 30, 100, 100, 3), 120, 90), False, sizes=(30, 600))
op(I, "crop_and_resize", lambda tf, v, n: tf.image.crop_and_resize(v(n // 30, 100, 100, 3), v.of([[0.1, 0.1, 0.8, 0.9]] * (n // 10), np.float32), v.of([0] * (n // 10), np.int32), [30, 30]), False, sizes=(30, 300))
op(I, "flip_left_right", lambda tf, v, n: tf.image.flip_left_right(v(n, n, 3)), False, sizes=(30, 600))
op(I, "random_flip_left_right", lambda tf, v, n: tf.image.random_flip_left_right(v(n, n, 3)), False, sizes=(30, 600))
op(I, "rot90", lambda tf, v, n: tf.image.rot90(v(n, n, 3)), False, sizes=(30, 600))
op(I, "per_image_standardization", lambda tf, v, n: tf.image.per_image_standardization(v(n, n, 3)), False, sizes=(30, 600))
op(I, "adjust_brightness", lambda tf, v, n: tf.image.adjust_brightness(v.unit(n, n, 3), 0.1), False, sizes=(30, 600))
op(I, "adjust_contrast", lambda tf, v, n: tf.image.adjust_contrast(v.unit(n, n, 3), 0.7), False, sizes=(30, 600))
op(I, "rgb_to_hsv", lambda tf, v, n: tf.image.rgb_to_hsv(v.unit(n, n, 3)), sizes=(30, 512))
op(I, "rgb_to_hsv of a batch", lambda tf, v, n: tf.image.rgb_to_hsv(v.unit(n // 7, 224, 224, 3)), False, sizes=(7, 224))
op(I, "hsv_to_rgb", lambda tf, v, n: tf.image.hsv_to_rgb(v.unit(n, n, 3)), False, sizes=(30, 512))
op(I, "hsv_to_rgb of a batch", lambda tf, v, n: tf.image.hsv_to_rgb(v.unit(n // 7, 224, 224, 3)), False, sizes=(7, 224))
op(I, "adjust_hue", lambda tf, v, n: tf.image.adjust_hue(v.unit(n, n, 3), 0.3), False, sizes=(30, 512))
op(I, "adjust_hue of a batch", lambda tf, v, n: tf.image.adjust_hue(v.unit(n // 7, 224, 224, 3), 0.3), False, sizes=(7, 224))
op(I, "adjust_saturation", lambda tf, v, n: tf.image.adjust_saturation(v.unit(n, n, 3), 1.7), False, sizes=(30, 512))
op(I, "adjust_saturation of a batch", lambda tf, v, n: tf.image.adjust_saturation(v.unit(n // 7, 224, 224, 3), 1.7), False, sizes=(7, 224))
op(I, "rgb_to_grayscale", lambda tf, v, n: tf.image.rgb_to_grayscale(v.unit(n, n, 3)), sizes=(30, 512))
op(I, "rgb_to_yiq", lambda tf, v, n: tf.image.rgb_to_yiq(v.unit(n, n, 3)), sizes=(30, 512))
op(I, "random_brightness and contrast, uint8", lambda tf, v, n: tf.image.random_contrast(tf.image.random_brightness(tf.cast(v.ints(255, n, n, 3, dtype=np.uint8), tf.float32), 63), 0.2, 1.8), False, sizes=(30, 600))
op(I, "convert_image_dtype", lambda tf, v, n: tf.image.convert_image_dtype(v.ints(255, n, n, 3, dtype=np.uint8), tf.float32), False, sizes=(30, 600))
op(I, "convert_image_dtype to uint8", lambda tf, v, n: tf.image.convert_image_dtype(v.unit(n, n, 3), tf.uint8), False, sizes=(30, 600))
op(I, "non_max_suppression", lambda tf, v, n: tf.image.non_max_suppression(tf.concat([v.unit(n, 2), v.unit(n, 2) + 1], 1), v.unit(n), 20), False)

# -- sparse ---------------------------------------------------------------------------------------

P = "sparse"


def sparse(tf, v, n, count, values=None):
    """An n x n SparseTensor with `count` numbers in each row."""
    columns = np.sort(np.array([np.random.RandomState(i).permutation(n)[:count] for i in range(n)]))
    indices = np.stack([np.repeat(np.arange(n), count), columns.ravel()], 1)
    values = v(n * count) if values is None else values
    return tf.SparseTensor(v.of(indices, np.int64), values, [n, n])


op(P, "sparse_tensor_dense_matmul", lambda tf, v, n: tf.sparse_tensor_dense_matmul(sparse(tf, v, n, 10), v(n, 100)))
op(P, "sparse_tensor_to_dense", lambda tf, v, n: tf.sparse_tensor_to_dense(sparse(tf, v, n, 10)))
op(P, "sparse_reduce_sum", lambda tf, v, n: tf.sparse_reduce_sum(sparse(tf, v, n, 10), 1))
op(P, "sparse_add", lambda tf, v, n: tf.sparse_add(sparse(tf, v, n, 10), sparse(tf, v, n, 10)).values, False)
op(P, "sparse_reorder", lambda tf, v, n: tf.sparse_reorder(sparse(tf, v, n, 10)).values, False)
op(P, "sparse_concat", lambda tf, v, n: tf.sparse_concat(1, [sparse(tf, v, n, 10), sparse(tf, v, n, 10)]).values, False)
op(P, "sparse_softmax", lambda tf, v, n: tf.sparse_softmax(sparse(tf, v, n, 10)).values)
op(P, "sparse_slice", lambda tf, v, n: tf.sparse_slice(sparse(tf, v, n, 10), [0, 0], [n // 2, n // 2]).values, False)
op(P, "sparse_transpose", lambda tf, v, n: tf.sparse_transpose(sparse(tf, v, n, 10)).values, False)
op(P, "sparse_to_indicator", lambda tf, v, n: tf.sparse_to_indicator(sparse(tf, v, n, 10, v.ints(n, n * 10, dtype=np.int64)), n), False)
op(P, "sparse_to_dense", lambda tf, v, n: tf.sparse_to_dense(tf.stack([tf.range(n), v.ints(n, n)], 1), [n, n], 1.0), False)
op(P, "sparse_fill_empty_rows", lambda tf, v, n: tf.sparse_fill_empty_rows(sparse(tf, v, n, 10), 0.0)[0].values, False)
op(P, "embedding_lookup_sparse", lambda tf, v, n: tf.nn.embedding_lookup_sparse(v(n, 100), sparse(tf, v, n, 10, v.ints(n, n * 10)), None, combiner="mean"))
op(P, "embedding_lookup_sparse, weights", lambda tf, v, n: tf.nn.embedding_lookup_sparse(v(n, 100), sparse(tf, v, n, 10, v.ints(n, n * 10)), sparse(tf, v, n, 10, v.unit(n * 10)), combiner="sqrtn"))

# -- strings --------------------------------------------------------------------------------------

T = "strings"
MANY = (30, 10000)
op(T, "string_join", lambda tf, v, n: tf.string_join([v.texts(n), v.texts(n)], "-"), False, sizes=MANY)
op(T, "string_split", lambda tf, v, n: tf.string_split(v.texts(n)).values, False, sizes=MANY)
op(T, "reduce_join", lambda tf, v, n: tf.reduce_join(tf.reshape(v.texts(n), [-1, 10]), 1), False, sizes=MANY)
op(T, "string_to_number", lambda tf, v, n: tf.string_to_number(v.texts(n, lambda i: "%d.25" % i)), False, sizes=MANY)
op(T, "as_string", lambda tf, v, n: tf.as_string(v.ints(999, n)), False, sizes=MANY)
op(T, "as_string, float32", lambda tf, v, n: tf.as_string(v(n)), False, sizes=MANY)
op(T, "decode_csv", lambda tf, v, n: tf.decode_csv(v.texts(n, lambda i: "%d,1.5,abc,%d" % (i, i)), [[0], [0.0], [""], [0]]), False, sizes=MANY)
op(T, "string_to_hash_bucket_fast", lambda tf, v, n: tf.string_to_hash_bucket_fast(v.texts(n), 1000), False, sizes=MANY)
op(T, "regex_replace", lambda tf, v, n: tf.regex_replace(v.texts(n), "[0-9]+", "#"), False, sizes=MANY)
op(T, "substr", lambda tf, v, n: tf.substr(v.texts(n), 2, 3), False, sizes=MANY)
op(T, "equal, strings", lambda tf, v, n: tf.equal(v.texts(n), "some 3 words"), False, sizes=MANY)
op(T, "string_length", lambda tf, v, n: tf.strings.length(v.texts(n)), False, sizes=MANY)
op(T, "decode_raw", lambda tf, v, n: tf.decode_raw(v.texts(n, lambda i: "abcdefgh" * 10), tf.uint8), False, sizes=MANY)
op(T, "strings_gather", lambda tf, v, n: tf.gather(v.texts(n), v.ints(n, n)), False, sizes=MANY)

# -- control flow ---------------------------------------------------------------------------------

C = "control flow"
FEW = (10, 200)
op(C, "map_fn", lambda tf, v, n: tf.map_fn(lambda x: tf.reduce_sum(tf.square(x)), v(n, n)), sizes=FEW)
op(C, "scan", lambda tf, v, n: tf.scan(lambda a, x: 0.9 * a + tf.tanh(x), v(n, n)), sizes=FEW)
op(C, "foldl", lambda tf, v, n: tf.foldl(lambda a, x: 0.9 * a + tf.tanh(x), v(n, n)), sizes=FEW)
op(C, "while_loop, counter", lambda tf, v, n: tf.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, x * 0.9 + 0.1), [0, v(n)])[1], sizes=FEW)
op(C, "while_loop, matmul", lambda tf, v, n: tf.while_loop(lambda i, x: i < n, lambda i, x: (i + 1, tf.matmul(x, tf.ones([n, n]) / n)), [0, v(n, n)])[1], sizes=(10, 60))


def appended(tf, v, n):
    x = v(n, n)

    def body(i, array):
        return i + 1, array.write(i, tf.square(tf.gather(x, i)))

    array = tf.TensorArray(tf.float32, n)
    return tf.while_loop(lambda i, _: i < n, body, [0, array])[1].stack()


op(C, "while_loop, TensorArray", appended, sizes=FEW)
op(C, "cond", lambda tf, v, n: tf.cond(v.of(True), lambda: v(n, n) * 2, lambda: v(n, n) + 1))
op(C, "case of 3", lambda tf, v, n: tf.case([(tf.identity(v.of(False)), lambda: v(n, n) * 2), (tf.identity(v.of(True)), lambda: v(n, n) * 3)], lambda: v(n, n)), False)
op(C, "assert, control dependencies", lambda tf, v, n: with_check(tf, v(n, n)), False)
op(C, "exponential moving average", lambda tf, v, n: tf.train.ExponentialMovingAverage(0.9).apply([v(n, n)]), False)
op(C, "py_func", lambda tf, v, n: tf.py_func(lambda x: x + 1, [v(n, n)], tf.float32), False)


def with_check(tf, x):
    with tf.control_dependencies([tf.Assert(tf.reduce_all(tf.less(x, 100.0)), [x])]):
        return tf.identity(x)
