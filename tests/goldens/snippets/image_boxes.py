"""tf.image: parts of images, boxes drawn and chosen."""

from goldens.kit import error, run, shape, shapes


def _images(np, *sizes):
    return np.random.RandomState(3).uniform(0, 1, sizes or (2, 5, 6, 3)).astype(np.float32)


BOXES = [
    [0.0, 0.0, 1.0, 1.0],
    [0.1, 0.3, 0.8, 0.6],
    [0.9, 0.2, 0.1, 0.8],
    [-0.3, 0.5, 0.4, 1.4],
    [0.33, 0.21, 0.35, 0.9],
]
OF = [0, 1, 1, 0, 1]


def crop_and_resize(tf, np):
    return [
        run(
            tf,
            tf.image.crop_and_resize(_images(np), BOXES, OF, size, method, extrapolation_value=-2),
        )
        for method in ("bilinear", "nearest")
        for size in ((3, 4), (1, 5), (7, 1), (1, 1))
    ]


def crop_and_resize_types(tf, np):
    found = []
    for dtype in ("uint8", "uint16", "int8", "int16", "int32", "int64", "float16", "float64"):
        images = tf.constant((_images(np) * 100).astype(dtype))
        found.append(
            tf.image.crop_and_resize(images, BOXES[:2], box_indices=[0, 1], crop_size=[2, 2])
        )
    return [*shapes(*found), *run(tf, found)]


def crop_and_resize_gradients(tf, np):
    found = []
    for method in ("bilinear", "nearest"):
        for size in ((3, 4), (1, 5), (7, 1)):
            images, boxes = tf.constant(_images(np)), tf.constant(np.float32(BOXES))
            crops = tf.image.crop_and_resize(images, boxes, OF, size, method)
            weights = np.random.RandomState(1).normal(size=crops.shape.as_list()).astype(np.float32)
            found += tf.gradients(crops * weights, [images, boxes])
    return run(tf, found)


def crop_and_resize_gradients_of_types(tf, np):
    found = []
    for dtype in ("float64", "float16", "uint8"):
        images, boxes = tf.constant((_images(np) * 9).astype(dtype)), tf.constant(np.float32(BOXES))
        crops = tf.image.crop_and_resize(images, boxes, OF, [2, 3])
        found += tf.gradients(crops * crops, [images, boxes])
    return [
        [None if each is None else each.dtype.name for each in found],
        run(tf, [each for each in found if each is not None and each.dtype != tf.float16]),
    ]


def crop_and_resize_refused(tf, np):
    images, crop = tf.constant(_images(np)), tf.image.crop_and_resize
    return [
        error(lambda: crop(images[0], BOXES, OF, [2, 2])),
        error(lambda: crop(images, BOXES, OF[:2], [2, 2])),
        error(lambda: crop(images, [[0.0, 1.0]], [0], [2, 2])),
        error(lambda: crop(images, BOXES, OF, [2, 2], "cubic")),
        error(lambda: crop(images, BOXES, OF, [2])),
        error(lambda: run(tf, crop(images, BOXES[:1], [2], [2, 2]))),
        shape(
            crop(
                tf.placeholder(tf.float32),
                tf.placeholder(tf.float32),
                tf.placeholder(tf.int32),
                [2, 3],
            )
        ),
        shape(
            crop(
                images,
                tf.placeholder(tf.float32, [None, 4]),
                tf.placeholder(tf.int32, [None]),
                tf.placeholder(tf.int32, [2]),
            )
        ),
        error(lambda: crop(images, BOXES, OF, [2, 2], box_indices=OF)),
    ]


def glimpses(tf, np):
    images = _images(np, 2, 9, 11, 2)
    offsets = [[0.1, -0.2], [0.0, 0.3]]
    inside = [
        tf.image.extract_glimpse(images, [3, 4], offsets),
        tf.image.extract_glimpse(images, [2, 5], [[0.5, 0.4], [0.3, 0.6]], centered=False),
        tf.image.extract_glimpse(
            images, [3, 3], [[4.0, 5.0], [5.0, 3.0]], centered=False, normalized=False
        ),
        tf.image.extract_glimpse(images, [3, 3], [[1.0, 2.0], [-1.0, 3.0]], normalized=False),
    ]
    return [*shapes(*inside), *run(tf, inside)]


def glimpses_reaching_out(tf, np):
    images = _images(np, 2, 9, 11, 2)
    found = run(tf, tf.image.extract_glimpse(images, [6, 6], [[0.8, 0.9], [-0.7, -0.9]]))
    places = [
        [bool((images[b] == found[b, i, j]).all(-1).any()) for i in range(6) for j in range(6)]
        for b in range(2)
    ]
    return [places, bool(found.min() >= images.min()), bool(found.max() <= images.max())]


def boxes_drawn(tf, np):
    images, boxes = np.full((2, 7, 9, 3), 0.25, np.float32), np.float32(BOXES * 3).reshape(1, 15, 4)
    boxes = np.concatenate([boxes[:, :4], boxes[:, 4:8]])
    found = [
        tf.image.draw_bounding_boxes(images, boxes),
        tf.image.draw_bounding_boxes(images[..., :1], boxes),
        tf.image.draw_bounding_boxes(images, boxes, colors=[[0.1, 0.2, 0.3], [0.4, 0.5, 0.6]]),
    ]
    return [*shapes(*found), *run(tf, found)]


def many_boxes_drawn(tf, np):
    corners = np.random.RandomState(1).uniform(0, 0.7, (1, 12, 2))
    boxes = np.concatenate([corners, corners + 0.3], 2).astype(np.float32)
    return run(tf, tf.image.draw_bounding_boxes(np.zeros((1, 12, 14, 4), np.float32), boxes))


def boxes_drawn_refused(tf, np):
    images = tf.constant(_images(np))
    draw = tf.image.draw_bounding_boxes
    return [
        error(lambda: draw(images[0], [[[0.0, 0.0, 1.0, 1.0]]])),
        error(lambda: draw(images, tf.zeros([2, 1, 3]))),
        error(lambda: run(tf, draw(images[..., :2], tf.zeros([2, 1, 4])))),
        error(lambda: run(tf, draw(images, tf.zeros([3, 1, 4])))),
        tf.gradients(draw(images, tf.zeros([2, 1, 4])), images) == [None],
    ]


def _distorted(tf, count=4, **options):
    found = tf.image.sample_distorted_bounding_box(**options)
    with tf.Session() as sess:
        return [list(sess.run(list(found))) for _ in range(count)]


def distorted_boxes(tf, np):
    boxes = [[[0.1, 0.2, 0.5, 0.9], [0.5, 0.5, 0.8, 0.8]]]
    size = [60, 80, 3]
    return [
        _distorted(tf, image_size=size, bounding_boxes=boxes, seed=3, seed2=5),
        _distorted(
            tf, image_size=size, bounding_boxes=boxes, seed=1, seed2=0, min_object_covered=0.7
        ),
        _distorted(
            tf,
            image_size=size,
            bounding_boxes=boxes,
            seed=2,
            seed2=9,
            aspect_ratio_range=[0.5, 2.0],
            area_range=[0.3, 0.6],
            max_attempts=50,
        ),
        _distorted(
            tf,
            image_size=[299, 299, 3],
            bounding_boxes=np.zeros([1, 0, 4], np.float32),
            seed=2,
            seed2=9,
            use_image_if_no_bounding_boxes=True,
        ),
        _distorted(
            tf,
            image_size=size,
            bounding_boxes=boxes,
            seed=3,
            seed2=5,
            area_range=[0.0001, 0.0002],
            min_object_covered=1.0,
            max_attempts=3,
        ),
    ]


def distorted_boxes_of_other_types(tf, np):
    boxes = [[[0.1, 0.2, 0.5, 0.9]]]
    size = tf.constant([60, 80, 3], tf.int64)
    begin, extent, box = tf.image.sample_distorted_bounding_box(size, boxes, seed=4, seed2=4)
    none = tf.image.sample_distorted_bounding_box(size, tf.zeros([1, 0, 4]))
    wrong = tf.image.sample_distorted_bounding_box(size, [[[0.1, 0.2, 0.5, 1.9]]])
    return [
        *shapes(begin, extent, box),
        begin.dtype.name,
        extent.dtype.name,
        box.dtype.name,
        *run(tf, [begin, extent, box]),
        error(lambda: run(tf, list(none))),
        error(lambda: run(tf, list(wrong))),
    ]


def _candidates(np):
    corners = np.random.RandomState(2).uniform(0, 3, (30, 2))
    boxes = np.concatenate(
        [corners, corners + np.random.RandomState(4).uniform(0.5, 2, (30, 2))], 1
    )
    scores = np.random.RandomState(5).uniform(0, 1, 30).astype(np.float32)
    scores[3] = scores[7] = scores[11]
    return boxes.astype(np.float32), scores


def suppression(tf, np):
    boxes, scores = _candidates(np)
    turned = boxes[:, [2, 1, 0, 3]]
    choose = tf.image.non_max_suppression
    found = [
        choose(boxes, scores, 30),
        choose(boxes, scores, 4),
        choose(boxes, scores, 30, 0.1),
        choose(boxes, scores, 30, 0.5, 0.4),
        choose(turned, scores, 30),
        choose(boxes, scores, 0),
        choose(boxes.astype(np.float16), scores.astype(np.float16), 9),
    ]
    return [*shapes(*found), *run(tf, found)]


def suppression_padded(tf, np):
    boxes, scores = _candidates(np)
    choose = tf.image.non_max_suppression_padded
    found = [
        *choose(boxes, scores, 25, 0.3, pad_to_max_output_size=True),
        *choose(boxes, scores, 25, 0.3),
    ]
    return [*shapes(*found), *run(tf, found)]


def suppression_with_scores(tf, np):
    boxes, scores = _candidates(np)
    choose = tf.image.non_max_suppression_with_scores
    found = [
        *choose(boxes, scores, 25, 0.3),
        *choose(boxes, scores, 25, 1.0, 0.05, 0.5),
        *choose(boxes, scores, 25, 0.5, 0.0, 0.2),
    ]
    return [*shapes(*found), *run(tf, found)]


def suppression_by_overlaps(tf, np):
    _, scores = _candidates(np)
    overlaps = np.abs(scores[:, None] - scores[None]).astype(np.float32)
    found = [
        tf.image.non_max_suppression_overlaps(overlaps, scores, 20, 0.8),
        tf.image.non_max_suppression_overlaps(overlaps, scores, 20, 0.3, 0.2),
    ]
    return [*shapes(*found), *run(tf, found)]


def suppression_refused(tf, np):
    boxes, scores = _candidates(np)
    choose = tf.image.non_max_suppression
    return [
        error(lambda: choose(boxes, scores[:3], 3)),
        error(lambda: choose(boxes[:, :3], scores, 3)),
        error(lambda: run(tf, choose(boxes, scores, 3, 1.5))),
        error(lambda: run(tf, choose(boxes, scores, -3))),
        error(lambda: choose(boxes, scores, [3, 3])),
    ]


def suppression_combined(tf, np):
    boxes, scores = _candidates(np)
    boxes = boxes.reshape(2, 15, 1, 4) / 4
    scores = np.stack([scores, scores[::-1]], 1).reshape(2, 15, 2)
    both = np.concatenate([boxes, boxes * 1.5], 2)
    choose = tf.image.combined_non_max_suppression
    found = [
        *choose(boxes, scores, 3, 8),
        *choose(both, scores, 3, 4, 0.2, 0.3),
        *choose(both, scores, 3, 20, pad_per_class=True, clip_boxes=False),
    ]
    return [*shapes(*found), *run(tf, found)]


def suppression_at_the_threshold(tf, np):
    boxes, scores = (
        np.float32([[0, 0, 2, 2], [0, 0, 2, 1], [0, 0, 0, 3], [5, 5, 5, 5]]),
        np.float32([4, 3, 2, 1]),
    )
    overlaps = np.float32([[1, 0.5, 0], [0.5, 1, 0.3], [0, 0.3, 1]])
    choose = tf.image.non_max_suppression
    return run(
        tf,
        [
            choose(boxes, scores, 9, 0.5),
            choose(boxes, scores, 9, 0.0),
            choose(boxes, scores, 9, 1.0),
            choose(boxes, scores, 9, 0.49),
            choose(boxes, scores, 9, 0.51),
            tf.image.non_max_suppression_overlaps(overlaps, scores[:3], 8, 0.5),
        ],
    )
