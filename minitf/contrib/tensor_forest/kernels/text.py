"""Strings as numbers, for forests to compare: `ReinterpretStringToFloat`."""
import numpy as np

from minitf.core.dtypes import float32, string
from minitf.core.op import NOT_DIFFERENTIABLE, op
from minitf.ops.array.fingerprints import fingerprint64


@op("ReinterpretStringToFloat", grad=NOT_DIFFERENTIABLE, host=True)
def reinterpret_string_to_float(xp, input_data: string) -> float32:
    """A number for each string, the same for equal ones; TensorFlow's are of another hash."""
    found = [float(fingerprint64(text)) for text in input_data.reshape(-1).tolist()]
    return np.array(found, np.float32).reshape(input_data.shape)
