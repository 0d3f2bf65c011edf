"""The rows of tests/cases.py for the ops of tf.nn that few programs use."""
import itertools

import numpy as np
from cases import raw, row, scene
from domains import distinct, positive, real
from sliding import convolution
from sliding3d import Convolution3D, Pooling3D

import minitf as tf

# -- convolution of volumes -----------------------------------------------------------------------

VOLUMES, FILTER = real(2, 4, 5, 3, 2), real(3, 2, 2, 2, 3)


def first(array):
    """NCDHW, from NDHWC."""
    return np.asarray(array).transpose(0, 4, 1, 2, 3)


def last(array):
    """NDHWC, from NCDHW."""
    return np.asarray(array).transpose(0, 2, 3, 4, 1)


for stride, padding, dilation in ((1, "SAME", 1), (2, "SAME", 1), (2, "VALID", 1), (1, "SAME", 2)):
    attrs = dict(strides=[1, stride, stride, stride, 1], padding=padding,
                 dilations=[1, dilation, dilation, dilation, 1])  # fmt: skip
    meant = Convolution3D(VOLUMES.shape[1:4], FILTER.shape[:3], stride, padding, dilation)
    DY = real(*meant.outputs(VOLUMES, FILTER).shape)
    row("Conv3D", lambda x, f, attrs=attrs: tf.nn.conv3d(x, f, **attrs), VOLUMES, FILTER,
        want=meant.outputs)  # fmt: skip
    row("Conv3DBackpropInputV2", lambda f, dy, attrs=attrs:
        raw("Conv3DBackpropInputV2")(VOLUMES.shape, f, dy, **attrs), FILTER, DY,
        want=meant.of_input)  # fmt: skip
    row("Conv3DBackpropFilterV2", lambda x, dy, attrs=attrs:
        tf.nn.conv3d_backprop_filter(x, FILTER.shape, dy, **attrs), VOLUMES, DY,
        want=meant.of_filter)  # fmt: skip
BY_2 = Convolution3D(VOLUMES.shape[1:4], FILTER.shape[:3], 2, "SAME")
FIRST = dict(strides=[1, 1, 2, 2, 2], padding="SAME", data_format="NCDHW")
row("Conv3D", lambda x, f: tf.nn.conv3d(x, f, **FIRST), first(VOLUMES), FILTER,
    want=lambda x, f: first(BY_2.outputs(last(x), f)))  # fmt: skip
row("Conv3DBackpropInputV2", lambda f, dy:
    tf.nn.conv3d_transpose(dy, f, [2, 2, 4, 5, 3], 2, "SAME", "NCDHW"), FILTER,
    real(2, 3, 2, 3, 2), want=lambda f, dy: first(BY_2.of_input(f, last(dy))))  # fmt: skip
row("Conv3DBackpropFilterV2", lambda x, dy:
    tf.nn.conv3d_backprop_filter(x, FILTER.shape, dy, **FIRST), first(VOLUMES),
    real(2, 3, 2, 3, 2), want=lambda x, dy: BY_2.of_filter(last(x), last(dy)))  # fmt: skip

# -- pooling --------------------------------------------------------------------------------------

DISTINCT = distinct(2, 4, 3, 5, 2)
for size, stride, padding in ((2, 2, "SAME"), (3, 2, "VALID"), (3, 1, "SAME")):
    window = dict(ksize=[1, size, size, size, 1], strides=[1, stride, stride, stride, 1],
                  padding=padding)  # fmt: skip
    meant = Pooling3D(DISTINCT.shape[1:4], size, stride, padding)
    LARGEST = meant.largest(DISTINCT)
    DY = real(*LARGEST.shape)
    row("MaxPool3D", lambda x, window=window: tf.nn.max_pool3d(x, **window), DISTINCT,
        want=meant.largest)  # fmt: skip
    row("MaxPool3DGrad", lambda dy, window=window, y=LARGEST:
        raw("MaxPool3DGrad")(tf.cast(DISTINCT, dy.dtype), tf.cast(y, dy.dtype), dy, **window), DY,
        want=lambda dy, meant=meant: meant.of_largest(DISTINCT, dy))  # fmt: skip
    row("MaxPool3DGradGrad", lambda g, window=window, y=LARGEST:
        raw("MaxPool3DGradGrad")(tf.cast(DISTINCT, g.dtype), tf.cast(y, g.dtype), g, **window),
        real(2, 4, 3, 5, 2),
        want=lambda g, meant=meant: meant.at_largest(DISTINCT, g))  # fmt: skip
    row("AvgPool3D", lambda x, window=window: tf.nn.avg_pool3d(x, **window), DISTINCT,
        want=meant.mean)  # fmt: skip
    row("AvgPool3DGrad", lambda dy, window=window:
        raw("AvgPool3DGrad")(DISTINCT.shape, dy, **window), DY,
        want=lambda dy, meant=meant: meant.of_mean(DISTINCT.shape, dy))  # fmt: skip
OF_2 = Pooling3D(DISTINCT.shape[1:4], 2, 2, "SAME")
row("MaxPool3D", lambda x: tf.nn.max_pool3d(x, 2, 2, "SAME", "NCDHW"), first(DISTINCT),
    want=lambda x: first(OF_2.largest(last(x))))  # fmt: skip
row("AvgPool3D", lambda x: tf.nn.avg_pool3d(x, 2, 2, "SAME", "NCDHW"), first(DISTINCT),
    want=lambda x: first(OF_2.mean(last(x))))  # fmt: skip
TIES = np.float64([1, 1, 0, 2, 2, 1, 0, 0]).reshape(1, 2, 2, 2, 1)
row("MaxPool3DGrad", lambda dy: raw("MaxPool3DGrad")(
    tf.constant(TIES, dy.dtype), tf.constant(TIES.max(), dy.dtype, [1] * 5), dy,
    ksize=[1, 2, 2, 2, 1], strides=[1] * 5, padding="VALID"), real(1, 1, 1, 1, 1),
    grad=False, want=lambda dy: (TIES == 2) * dy)  # fmt: skip

IMAGES = distinct(2, 4, 3, 2)
HALVED = dict(ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="SAME")


def with_argmax(x):
    """The largest of each 2 x 2 pixels, and where in its image it is."""
    pixels = np.arange(x[0].size).reshape(1, 4, 3, 2)
    windows = [(rows, columns) for rows in ((0, 1), (2, 3)) for columns in ((0, 1), (2,))]

    def taken(a):
        return [a[:, rows][:, :, columns].reshape(len(a), -1, 2) for rows, columns in windows]

    chosen = [pixels.argmax(1) for pixels in taken(x)]
    largest = [pixels.max(1) for pixels in taken(x)]
    places = [np.take_along_axis(np.repeat(p, len(x), 0), i[:, None], 1)[:, 0]
              for p, i in zip(taken(pixels), chosen)]  # fmt: skip
    return [np.stack(found, 1).reshape(len(x), 2, 2, 2) for found in (largest, places)]


row("MaxPoolWithArgmax", lambda x: tf.nn.max_pool_with_argmax(x, **HALVED), IMAGES,
    want=with_argmax, second=False)  # fmt: skip
row("MaxPoolWithArgmax", lambda x: tf.nn.max_pool_with_argmax(
    x, **HALVED, include_batch_in_index=True, output_dtype=tf.int32)[1], IMAGES, grad=False,
    want=lambda x: with_argmax(x)[1] + np.reshape([0, 24], (2, 1, 1, 1)))  # fmt: skip


def to_argmax(dy):
    dx = np.zeros((2, 24))
    np.add.at(dx, (np.arange(2)[:, None], with_argmax(IMAGES)[1].reshape(2, -1)), dy.reshape(2, -1))
    return dx.reshape(IMAGES.shape)


row("MaxPoolGradWithArgmax", lambda dy: raw("MaxPoolGradWithArgmax")(
    tf.cast(IMAGES, dy.dtype), dy, with_argmax(IMAGES)[1], **HALVED), real(2, 2, 2, 2),
    want=to_argmax, grad=False)  # fmt: skip

# -- normalization --------------------------------------------------------------------------------

PICTURES = real(2, 3, 2, 7)


def lrn(x, radius=5, bias=1.0, alpha=1.0, beta=0.5):
    around = [np.s_[max(i - radius, 0) : i + radius + 1] for i in range(x.shape[-1])]
    sums = np.stack([(x[..., part] ** 2).sum(-1) for part in around], -1)
    return x / (bias + alpha * sums) ** beta


for options in ((), (2, 2.0, 0.5, 0.75), (1, 1.5, 0.1, 0.9)):
    row("LRN", lambda x, options=options: tf.nn.lrn(x, *options), PICTURES, second=False,
        want=lambda x, options=options: lrn(x, *options))  # fmt: skip


def lrn_slope(dy):
    """By central differences along each axis of x."""
    dx, step = np.zeros(PICTURES.shape), 1e-5
    for place in np.ndindex(PICTURES.shape):
        moved = np.zeros(PICTURES.shape)
        moved[place] = step
        dx[place] = (dy * (lrn(PICTURES + moved) - lrn(PICTURES - moved))).sum() / (2 * step)
    return dx


row("LRNGrad", lambda dy: raw("LRNGrad")(
    dy, tf.cast(PICTURES, dy.dtype), tf.cast(lrn(PICTURES), dy.dtype)), real(2, 3, 2, 7, key=1),
    want=lrn_slope, grad=False)  # fmt: skip

VECTOR, OFFSET = positive(7), real(7)


def batch_norm(x, scale, offset, epsilon=0.01):
    mean, variance = x.mean((0, 1, 2)), x.var((0, 1, 2))
    return scale * (x - mean) / np.sqrt(variance + epsilon) + offset


def as_nchw(array):
    return np.asarray(array).transpose(0, 3, 1, 2)


def as_nhwc(array):
    return np.asarray(array).transpose(0, 2, 3, 1)


row("FusedBatchNormV3", lambda x, g, b: tf.nn.fused_batch_norm(x, g, b, epsilon=0.01)[0],
    PICTURES, VECTOR, OFFSET, want=batch_norm)  # fmt: skip
row("FusedBatchNormV3", lambda x, g, b: tf.nn.fused_batch_norm(x, g, b, epsilon=0.01),
    PICTURES, VECTOR, OFFSET, grad=False, want=lambda x, g, b: [
        batch_norm(x, g, b), x.mean((0, 1, 2)), x.var((0, 1, 2), ddof=1)])  # fmt: skip
row("FusedBatchNormV3", lambda x, g, b: tf.nn.fused_batch_norm(
    x, g, b, epsilon=0.01, data_format="NCHW")[0], as_nchw(PICTURES), VECTOR, OFFSET,
    want=lambda x, g, b: as_nchw(batch_norm(as_nhwc(x), g, b)))  # fmt: skip
for order, turn, back in (("NHWC", np.asarray, np.asarray), ("NCHW", as_nchw, as_nhwc)):
    row("FusedBatchNormV3", lambda x, g, b, order=order: tf.nn.fused_batch_norm(
        x, g, b, tf.cast(OFFSET, g.dtype), tf.cast(VECTOR, g.dtype), 0.01, order, False)[0],
        turn(PICTURES), VECTOR, OFFSET,
        want=lambda x, g, b, turn=turn, back=back: turn(
            g * (back(x) - OFFSET) / np.sqrt(VECTOR + 0.01) + b))  # fmt: skip


def batch_norm_slopes(dy, x, scale, training=True):
    center = x.mean((0, 1, 2)) if training else OFFSET
    inverse = 1 / np.sqrt((x.var((0, 1, 2)) if training else VECTOR) + 0.01)
    x_hat = (x - center) * inverse
    by_scale, by_offset = (dy * x_hat).sum((0, 1, 2)), dy.sum((0, 1, 2))
    if training:
        dy = dy - dy.mean((0, 1, 2)) - x_hat * (dy * x_hat).mean((0, 1, 2))
    return [scale * inverse * dy, by_scale, by_offset]


SLOPES = real(2, 3, 2, 7, key=2)
for training in (True, False):
    MOMENTS = [PICTURES.mean((0, 1, 2)), PICTURES.var((0, 1, 2))] if training else [OFFSET, VECTOR]
    row("FusedBatchNormGradV3", lambda dy, x, g, training=training, found=MOMENTS:
        raw("FusedBatchNormGradV3")(
            dy, x, g, *(tf.cast(each, g.dtype) for each in found), tf.zeros([], g.dtype),
            epsilon=0.01, is_training=training)[:3], SLOPES, PICTURES, VECTOR, grad=not training,
        want=lambda dy, x, g, training=training: batch_norm_slopes(dy, x, g, training))  # fmt: skip

# -- drawing classes ------------------------------------------------------------------------------

TRUE = np.int64([[0, 5], [7, 2], [3, 3]])
row("AllCandidateSampler", lambda true: tf.nn.all_candidate_sampler(true, 2, 4, True), TRUE,
    want=lambda true: [range(4), np.ones((3, 2)), np.ones(4)])  # fmt: skip
row("ComputeAccidentalHits", lambda true: tf.nn.compute_accidental_hits(true, [3, 9, 0, 5], 2),
    TRUE, known=False,
    want=lambda true: [[0, 0, 2, 2], [2, 3, 0, 0], [-3.4028235e38] * 4])  # fmt: skip


def draws(sampler, probabilities, **options):
    """As often as they should be; different when they are to be; others in each run, and the same
    again in a new graph."""

    def play(run):
        def drawn(count, unique):
            return sampler(tf.constant(TRUE), 2, count, unique, 8, seed=3, **options)

        many, few = drawn(20_000, False), drawn(5, True)
        first, again, other = run(many), run(many), run(drawn(20_000, False))
        different, shares = run(few), probabilities / probabilities.sum()
        return [
            (bool(np.allclose(np.bincount(first[0], minlength=8) / 20_000, shares, 0, 0.02)), True),
            (first[1], np.float32(20_000 * shares[TRUE])),
            (first[2][:9], np.float32(20_000 * shares[first[0][:9]])),
            (len(set(different[0])), 5),
            (bool((different[2] <= 1).all()), True),
            (np.array_equal(first[0], again[0]), False),
            (np.array_equal(first[0], other[0]), True),
        ]

    return play


UNIGRAMS = np.array([1.0, 1.0, 8.0, 2.0, 2.0, 3.0, 3.0, 0.0])
scene("UniformCandidateSampler")(draws(tf.nn.uniform_candidate_sampler, np.ones(8)))
scene("LogUniformCandidateSampler")(
    draws(tf.nn.log_uniform_candidate_sampler, np.diff(np.log(np.arange(1, 10))))
)
scene("FixedUnigramCandidateSampler")(
    draws(tf.nn.fixed_unigram_candidate_sampler, UNIGRAMS, unigrams=UNIGRAMS)
)


@scene("LearnedUnigramCandidateSampler")
def learns(run):
    drawn = tf.nn.learned_unigram_candidate_sampler(tf.constant(TRUE), 2, 6, False, 8, seed=3)
    seen = np.bincount(TRUE.ravel(), minlength=8)
    counts = [1 + times * seen for times in range(3)]
    return [(run(drawn[1]), 6 * (count / count.sum())[TRUE]) for count in counts]


@scene("ThreadUnsafeUnigramCandidateSampler")
def learns_too(run):
    attributes = dict(num_true=2, num_sampled=6, unique=False, range_max=8, seed=3, seed2=1)
    one = raw("ThreadUnsafeUnigramCandidateSampler")(TRUE, **attributes)
    other = raw("LearnedUnigramCandidateSampler")(TRUE, **attributes)
    return [pair for _ in range(3) for pair in zip(run(one), run(other))]

# -- connectionist temporal classification --------------------------------------------------------

SPEECH, LENGTHS = real(4, 2, 3), np.int32([4, 3])
PLACES, CLASSES = np.int64([[0, 0], [0, 1], [1, 0]]), [0, 0, 1]


def collapsed(path, blank=2):
    return tuple(c for c, _ in itertools.groupby(path) if c != blank)


def log_probabilities(x):
    return x - np.log(np.exp(x).sum(-1, keepdims=True))


def over_all_paths(x, lengths):
    """{labels: probability} for each sequence."""
    found = []
    for b, length in enumerate(lengths):
        found.append({})
        for path in itertools.product(range(3), repeat=length):
            chance = np.exp(log_probabilities(x[:length, b])[range(length), path].sum())
            labels = collapsed(path)
            found[-1][labels] = found[-1].get(labels, 0) + chance
    return found


def ctc_losses(x):
    wanted = [(0, 0), (1,)]
    return np.array([-np.log(p[w]) for p, w in zip(over_all_paths(x, LENGTHS), wanted)])


def ctc_slopes(x):
    """By central differences."""
    found, step = np.zeros(x.shape), 1e-5
    for place in np.ndindex(x.shape):
        moved = np.zeros(x.shape)
        moved[place] = step
        found[place] = (ctc_losses(x + moved) - ctc_losses(x - moved)).sum() / (2 * step)
    return found


row("CTCLoss", lambda x: tf.nn.ctc_loss(tf.SparseTensor(PLACES, CLASSES, [2, 2]), x, LENGTHS),
    SPEECH, want=ctc_losses, second=False)  # fmt: skip
row("CTCLoss", lambda x: raw("CTCLoss")(x, PLACES, CLASSES, LENGTHS)[1], SPEECH, want=ctc_slopes,
    grad=False)  # fmt: skip


def as_sparse(sequences):
    places = [(b, t) for b, each in enumerate(sequences) for t in range(len(each))]
    longest = max(map(len, sequences))
    return [places, [c for each in sequences for c in each], [len(sequences), longest]]


def greedy(x):
    best = [collapsed(x[:n, b].argmax(1)) for b, n in enumerate(LENGTHS)]
    scores = [[-x[:n, b].max(1).sum()] for b, n in enumerate(LENGTHS)]
    return [*as_sparse(best), scores]


row("CTCGreedyDecoder", lambda x: raw("CTCGreedyDecoder")(x, LENGTHS, merge_repeated=True), SPEECH,
    want=greedy, grad=False, known=False)  # fmt: skip


def two_best(x):
    """With a beam that holds all."""
    found = [sorted(p.items(), key=lambda item: -item[1])[:2] for p in over_all_paths(x, LENGTHS)]
    first, second = (as_sparse([each[i][0] for each in found]) for i in range(2))
    scores = [[np.log(chance) for _, chance in each] for each in found]
    return [*first, *second, scores]


def decoded(x):
    found, scores = tf.nn.ctc_beam_search_decoder(x, LENGTHS, 500, 2, merge_repeated=False)
    return [part for y in found for part in (y.indices, y.values, y.dense_shape)] + [scores]


row("CTCBeamSearchDecoder", decoded, SPEECH, want=two_best, grad=False, known=False)

# -- dilation -------------------------------------------------------------------------------------

GRAY, BUMP = distinct(2, 5, 4, 2), real(3, 2, 2) / 8


class Dilation:
    """By the book: the largest of the sums over each window."""

    def __init__(self, stride, padding, rate):
        filter = BUMP[..., None]
        self.meets = convolution(GRAY, filter, stride, padding, rate)
        self.options = dict(strides=[1, stride, stride, 1], rates=[1, rate, rate, 1],
                            padding=padding)  # fmt: skip

    def sums(self, x, f):
        """[batch, rows, columns, positions, depth], -infinity where there is no pixel."""
        rows, columns = self.meets.rows, self.meets.columns
        pixels = np.einsum("okp,qlr,npri->noqkli", rows, columns, x)
        there = np.einsum("okp,qlr->oqkl", rows, columns)[None, ..., None] > 0
        found = np.where(there, pixels + f, -np.inf)
        return found.reshape(*found.shape[:3], -1, x.shape[3])

    def outputs(self, x, f):
        return self.sums(x, f).max(3)

    def slopes(self, x, f, dy):
        """(dx, df)"""
        sums = self.sums(x, f)
        chosen = (sums == sums.max(3, keepdims=True)) * dy[:, :, :, None]
        chosen = chosen.reshape(*dy.shape[:3], *f.shape)
        dx = np.einsum("okp,qlr,noqkli->npri", self.meets.rows, self.meets.columns, chosen)
        return dx, chosen.sum((0, 1, 2))


for stride, padding, rate in ((1, "SAME", 1), (2, "VALID", 1), (1, "VALID", 2), (2, "SAME", 1)):
    meant = Dilation(stride, padding, rate)
    DY = real(*meant.outputs(GRAY, BUMP).shape)
    row("Dilation2D", lambda x, f, meant=meant: tf.nn.dilation2d(x, f, **meant.options), GRAY, BUMP,
        want=meant.outputs, second=False)  # fmt: skip
    for i, op in enumerate(("Dilation2DBackpropInput", "Dilation2DBackpropFilter")):
        row(op, lambda dy, meant=meant, op=op: raw(op)(
            tf.cast(GRAY, dy.dtype), tf.cast(BUMP, dy.dtype), dy, **meant.options), DY,
            want=lambda dy, meant=meant, i=i: meant.slopes(GRAY, BUMP, dy)[i],
            grad=False)  # fmt: skip

# -- fractional pooling ---------------------------------------------------------------------------

ROWS, COLUMNS, PAGE = np.int64([0, 2, 3, 5]), np.int64([0, 1, 3]), distinct(2, 5, 3, 2)


def spans(starts):
    """(first, end) of each window."""
    return list(zip(starts[:-1], starts[1:]))  # noqa: RUF007  TensorFlow's Python has no pairwise


CELLS = [(slice(*p), slice(*q)) for p in spans(ROWS) for q in spans(COLUMNS)]


def cells(function, x=PAGE):
    """[batch, 3, 2, depth]: the function of each window's pixels [batch, pixels, depth]."""
    found = [function(x[:, p, q].reshape(2, -1, 2)) for p, q in CELLS]
    return np.stack(found, 1).reshape(2, 3, 2, 2)


def to_cells(dy, shares):
    """`dy` given to the pixels of its windows as `shares` of [batch, pixels, depth] says."""
    dx = np.zeros(PAGE.shape)
    for (p, q), slope in zip(CELLS, dy.reshape(2, 6, 2).swapaxes(0, 1)):
        pixels = PAGE[:, p, q]
        dx[:, p, q] += (shares(pixels.reshape(2, -1, 2)) * slope[:, None]).reshape(pixels.shape)
    return dx


row("FractionalMaxPoolGrad", lambda dy: raw("FractionalMaxPoolGrad")(
    tf.cast(PAGE, dy.dtype), tf.cast(cells(lambda x: x.max(1)), dy.dtype), dy, ROWS, COLUMNS),
    real(2, 3, 2, 2), grad=False,
    want=lambda dy: to_cells(dy, lambda x: x == x.max(1, keepdims=True)))  # fmt: skip
row("FractionalAvgPoolGrad", lambda dy: raw("FractionalAvgPoolGrad")(
    tf.constant(PAGE.shape, tf.int64), dy, ROWS, COLUMNS), real(2, 3, 2, 2), grad=False,
    want=lambda dy: to_cells(dy, lambda x: np.full(x.shape, 1 / x.shape[1])))  # fmt: skip


def shrinks(pool, function):
    """The function of the windows that the sequences say; others in each run, unless it is said
    to be deterministic."""

    def play(run):
        def built(**options):
            return pool(tf.constant(PAGE), [1.0, 1.6, 1.4, 1.0], **options)

        value, rows, columns = run(built())
        found = [function(PAGE[:, a:b, c:d], (1, 2)) for a, b in spans(rows)
                 for c, d in spans(columns)]  # fmt: skip
        same = built(deterministic=True, seed=7, seed2=1)
        return [
            (value, np.stack(found, 1).reshape(2, 3, 2, 2)),
            ([rows[0], rows[-1], columns[0], columns[-1]], [0, 5, 0, 3]),
            *zip(run(same), run(same)),
        ]

    return play


scene("FractionalMaxPool")(shrinks(tf.nn.fractional_max_pool, np.max))
scene("FractionalAvgPool")(shrinks(tf.nn.fractional_avg_pool, np.mean))

row("NthElement", lambda x: tf.contrib.nn.nth_element(x, 1), distinct(2, 3, 4),
    want=lambda x: np.sort(x)[..., 1])  # fmt: skip
row("NthElement", lambda x: tf.contrib.nn.nth_element(x, 0, reverse=True), distinct(5),
    want=np.max)  # fmt: skip
