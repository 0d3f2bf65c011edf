"""Choosing among boxes that overlap: `tf.image.non_max_suppression` and its kin."""
from typing import Any, NamedTuple

import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float16, float32, int32
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import check_rank
from minitf.core.tensor_shape import merge
from minitf.image.shapes import rank_checked
from minitf.image.suppression import combined, suppressed
from minitf.image.suppression_kernel import suppressed_by

Scores = TypeAttr("T", (float16, float32))


def _chosen_count(boxes, scores, max_output_size, *thresholds, **_):
    for number in (np.shape(max_output_size), *thresholds):
        check_rank(number, 0, "max_output_size or a threshold")
    rows, four = rank_checked(boxes, 2, "boxes")
    both = merge((rows,), rank_checked(scores, 1, "scores"))
    if both is False:
        raise ValueError(f"Dimensions must be equal, but are {rows} and {scores[0]}: boxes, scores")
    if four not in (4, None):
        raise ValueError(f"Dimension must be 4 but is {four}: a box is y1, x1, y2, x2")
    return (None,)


def _padded_count(boxes, scores, max_output_size, *_, pad_to_max_output_size=False, **__):
    _chosen_count(boxes, scores, max_output_size)
    known = pad_to_max_output_size and max_output_size is not None
    return (int(np.asarray(max_output_size).item()),) if known else (None,)


Count = TypeAttr("_", (int32,), static=True)
Threshold = TypeAttr("T_threshold", (float16, float32))


def _limits(max_output_size, iou_threshold, score_threshold):
    limit, overlap = int(np.asarray(max_output_size).item()), float(iou_threshold)
    if not 0 <= overlap <= 1:
        raise ValueError(f"iou_threshold must be in [0, 1], got {overlap}")
    return limit, overlap, float(score_threshold)


def _quick(kernel):
    """The trait of an op whose kernel is this, given what chooses."""
    return lambda run, *inputs, **attrs: kernel(suppressed_by(run), *inputs, **attrs)


def _v3(choose, boxes, scores, max_output_size, *thresholds):
    return choose(boxes, scores, *_limits(max_output_size, *thresholds))[0]


@op("NonMaxSuppressionV3", quick=_quick(_v3), shape=_chosen_count, host=True)
def non_max_suppression_v3(
    xp, boxes: Scores, scores: Scores, max_output_size: Count, iou_threshold: Threshold,
    score_threshold: Threshold,
) -> int32:  # fmt: skip
    """The indices of the best boxes of which no two overlap too much, best first."""
    return _v3(suppressed, boxes, scores, max_output_size, iou_threshold, score_threshold)


def _v4(choose, boxes, scores, max_output_size, *thresholds, pad_to_max_output_size):
    limits = _limits(max_output_size, *thresholds)
    found, _ = choose(boxes, scores, *limits)
    return [_filled(found, limits[0], pad_to_max_output_size), np.array(len(found), np.int32)]


@op("NonMaxSuppressionV4", host=True, quick=_quick(_v4),
    shape=lambda *inputs, **attrs: [_padded_count(*inputs, **attrs), ()])  # fmt: skip
def non_max_suppression_v4(
    xp, boxes: Scores, scores: Scores, max_output_size: Count, iou_threshold: Threshold,
    score_threshold: Threshold, *, pad_to_max_output_size=False,
) -> [int32, int32]:  # fmt: skip
    """The same, filled up with zeros; and how many there are."""
    return _v4(suppressed, boxes, scores, max_output_size, iou_threshold, score_threshold,
               pad_to_max_output_size=pad_to_max_output_size)  # fmt: skip


def _filled(found, count, wanted):
    return np.pad(found, (0, count - len(found))) if wanted else found


def _v5(choose, boxes, scores, max_output_size, overlap, least, sigma, *, pad_to_max_output_size):
    limits = _limits(max_output_size, overlap, least)
    found, kept = choose(boxes, scores, *limits, sigma=float(sigma))
    padded = [_filled(each, limits[0], pad_to_max_output_size) for each in (found, kept)]
    return [*padded, np.array(len(found), np.int32)]


@op("NonMaxSuppressionV5", host=True, quick=_quick(_v5),
    shape=lambda *inputs, **attrs: [_padded_count(*inputs, **attrs)] * 2 + [()])  # fmt: skip
def non_max_suppression_v5(
    xp, boxes: Scores, scores: Scores, max_output_size: Count, iou_threshold: Scores,
    score_threshold: Scores, soft_nms_sigma: Scores, *, pad_to_max_output_size=False,
) -> [int32, Scores, int32]:  # fmt: skip
    """The same with scores, which fall where boxes overlap when sigma is positive."""
    return _v5(
        suppressed, boxes, scores, max_output_size, iou_threshold, score_threshold, soft_nms_sigma,
        pad_to_max_output_size=pad_to_max_output_size,
    )  # fmt: skip


@op("NonMaxSuppressionWithOverlaps", shape=lambda *_: (None,), grad=NOT_DIFFERENTIABLE, host=True)
def non_max_suppression_with_overlaps(
    xp, overlaps: float32, scores: float32, max_output_size: int32, overlap_threshold: float32,
    score_threshold: float32,
) -> int32:  # fmt: skip
    """The same, given how much each pair overlaps."""
    if overlaps.ndim != 2 or overlaps.shape[0] != overlaps.shape[1]:
        raise ValueError(f"overlaps must be square, got shape {list(overlaps.shape)}")
    limit = int(np.asarray(max_output_size).item())
    limits = limit, float(overlap_threshold), float(score_threshold)
    return suppressed(None, scores, *limits, overlaps=overlaps)[0]


# -- many classes ---------------------------------------------------------------------------------


def _combined_shapes(boxes, scores, max_output_size_per_class, max_total_size, *_, pad_per_class,
                     clip_boxes):  # fmt: skip
    batch = rank_checked(boxes, 4, "boxes")[0]
    rows, _, classes = rank_checked(scores, 3, "scores")
    total = None
    if max_total_size is not None:
        total = int(np.asarray(max_total_size).item())
    if pad_per_class:
        each = max_output_size_per_class
        each = None if each is None else int(np.asarray(each).item())
        total = None if None in (total, each, classes) else min(total, each * classes)
    batch = rows if batch is None else batch
    return [(batch, total, 4), (batch, total), (batch, total), (batch,)]


def _combined(choose, boxes, scores, max_output_size_per_class, max_total_size, iou_threshold,
              score_threshold, *, pad_per_class, clip_boxes):  # fmt: skip
    per_class, total = (int(np.asarray(n).item()) for n in (max_output_size_per_class,
                                                            max_total_size))  # fmt: skip
    limits = _limits(per_class, iou_threshold, score_threshold)
    size = min(total, per_class * scores.shape[2]) if pad_per_class else total
    batch = len(boxes)
    found = [np.zeros((batch, size, 4), np.float32), *np.zeros((2, batch, size), np.float32)]
    counts = np.zeros(batch, np.int32)
    for image in range(batch):
        best = combined(choose, boxes[image], scores[image], size, limits, clip_boxes)
        counts[image] = len(best[1])
        for all_found, own in zip(found, best):
            all_found[image, : len(own)] = own
    return [*found, counts]


@op("CombinedNonMaxSuppression", shape=_combined_shapes, host=True, quick=_quick(_combined))
def combined_op(
    xp, boxes: float32, scores: float32, max_output_size_per_class: Count, max_total_size: Count,
    iou_threshold: float32, score_threshold: float32, *, pad_per_class=False, clip_boxes=True,
) -> [float32, float32, float32, int32]:  # fmt: skip
    """The best boxes of all classes, for each image, filled up with zeros."""
    return _combined(
        suppressed, boxes, scores, max_output_size_per_class, max_total_size, iou_threshold,
        score_threshold, pad_per_class=pad_per_class, clip_boxes=clip_boxes,
    )  # fmt: skip


# -- TF1's functions ------------------------------------------------------------------------------


class Padded(NamedTuple):
    """What `tf.image.non_max_suppression_padded` returns."""

    selected_indices: Any
    valid_outputs: Any


class Combined(NamedTuple):
    """What `tf.image.combined_non_max_suppression` returns."""

    nmsed_boxes: Any
    nmsed_scores: Any
    nmsed_classes: Any
    valid_detections: Any


def non_max_suppression(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"), name=None
):
    """The indices of the best of `boxes` [boxes, (y1, x1, y2, x2)] by `scores`, best first.

    Of two that overlap by more than `iou_threshold` (intersection over union) the worse one is
    dropped, and so are scores not above `score_threshold`. At most `max_output_size` are chosen.
    Raises ValueError for shapes that do not fit.
    """
    with name_scope(name, "non_max_suppression"):
        limits = _thresholds(iou_threshold, score_threshold)
        return non_max_suppression_v3(*_tensors(boxes, scores), max_output_size, *limits)


def _tensors(boxes, scores):
    # Arrays become float32, as in TensorFlow: only tensors keep their type.
    boxes = convert_to_tensor(boxes, name="boxes", dtype_hint=float32)
    return boxes, convert_to_tensor(scores, name="scores", dtype_hint=boxes.dtype)


def _thresholds(overlap, score, overlap_name="iou_threshold"):
    return (
        convert_to_tensor(overlap, name=overlap_name),
        convert_to_tensor(score, name="score_threshold"),
    )


def non_max_suppression_padded(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"),
    pad_to_max_output_size=False, name=None,
):  # fmt: skip
    """(selected_indices, valid_outputs): as `tf.image.non_max_suppression`, and their number.

    With `pad_to_max_output_size` zeros fill the indices up.
    """
    with name_scope(name, "non_max_suppression_padded"):
        limits = _thresholds(iou_threshold, score_threshold)
        found = non_max_suppression_v4(*_tensors(boxes, scores), max_output_size, *limits,
                                       pad_to_max_output_size=pad_to_max_output_size)  # fmt: skip
        return Padded(*found)


def non_max_suppression_with_scores(
    boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"),
    soft_nms_sigma=0.0, name=None,
):  # fmt: skip
    """(indices, scores): as `tf.image.non_max_suppression`, with the scores.

    With a positive `soft_nms_sigma` boxes that overlap are not dropped: their score falls, to
    exp(-overlap^2 / (2 soft_nms_sigma)) of it.
    """
    with name_scope(name, "non_max_suppression_with_scores"):
        limits = _thresholds(iou_threshold, score_threshold)
        sigma = convert_to_tensor(soft_nms_sigma, name="soft_nms_sigma")
        indices, kept, _ = non_max_suppression_v5(
            *_tensors(boxes, scores), max_output_size, *limits, sigma
        )
        return indices, kept


def non_max_suppression_overlaps(
    overlaps, scores, max_output_size, overlap_threshold=0.5, score_threshold=float("-inf"),
    name=None,
):  # fmt: skip
    """As `tf.image.non_max_suppression`, given how much each box overlaps each, [boxes, boxes]."""
    with name_scope(name, "non_max_suppression_overlaps"):
        limits = _thresholds(overlap_threshold, score_threshold, "overlap_threshold")
        return non_max_suppression_with_overlaps(overlaps, scores, max_output_size, *limits)


def combined_non_max_suppression(
    boxes, scores, max_output_size_per_class, max_total_size, iou_threshold=0.5,
    score_threshold=float("-inf"), pad_per_class=False, clip_boxes=True, name=None,
):  # fmt: skip
    """(boxes, scores, classes, valid detections) of the best boxes of each image of a batch.

    `boxes` are [batch, boxes, 1 or classes, 4], `scores` [batch, boxes, classes]. In each class
    overlapping boxes are dropped as by `tf.image.non_max_suppression`; of what is left the best
    are kept, `max_total_size` (with `pad_per_class` also at most `max_output_size_per_class` times
    the classes), and zeros fill up. `clip_boxes` keeps the corners in [0, 1].
    """
    with name_scope(name, "combined_non_max_suppression"):
        iou_threshold = convert_to_tensor(iou_threshold, dtype=float32, name="iou_threshold")
        score_threshold = convert_to_tensor(score_threshold, dtype=float32, name="score_threshold")
        found = combined_op(
            boxes, scores, max_output_size_per_class, max_total_size, iou_threshold,
            score_threshold, pad_per_class=pad_per_class, clip_boxes=clip_boxes,
        )  # fmt: skip
        return Combined(*found)
