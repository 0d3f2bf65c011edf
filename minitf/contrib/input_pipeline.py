"""`tf.contrib.input_pipeline`: strings one after another, of which a variable keeps count."""
import random

from minitf.core.constant import constant
from minitf.core.dtypes import int64, string
from minitf.core.graph import colocate_with, control_dependencies
from minitf.ops.array.basics import size
from minitf.ops.array.indexing import gather
from minitf.ops.math.elementwise import floor_mod
from minitf.ops.state.assign import assign
from minitf.ops.state.variable_scope import get_variable, variable_scope


def obtain_next(string_list_tensor, counter):
    """The string after the one whose number `counter` is, an int64 variable, which moves on; after
    the last the first."""
    following = floor_mod(counter + 1, size(string_list_tensor, out_type=int64))
    return gather(string_list_tensor, assign(counter, following), name="ObtainNext")


def seek_next(string_list, shuffle=False, seed=None, num_epochs=None):
    """One string of a list after another, `num_epochs` times, or without end: shuffled anew for
    each time, if it is asked for. Variables in the scope `obtain_next` keep the list and count."""
    if shuffle and seed:
        random.seed(seed)
    epochs = []
    for _ in range(num_epochs or 1):
        if shuffle:
            random.shuffle(string_list)
        epochs += string_list
    with variable_scope("obtain_next"):
        counter = _count("obtain_next_counter", -1)
        with colocate_with(counter):
            strings = get_variable("obtain_next_expanded_list", initializer=constant(epochs),
                                   dtype=string, trainable=False)  # fmt: skip
        if not num_epochs:
            return obtain_next(strings, counter)
        taken = _count("obtain_next_filename_counter", 0)
        with control_dependencies([taken.count_up_to(len(epochs))]):
            return obtain_next(strings, counter)


def _count(name, first):
    return get_variable(name, initializer=constant(first, int64), dtype=int64, trainable=False)
