"""`tensorflow.python.tools.inspect_checkpoint`: a checkpoint, printed."""
import math
import re

from minitf.train.checkpoint_reader import NewCheckpointReader


def print_tensors_in_checkpoint_file(
    file_name, tensor_name, all_tensors, all_tensor_names=False, count_exclude_pattern=""
):
    """Print what a checkpoint has: the names of its tensors (`all_tensor_names`) with their values
    (`all_tensors`), one tensor, or a line about each; then how many numbers these are, without
    the tensors that the regular expression matches."""
    reader = NewCheckpointReader(file_name)
    if all_tensors or all_tensor_names:
        for name in sorted(reader.get_variable_to_shape_map()):
            print("tensor_name: ", name)
            if all_tensors:
                print(reader.get_tensor(name))
    elif tensor_name:
        print("tensor_name: ", tensor_name)
        print(reader.get_tensor(tensor_name))
    else:
        print(reader.debug_string().decode("utf-8", errors="ignore"))
    print(f"# Total number of params: {_count(reader, count_exclude_pattern)}")


def _count(reader, pattern):
    sizes = {name: math.prod(shape) for name, shape in reader.get_variable_to_shape_map().items()}
    if pattern:
        found = [name for name in sizes if re.search(pattern, name)]
        what = f"{len(found)} tensors ({sum(map(sizes.pop, found))} params)"
        print(f"# Excluding {what} that match {pattern} when counting.")
    return sum(sizes.values())
