"""Which part of a larger variable a variable is, as checkpoints know it."""


class SaveSliceInfo:
    """A part of the variable `full_name` of the shape `full_shape`: it begins at `var_offset`."""

    def __init__(self, full_name=None, full_shape=None, var_offset=None, var_shape=None):
        self.full_name, self.full_shape = full_name, full_shape
        self.var_offset, self.var_shape = var_offset, var_shape

    @property
    def spec(self):
        """The part as a checkpoint is asked for it: "7 2 0,3:0,2" is the first 3 rows of 7."""
        extents = [f"{start},{length}" for start, length in zip(self.var_offset, self.var_shape)]
        return f"{' '.join(map(str, self.full_shape))} {':'.join(extents)}"
