"""`tf.contrib.tensorrt`: programs import it, whether they use it or not."""
from typing import Any, NoReturn

from minitf.core.errors import UnimplementedError


def create_inference_graph(*args: Any, **kwargs: Any) -> NoReturn:
    """UnimplementedError: there is no TensorRT here."""
    raise UnimplementedError(None, None, "There is no TensorRT here: run the graph as it is")
