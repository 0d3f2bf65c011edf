"""Candidate samplers: `tf.nn.log_uniform_candidate_sampler`, ..., `tf.nn.compute_accidental_hits`.
"""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.tensor_shape import printed
from minitf.nn.kernels.range_samplers import Counted, LogUniform, Uniform, sampled, weighted
from minitf.nn.windows import whole_numbers
from minitf.ops.random.draws import generator, random, seeds

OUTPUTS = [int64, float32, float32]

# -- the ops --------------------------------------------------------------------------------------


def _shapes(true_classes, *, num_true, num_sampled, **_):
    _positive(num_true=num_true, num_sampled=num_sampled)
    if true_classes is None:
        true_classes = (None, num_true)
    if len(true_classes) != 2 or true_classes[1] not in (None, num_true):
        raise ValueError(
            f"true_classes must be a matrix with num_true={num_true} columns, got "
            f"{printed(true_classes)} (Dimensions must be equal)"
        )
    return [(num_sampled,), (true_classes[0], num_true), (num_sampled,)]


def _positive(**numbers):
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} must be at least 1, got {number}")


def _found(xp, sampler, state, true_classes, num_sampled, unique):
    found = sampled(sampler, state, num_sampled, unique, true_classes)
    return [xp.asarray(each) for each in found]


@random("UniformCandidateSampler", shape=_shapes, host=True)
def uniform_op(
    xp, state, true_classes: int64, *, num_true, num_sampled, unique, range_max, seed=0, seed2=0
) -> OUTPUTS:
    """(classes, expected counts of the true classes, of those drawn), each class alike."""
    return _found(xp, Uniform(range_max), state, true_classes, num_sampled, unique)


@random("LogUniformCandidateSampler", shape=_shapes, host=True)
def log_uniform_op(
    xp, state, true_classes: int64, *, num_true, num_sampled, unique, range_max, seed=0, seed2=0
) -> OUTPUTS:
    """(classes, expected counts of the true classes, of those drawn), the first most often."""
    return _found(xp, LogUniform(range_max), state, true_classes, num_sampled, unique)


def _generator_and_counts(operation):
    """The generator's state, followed by a count of 1 for each class."""
    counts = np.ones(operation.attrs["range_max"], np.uint64)
    return np.concatenate([generator(operation), counts])


def _learned(
    xp, state, true_classes: int64, *, num_true, num_sampled, unique, range_max, seed=0, seed2=0
) -> OUTPUTS:
    """(classes, expected counts of the true classes, of those drawn), each class as often as it
    has been a true class so far, and once more."""
    counts = state[3:]
    if true_classes.size and not 0 <= true_classes.min() <= true_classes.max() < range_max:
        raise ValueError(f"true_classes must be in [0, {range_max})")
    sampler = Counted(counts.astype(np.int64))
    found = _found(xp, sampler, state[:3], true_classes, num_sampled, unique)
    np.add.at(counts, true_classes.ravel(), np.uint64(1))
    return found


_LEARNED = {"shape": _shapes, "host": True, "state": _generator_and_counts}
learned_unigram_op = random("LearnedUnigramCandidateSampler", **_LEARNED)(_learned)
thread_unsafe_unigram_op = random("ThreadUnsafeUnigramCandidateSampler", **_LEARNED)(_learned)


@random("FixedUnigramCandidateSampler", shape=_shapes, host=True)
def fixed_unigram_op(
    xp, state, true_classes: int64, *, num_true, num_sampled, unique, range_max, vocab_file="",
    distortion=1.0, num_reserved_ids=0, num_shards=1, shard=0, unigrams=(), seed=0, seed2=0,
) -> OUTPUTS:  # fmt: skip
    """(classes, expected counts of the true classes, of those drawn), by weights that are given.
    """
    weights = tuple(unigrams), vocab_file, distortion, num_reserved_ids, num_shards, shard
    sampler = weighted(*weights)
    if sampler.range_max != range_max:
        raise ValueError(f"range_max={range_max} must be the number of weights, "
                         f"{sampler.range_max}")  # fmt: skip
    return _found(xp, sampler, state, true_classes, num_sampled, unique)


@op("AllCandidateSampler", shape=_shapes, grad=NOT_DIFFERENTIABLE)
def all_op(
    xp, true_classes: int64, *, num_true, num_sampled, unique, seed=0, seed2=0
) -> OUTPUTS:
    """(all classes, ones, ones)."""
    ones = xp.ones(true_classes.shape, np.float32), xp.ones(num_sampled, np.float32)
    return [xp.arange(num_sampled, dtype=np.int64), *ones]


def _hits_shape(true_classes, sampled_candidates, *, num_true, **_):
    if true_classes is not None and (
        len(true_classes) != 2 or true_classes[1] not in (None, num_true)
    ):
        raise ValueError(f"true_classes must be a matrix with num_true={num_true} columns, got "
                         f"{printed(true_classes)} (Dimensions must be equal)")  # fmt: skip
    if sampled_candidates is not None and len(sampled_candidates) != 1:
        raise ValueError(f"sampled_candidates must be a vector, got {printed(sampled_candidates)}")
    return [(None,)] * 3


@op("ComputeAccidentalHits", shape=_hits_shape, grad=NOT_DIFFERENTIABLE, host=True)
def accidental_hits_op(
    xp, true_classes: int64, sampled_candidates: int64, *, num_true, seed=0, seed2=0
) -> [int32, int64, float32]:
    """(rows, places, weights): row i has a true class that is candidate number `places[i]`."""
    place = {int(c): i for i, c in enumerate(sampled_candidates)}
    hits = [(row, place[c]) for row, classes in enumerate(true_classes.tolist())
            for c in classes if c in place]  # fmt: skip
    rows, places = zip(*hits) if hits else ((), ())
    weights = np.full(len(hits), np.finfo(np.float32).min)
    found = np.array(rows, np.int32), np.array(places, np.int64), weights
    return [xp.asarray(each) for each in found]


# -- TF1's functions ------------------------------------------------------------------------------


class Candidates(NamedTuple):
    """What a candidate sampler returns."""

    sampled_candidates: Any
    true_expected_count: Any
    sampled_expected_count: Any


def _sampled(operation, true_classes, num_true, num_sampled, unique, seed, name, **more):
    numbers = {"num_true": num_true, "num_sampled": num_sampled}
    if "range_max" in more:
        numbers["range_max"] = more.pop("range_max")
    for key, number in numbers.items():
        numbers[key] = whole_numbers([number], key)[0]
    _positive(**numbers)
    true_classes = convert_to_tensor(true_classes, name="true_classes", dtype_hint=int64)
    attributes = {**numbers, **more, **seeds(seed), "unique": bool(unique)}
    return Candidates(*operation(true_classes, name=name, **attributes))


def uniform_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None
):
    """(sampled_candidates, true_expected_count, sampled_expected_count): classes in
    [0, range_max), each alike, and how often they and the true classes were to be expected.

    `true_classes` is an int64 matrix [batch, num_true]. With `unique`, the `num_sampled` classes
    differ from each other. The numbers are those that TensorFlow draws with the same seeds.
    """
    return _sampled(uniform_op, true_classes, num_true, num_sampled, unique, seed, name,
                    range_max=range_max)  # fmt: skip


def log_uniform_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None
):
    """As `uniform_candidate_sampler`, class i with the probability
    log((i + 2) / (i + 1)) / log(range_max + 1): for classes in falling order of frequency."""
    return _sampled(log_uniform_op, true_classes, num_true, num_sampled, unique, seed, name,
                    range_max=range_max)  # fmt: skip


def learned_unigram_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, seed=None, name=None
):
    """As `uniform_candidate_sampler`, classes as often as they were true ones in the runs so far,
    and once more. InvalidArgumentError in the run for a true class outside."""
    return _sampled(learned_unigram_op, true_classes, num_true, num_sampled, unique, seed, name,
                    range_max=range_max)  # fmt: skip


def fixed_unigram_candidate_sampler(
    true_classes, num_true, num_sampled, unique, range_max, vocab_file="", distortion=1.0,
    num_reserved_ids=0, num_shards=1, shard=0, unigrams=(), seed=None, name=None,
):  # fmt: skip
    """As `uniform_candidate_sampler`, classes by weights to the power `distortion`.

    The weights are `unigrams`, or the last column of `vocab_file`, whose columns are parted by
    commas; `num_reserved_ids` classes before them are never drawn. Of `num_shards`, the classes of
    one `shard` are taken. ValueError unless one of the two is given.
    """
    if bool(vocab_file) == bool(len(unigrams)):
        raise ValueError("Must provide one of vocab_file and unigrams, and only one.")
    return _sampled(
        fixed_unigram_op, true_classes, num_true, num_sampled, unique, seed, name,
        range_max=range_max, vocab_file=vocab_file, distortion=float(distortion),
        num_reserved_ids=num_reserved_ids, num_shards=num_shards, shard=shard,
        unigrams=[float(weight) for weight in unigrams],
    )  # fmt: skip


def all_candidate_sampler(true_classes, num_true, num_sampled, unique, seed=None, name=None):
    """(sampled_candidates, true_expected_count, sampled_expected_count): all `num_sampled` classes,
    each expected once."""
    return _sampled(all_op, true_classes, num_true, num_sampled, unique, seed, name)


class AccidentalHits(NamedTuple):
    """What `tf.nn.compute_accidental_hits` returns."""

    indices: Any
    ids: Any
    weights: Any


def compute_accidental_hits(true_classes, sampled_candidates, num_true, seed=None, name=None):
    """(indices, ids, weights): where a candidate is a true class of a row.

    `indices` are the rows, `ids` the places of the candidates, `weights` the lowest float32 each.
    """
    true_classes = convert_to_tensor(true_classes, name="true_classes", dtype_hint=int64)
    return AccidentalHits(*accidental_hits_op(
        true_classes, sampled_candidates, num_true=whole_numbers([num_true], "num_true")[0],
        name=name, **seeds(seed),
    ))  # fmt: skip
