"""`slim.model_analyzer`: how large the variables and the outputs of operations are."""


def tensor_description(var):
    """Type and shape, as in `(float32 1x8x8x1024)`."""
    return f"({var.dtype.name} {'x'.join(str(size) for size in var.get_shape())})"


def _size(tensor):
    """How many elements, 0 where that is not known."""
    return tensor.get_shape().num_elements() or 0


def analyze_ops(graph, print_info=False):
    """The number of elements of all outputs of the graph's operations; `print_info` lists them."""
    if print_info:
        _title("Operations: name -> (type shapes) [size]")
    total_size = 0
    for op in graph.get_operations():
        size = sum(map(_size, op.outputs))
        total_size += size
        if print_info:
            shapes = [tensor_description(each) for each in op.outputs if each.get_shape()]
            print(op.name, "\t->", ", ".join(shapes), f"[{size}]")
    return total_size


def analyze_vars(variables, print_info=False):
    """(number of elements, bytes) of all the variables; `print_info` lists them."""
    if print_info:
        _title("Variables: name (type shape) [size]")
    total_size = total_bytes = 0
    for var in variables:
        size = _size(var)
        total_size += size
        total_bytes += size * var.dtype.size
        if print_info:
            bytes_of = f"[{size}, bytes: {size * var.dtype.size}]"
            print(var.name, tensor_description(var), bytes_of)
    if print_info:
        print(f"Total size of variables: {total_size}")
        print(f"Total bytes of variables: {total_bytes}")
    return total_size, total_bytes


def _title(text):
    print(f"---------\n{text}\n---------")
