"""What the snippets about tf.data share."""


def elements(tf, dataset, most=60, shot=False):
    """All elements of a dataset, up to a number, as lists."""
    make = dataset.make_one_shot_iterator if shot else dataset.make_initializable_iterator
    iterator = make()
    following, found = iterator.get_next(), []
    with tf.Session() as sess:
        if not shot:
            sess.run(tf.global_variables_initializer())
            sess.run(iterator.initializer)
        try:
            while len(found) < most:
                found.append(listed(sess.run(following)))
        except tf.errors.OutOfRangeError:
            found.append("end")
    return found


def listed(value):
    if isinstance(value, dict):
        return {key: listed(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [type(value).__name__, *map(listed, value)]
    return value.tolist() if hasattr(value, "tolist") else value


def known(dataset):
    """What a dataset says of its elements; Python 3.12 has another text for an OrderedDict."""
    texts = [repr(dataset), str(dataset.output_types), str(dataset.output_shapes)]
    if "OrderedDict" not in texts[1]:
        return texts
    parts = dataset.output_types, dataset.output_shapes
    return [
        [str(list(each.items())) if isinstance(each, dict) else str(each)
         for each in (part if isinstance(part, tuple) else [part])] for part in parts
    ]  # fmt: skip
