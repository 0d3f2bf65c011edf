"""Rows matched to columns, pixels to components: `tf.contrib.image.bipartite_match`,
`connected_components`."""
import numpy as np

from minitf.core.convert import convert_to_tensor
from minitf.core.dtypes import float32, int32, int64
from minitf.core.graph import name_scope
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.core.schema import TypeAttr
from minitf.core.shape_rules import same
from minitf.ops.math.elementwise import cast


def _matched_shapes(distance_mat, num_valid_rows, *, top_k):
    rows, columns = distance_mat or (None, None)
    return [(rows,), (columns,)]


@op("BipartiteMatch", shape=_matched_shapes, grad=NOT_DIFFERENTIABLE, host=True)
def bipartite_match_op(
    xp, distance_mat: float32, num_valid_rows: float32, *, top_k=-1
) -> [int32, int32]:
    """For each row its column, and for each column its row, or -1: the nearest pair first."""
    if distance_mat.ndim != 2:
        raise ValueError(f"distance_mat must be 2-D, got {list(distance_mat.shape)}")
    if num_valid_rows.size != 1:
        raise ValueError("num_valid_rows argument should be a scalar or single element tensor, got "
                         f"{list(num_valid_rows.shape)}")  # fmt: skip
    rows, columns = distance_mat.shape
    valid = int(num_valid_rows.reshape(()))
    valid = rows if valid < 0 else min(valid, rows)
    left = min(valid, columns) if top_k < 0 else min(top_k, valid, columns)
    of_rows, of_columns = np.full(rows, -1, np.int32), np.full(columns, -1, np.int32)
    for place in np.argsort(distance_mat[:valid], axis=None, kind="stable").tolist():
        if not left:
            break
        row, column = divmod(place, columns)
        if of_rows[row] == of_columns[column] == -1:
            of_rows[row], of_columns[column] = column, row
            left -= 1
    return [of_rows, of_columns]


def bipartite_match(distance_mat, num_valid_rows, top_k=-1, name="bipartite_match"):
    """(for each row of `distance_mat` [rows, columns] its column, for each column its row), int32,
    -1 without one: the nearest pair of all is matched first, then the nearest of the rest.

    The first `num_valid_rows` rows are matched, all if negative, in at most `top_k` pairs.
    """
    return bipartite_match_op(distance_mat, num_valid_rows, top_k=top_k, name=name)


@op("ImageConnectedComponents", shape=same, grad=NOT_DIFFERENTIABLE, host=True)
def image_connected_components(xp, image: TypeAttr("dtype")) -> int64:
    """The components of images [n, height, width], numbered from 1 as they begin; 0 elsewhere."""
    there = image != (b"" if image.dtype == object else 0)
    places = np.arange(image.size).reshape(image.shape)
    ends = [
        (places[first][alike], places[second][alike])
        for first, second in ((np.s_[:, 1:], np.s_[:, :-1]), (np.s_[:, :, 1:], np.s_[:, :, :-1]))
        for alike in [there[first] & (image[first] == image[second])]
    ]
    one, other = (np.concatenate(each) for each in zip(*ends))
    root = _joined(places.reshape(-1), one, other)
    found = np.zeros(image.size, np.int64)
    inside = there.reshape(-1)
    found[inside] = np.unique(root[inside], return_inverse=True)[1] + 1
    return found.reshape(image.shape)


def _joined(root, one, other):
    """For each pixel the first pixel that edges between `one` and `other` connect it with."""
    while True:
        low, high = np.minimum(root[one], root[other]), np.maximum(root[one], root[other])
        apart = low != high
        if not apart.any():
            return root
        np.minimum.at(root, high[apart], low[apart])
        while not np.array_equal(root, root[root]):
            root = root[root]
        one, other = one[apart], other[apart]


def connected_components(images):
    """The components of images [height, width] or [n, height, width]: pixels that touch at their
    sides and have one value other than 0 (or False) are one.

    int32 of the same shape, numbered from 1 in the order of their first pixels, through all
    images; 0 where the image is. TypeError for another rank.
    """
    with name_scope("connected_components"):
        images = convert_to_tensor(images, name="images")
        rank = images.shape.ndims
        if rank not in (2, 3):
            raise TypeError("images should have rank 2 (HW) or 3 (NHW). Static shape is "
                            f"{images.shape}")  # fmt: skip
        if rank == 3:
            return cast(image_connected_components(images), int32)
        return cast(image_connected_components(images[None])[0], int32)
