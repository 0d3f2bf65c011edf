"""tf.train.warm_start: variables that begin with the values of another model's checkpoint."""
from collections import namedtuple

import numpy as np

from minitf import logging
from minitf.core.constant import constant
from minitf.core.graph import get_collection
from minitf.core.graph_keys import GraphKeys
from minitf.ops.array.basics import reshape
from minitf.ops.array.slicing import slice_
from minitf.ops.array.tensor_scatter import tensor_scatter_update
from minitf.ops.state.assign import assign
from minitf.ops.state.initializers import Zeros
from minitf.ops.state.variables import Variable
from minitf.train.checkpoint_utils import init_from_checkpoint, load_checkpoint, load_variable
from minitf.train.object_keys import keys_by_name
from minitf.train.saveables import op_list_to_dict

_FIELDS = ("new_vocab", "new_vocab_size", "num_oov_buckets", "old_vocab", "old_vocab_size",
           "backup_initializer", "axis")  # fmt: skip


class VocabInfo(namedtuple("VocabInfo", _FIELDS)):
    """How the rows (`axis` 0) or columns (1) of a variable come from those of a checkpoint: by the
    words of two files.

    Words that the old file does not have, and out-of-vocabulary buckets, get values of
    `backup_initializer`, zeros if None. ValueError for another axis.
    """

    __slots__ = ()

    def __new__(cls, new_vocab, new_vocab_size, num_oov_buckets, old_vocab, old_vocab_size=-1,
                backup_initializer=None, axis=0):
        if axis not in (0, 1):
            raise ValueError("The only supported values for the axis argument are 0 and 1.  "
                             f"Provided axis: {axis}")  # fmt: skip
        return super().__new__(cls, new_vocab, new_vocab_size, num_oov_buckets, old_vocab,
                               old_vocab_size, backup_initializer, axis)  # fmt: skip


def warm_start(ckpt_to_initialize_from, vars_to_warm_start=".*", var_name_to_vocab_info=None,
               var_name_to_prev_var_name=None):
    """Let the initializers of variables take the values that a checkpoint has for them.

    `vars_to_warm_start`: a regular expression for names of trainable variables, None for those of
    `var_name_to_vocab_info` alone, or a list of expressions for all variables, or of variables.
    `var_name_to_vocab_info` has VocabInfos and `var_name_to_prev_var_name` former names, both by
    the names of variables here. A checkpoint of objects is read by the names that the variables
    had. ValueError for names of these two that no variable has.
    """
    logging.info("Warm-starting from: %s", ckpt_to_initialize_from)
    grouped = _grouped(vars_to_warm_start)
    infos = var_name_to_vocab_info or {}
    former = var_name_to_prev_var_name or _keys(ckpt_to_initialize_from, grouped)
    plain, count = {}, 0
    for name, parts in grouped.items():
        before = former.get(name) or name
        if infos.get(name):
            _start_with_vocabulary(parts, ckpt_to_initialize_from, before, infos[name])
        elif vars_to_warm_start:
            plain[before] = parts[0] if len(parts) == 1 else parts
        else:
            continue
        count += 1
    init_from_checkpoint(ckpt_to_initialize_from, plain)
    logging.info("Warm-started %d variables.", count)
    _check_used("var_name_to_prev_var_name", former, grouped)
    _check_used("var_name_to_vocab_info", infos, grouped)


def _keys(folder_or_file, names):
    """{name: key} of a checkpoint of objects. ValueError for names that it has not."""
    found = keys_by_name(load_checkpoint(folder_or_file))
    if found is None:
        return {}
    missing = set(names) - found.keys()
    if missing:
        raise ValueError(
            "Attempting to warm-start from an object-based checkpoint, but found that the "
            "checkpoint did not contain values for all variables. The following variables were "
            f"missing: {missing}"
        )
    return {name: found[name] for name in names}


def _check_used(what, given, grouped):
    unused = set(given) - set(grouped)
    if unused:
        raise ValueError(
            f"You provided the following variables in {what} that were not used: {unused}.  "
            f"Perhaps you misspelled them?  Here is the list of viable variable names: "
            f"{list(grouped)}"
        )


def _grouped(chosen):
    """{name: the parts of the variable of this name}."""
    grouped = {}
    for variable in _chosen(chosen):
        parts = variable if isinstance(variable, list) else [variable]
        (name, _), = op_list_to_dict(parts).items()
        grouped.setdefault(name, []).extend(parts)
    return grouped


def _chosen(chosen):
    if chosen is None or isinstance(chosen, str):
        logging.info("Warm-starting variables only in TRAINABLE_VARIABLES.")
        return get_collection(GraphKeys.TRAINABLE_VARIABLES, scope=chosen)
    if not isinstance(chosen, list):
        raise ValueError(f"`vars_to_warm_start must be a `list` or `str`.  Given type is "
                         f"{type(chosen)}")  # fmt: skip
    if all(isinstance(item, str) for item in chosen):
        return [v for item in chosen
                for v in get_collection(GraphKeys.GLOBAL_VARIABLES, scope=item)]  # fmt: skip
    if all(isinstance(item, Variable) for item in chosen):
        return chosen
    raise ValueError("If `vars_to_warm_start` is a list, it must be all `Variable` or all `str`.  "
                     f"Given types are {[type(item) for item in chosen]}")  # fmt: skip


# -- by words -------------------------------------------------------------------------------------


def _start_with_vocabulary(parts, checkpoint, former_name, info):
    old = load_variable(checkpoint, former_name)
    whole = _remapped(old, parts, info)
    for part in parts:
        value = whole
        if len(parts) > 1:
            value = slice_(whole, part._save_slice_info.var_offset, part.shape.as_list())
        part._initializer = assign(part, value).op


def _remapped(old, parts, info):
    """The matrix for the new words: rows or columns of the `old` one, or of the initializer."""
    places = _places(info)
    along = old if info.axis == 0 else old.T
    found = np.zeros((len(places), along.shape[1]), old.dtype)
    found[places >= 0] = along[places[places >= 0]]
    missing = np.repeat((places < 0)[:, None], along.shape[1], axis=1)
    if info.axis == 1:
        found, missing = found.T, missing.T
    if not missing.any():
        return constant(found)
    initializer = info.backup_initializer or Zeros()
    where = np.flatnonzero(missing)
    fresh = initializer([len(where), 1], dtype=parts[0].dtype.base_dtype)
    flat = tensor_scatter_update(found.ravel(), where[:, None], reshape(fresh, [-1]))
    return reshape(flat, found.shape)


def _places(info):
    """Where each of the new words, and of the buckets after them, is in the old file, or -1."""
    old = _words(info.old_vocab, info.old_vocab_size)
    numbered = {word: place for place, word in enumerate(old)}
    new = _words(info.new_vocab, info.new_vocab_size)
    found = [numbered.get(word, -1) for word in new]
    return np.array(found + [-1] * info.num_oov_buckets)


def _words(path, count):
    with open(path, "rb") as file:
        lines = file.read().splitlines()
    return lines if count in (-1, None) else lines[:count]
