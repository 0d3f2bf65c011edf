"""Names of before TensorFlow 1.0, and some of soon after, that programs carry still: `tf.mul`.

Each is one line: the old path, and what it is now. They are found when they are asked for, so
`dir(tf)` does not list them; the first call of each logs a warning that says what to write.
"""
from __future__ import annotations

import functools
import importlib
import sys
from inspect import Parameter, Signature
from types import ModuleType
from typing import Any, NamedTuple

from minitf.core.deprecation import warn_once


class Former(NamedTuple):
    """What a name is now. `old` are the parameters that it had, `now` what they are called now;
    without them they are the same.
    """

    new: str
    old: str = ""
    now: str = ""


NAMES = {
    # arithmetic
    "mul": Former("multiply"),
    "sub": Former("subtract"),
    "neg": Former("negative"),
    "inv": Former("reciprocal"),
    "complex_abs": Former("abs"),
    "select": Former("where", "condition t e name", "condition x y name"),
    "listdiff": Former("setdiff1d", "x y out_idx name", "x y index_dtype name"),
    # arrays
    "pack": Former("stack"),
    "unpack": Former("unstack"),
    "concat_v2": Former("concat"),
    # batches of matrices
    "batch_matmul": Former("matmul", "x y adj_x adj_y name", "a b adjoint_a adjoint_b name"),
    "batch_matrix_transpose": Former("matrix_transpose"),
    "batch_matrix_diag": Former("matrix_diag"),
    "batch_matrix_diag_part": Former("matrix_diag_part"),
    "batch_matrix_set_diag": Former("matrix_set_diag"),
    "batch_matrix_band_part": Former("matrix_band_part"),
    "batch_matrix_determinant": Former("matrix_determinant"),
    "batch_matrix_inverse": Former("matrix_inverse"),
    "batch_matrix_solve": Former("matrix_solve"),
    "batch_matrix_solve_ls": Former("matrix_solve_ls"),
    "batch_matrix_triangular_solve": Former("matrix_triangular_solve"),
    "batch_cholesky": Former("cholesky"),
    "batch_cholesky_solve": Former("cholesky_solve"),
    "batch_self_adjoint_eig": Former("self_adjoint_eig"),
    "batch_self_adjoint_eigvals": Former("self_adjoint_eigvals"),
    "batch_svd": Former("svd"),
    "batch_fft": Former("fft"),
    "batch_fft2d": Former("fft2d"),
    "batch_fft3d": Former("fft3d"),
    "batch_ifft": Former("ifft"),
    "batch_ifft2d": Former("ifft2d"),
    "batch_ifft3d": Former("ifft3d"),
    # variables
    "all_variables": Former("global_variables"),
    "initialize_all_tables": Former("tables_initializer"),
    "initialize_all_variables": Former("global_variables_initializer"),
    "initialize_local_variables": Former("local_variables_initializer"),
    "initialize_variables": Former("variables_initializer"),
    # summaries
    "scalar_summary": Former("summary.scalar", "tags values collections",
                             "name tensor collections"),
    "histogram_summary": Former("summary.histogram", "tag values collections",
                                "name values collections"),
    "image_summary": Former("summary.image", "tag tensor max_images collections",
                            "name tensor max_outputs collections"),
    "audio_summary": Former("summary.audio", "tag tensor sample_rate max_outputs collections",
                            "name tensor sample_rate max_outputs collections"),
    "merge_summary": Former("summary.merge"),
    "merge_all_summaries": Former("summary.merge_all"),
    "train.SummaryWriter": Former("summary.FileWriter"),
    # networks
    "nn.deconv2d": Former("nn.conv2d_transpose"),
    "nn.rnn": Former("nn.static_rnn"),
    "nn.bidirectional_rnn": Former("nn.static_bidirectional_rnn"),
    "nn.state_saving_rnn": Former("nn.static_state_saving_rnn"),
    "nn.seq2seq": Former("contrib.legacy_seq2seq"),
    "image.per_image_whitening": Former("image.per_image_standardization"),
    # tf.contrib
    "contrib.data.Dataset": Former("data.Dataset"),
    "contrib.data.FixedLengthRecordDataset": Former("data.FixedLengthRecordDataset"),
    "contrib.data.Iterator": Former("data.Iterator"),
    "contrib.data.TextLineDataset": Former("data.TextLineDataset"),
    "contrib.data.TFRecordDataset": Former("data.TFRecordDataset"),
    "contrib.rnn.core_rnn_cell": Former("contrib.rnn"),
}  # fmt: skip


@functools.cache
def find(path: str) -> Any:
    """What `tf.<path>` was. None when it never was a name, or when what it is now is absent."""
    if path == "python":
        return _internals().module("minitf.python")
    former = NAMES.get(path)
    target = None if former is None else current(former.new)
    if former is None or target is None:
        return None
    if isinstance(target, (type, ModuleType)):  # nothing that is called: it is warned of now
        _warn(path, former)
        return target
    return _function(path, former, target)


def current(path: str) -> Any:
    """`tf.<path>`, None when minitf has it not."""
    found: Any = sys.modules["minitf"]  # not an import: minitf is above this file
    for part in path.split("."):
        found = getattr(found, part, None)
    return found


def _internals() -> Any:
    return importlib.import_module("minitf.as_tensorflow.internals")


def _warn(path: str, former: Former) -> None:
    warn_once(f"tf.{path}", f"tf.{former.new}")


def _function(path: str, former: Former, target: Any) -> Any:
    def function(*args: Any, **kwargs: Any) -> Any:
        _warn(path, former)
        return target(*args, **kwargs)

    def translated(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind_partial(*args, **kwargs).arguments
        _warn(path, former)
        return target(**{now[name]: value for name, value in given.items()})

    names = former.old.split()
    now = dict(zip(names, former.now.split(), strict=True))
    signature = Signature([Parameter(name, Parameter.POSITIONAL_OR_KEYWORD) for name in names])
    result = translated if names else function
    result.__name__ = result.__qualname__ = path.rpartition(".")[2]
    result.__doc__ = f"What `tf.{former.new}` was called."
    return result
