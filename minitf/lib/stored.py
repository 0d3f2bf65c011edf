"""What readers of checkpoints of either format have in common."""
import numpy as np

from minitf.core.alike import alike
from minitf.core.bfloat16 import of_bits
from minitf.core.errors import InvalidArgumentError, UnimplementedError
from minitf.lib.tensor_slice import Slice, overlap


class Stored:
    """The tensors of a checkpoint. A format gives `names`, `has`, `described` and `read`."""

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.close()

    def tensor(self, name, part=None):
        """The tensor of this name, or this part of it, as an array; text as objects that are bytes,
        bfloat16 as float32."""
        _, shape, _ = self.described(name)
        return self.read(name, (part or Slice.whole(len(shape))).within(shape))

    def number_type(self, name, dtype):
        """The NumPy type of what is stored. UnimplementedError for what are no numbers."""
        if dtype.name == "bfloat16":
            return np.dtype("<u2")
        if dtype.name in ("resource", "variant"):
            raise UnimplementedError(None, None, f"tensor '{name}' is a {dtype.name}, of which a "
                                     "checkpoint cannot tell what it is here.")  # fmt: skip
        return dtype.numpy.newbyteorder("<")

    def widened(self, values, dtype):
        if dtype.name != "bfloat16":
            return values
        return of_bits(values)

    def joined(self, name, wanted, parts, read):
        """The part `wanted` of a tensor of which `parts` are stored; `read(part)` gives one."""
        if wanted in parts:
            return read(wanted)
        found, missing = None, int(np.prod(wanted.shape, dtype=np.int64))
        for part in parts:
            places = overlap(wanted, part)
            if places is not None:
                piece = read(part)[places[1]]
                found = np.empty(wanted.shape, piece.dtype) if found is None else found
                found[places[0]] = piece
                missing -= piece.size
        if missing > 0 or found is None:
            raise InvalidArgumentError(
                None, None, "Does not have sufficient slices for partitioned tensor "
                f"{name} to restore in slice_spec: {wanted}; it has "
                f"{', '.join(map(str, parts))}."
            )  # fmt: skip
        return found

    def alike(self, name):
        """At most three names that are spelt much like this one, or end as it does."""
        names, last = self.names, name.rsplit("/", 1)[-1]
        near = alike(name, names)
        near += [each for each in names if each.rsplit("/", 1)[-1] == last]
        return list(dict.fromkeys(near))[:3]
