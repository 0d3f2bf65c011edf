"""What a row of tests/cases.py gives, as JSON; the same code under minitf and TensorFlow 1.15.

It runs on Python 3.7 and later and knows nothing but the row and the `tf` it is given. Arrays of
more than FULL elements are kept as their first ones and sums of all of them, each times a wave.
"""

import math

import numpy as np

FULL, HEAD, WAVES = 16, 4, 3
DIGITS = {"float64": 9, "complex128": 9}
OTHER_DIGITS = 7


def observed(case, tf, compiled=None):
    """{"inputs", "given", "narrow"}: with the inputs as they are, and in single precision.

    `compiled(build, places)` is a second way to run what has no kernel of its own.
    """
    inputs = [np.asarray(value) for value in case.inputs]
    found = {"inputs": [fingerprint(value) for value in inputs]}
    found["given"] = seen(Run(case, inputs, tf), compiled)
    narrow = [narrowed(value) for value in inputs]
    if any(one.dtype != other.dtype for one, other in zip(inputs, narrow)):
        found["narrow"] = seen(Run(case, narrow, tf), compiled)
    return found


def narrowed(value):
    single = {"float64": np.float32, "complex128": np.complex64}.get(value.dtype.name)
    return value if single is None else value.astype(single)


def attempted(function, *arguments):
    """What it returns, or {"raises": the exception's name, "why": which kind of lack that is}."""
    try:
        return function(*arguments)
    except Absent as absent:
        return {"raises": "Absent", "why": str(absent)}
    except Exception as raised:
        return {"raises": type(raised).__name__, "why": kind_of(str(raised))}


class Absent(Exception):
    """TensorFlow has no such op or function."""


TYPE, LAYOUT, DILATION = (
    "no kernel for the type", "no kernel for the layout", "no kernel for the dilation",
)  # fmt: skip


def kind_of(message):
    """Which lack of TensorFlow's kernels for a CPU the message tells of, else nothing."""
    if "No OpKernel was registered" in message or "not in list of allowed values" in message:
        return TYPE
    if "dilat" in message:
        return DILATION
    layouts = ("NHWC", "NDHWC", "NCHW", "NCDHW", "data format", "not yet supported on the CPU")
    return LAYOUT if any(part in message for part in layouts) else ""


# -- one run --------------------------------------------------------------------------------------


def seen(run, compiled):
    """{"static", "loose", "rankless", "outputs", "gradients"}; "raises" instead of the last two
    where the row cannot be built or run."""
    found = {
        "static": attempted(run.static, list),
        "loose": attempted(run.static, lambda sizes: [None] * len(sizes)),
    }
    if not run.case.ranked:
        found["rankless"] = attempted(run.static, lambda sizes: None)
    values = rescued(run.outputs, compiled)
    if isinstance(values, dict):
        return dict(found, **values)
    found["outputs"] = [encoded(value) for value in values]
    if any(is_inexact(value) for value in run.inputs) and any(is_inexact(v) for v in values):
        found["gradients"] = rescued(lambda way: run.gradients(values, way), compiled)
    return found


def rescued(function, compiled):
    """What the function gives, if need be the second way."""
    found = attempted(function, lambda build, places: build(*places))
    if compiled and isinstance(found, dict) and found["why"] in (LAYOUT, DILATION):
        again = attempted(function, compiled)
        return found if isinstance(again, dict) else again
    return found


class Run:
    """A row with these inputs; each method builds a graph of its own."""

    def __init__(self, case, inputs, tf):
        self.case, self.inputs, self.tf = case, inputs, tf

    def build(self, *places):
        outputs = self.case.build(*places)
        outputs = list(outputs) if isinstance(outputs, (list, tuple)) else [outputs]
        return [self.tf.convert_to_tensor(output) for output in outputs]

    def places(self, shape):
        self.tf.reset_default_graph()
        return [self.tf.placeholder(value.dtype, shape(value.shape)) for value in self.inputs]

    def values(self, build, way):
        places = self.places(list)
        fetches = list(way(build, places))
        with self.tf.Session() as sess:
            found = sess.run(fetches, dict(zip(places, self.inputs))) if fetches else []
        return [np.asarray(value) for value in found]

    def static(self, shape):
        outputs = self.build(*self.places(shape))
        return [None if y.shape.ndims is None else y.shape.as_list() for y in outputs]

    def outputs(self, way):
        return self.values(self.build, way)

    def gradients(self, values, way):
        """Those of the projected outputs by each float or complex input; None where nothing
        flows."""
        flows = []

        def build(*places):
            dxs = self.differentiated(places, values)
            flows[:] = [dx is not None for dx in dxs]
            return [self.tf.convert_to_tensor(dx) for dx in dxs if dx is not None]

        found = iter(self.values(build, way))
        return [encoded(next(found)) if flow else None for flow in flows]

    def differentiated(self, places, values):
        terms = [
            projected(y, value, n, self.tf)
            for n, (y, value) in enumerate(zip(self.build(*places), values))
            if is_inexact(value)
        ]
        xs = [x for x, value in zip(places, self.inputs) if is_inexact(value)]
        return self.tf.gradients(self.tf.add_n(terms), xs)


def projected(y, value, n, tf):
    """A float64 scalar: the elements of output number n, each times its weight, added up; the real
    part of that."""
    weights = wave(value.size, 1.0 + n).reshape(value.shape)
    if value.dtype.kind == "c":
        weights = weights + 1j * wave(value.size, 1.5 + n).reshape(value.shape)
    return tf.cast(tf.reduce_sum(y * tf.constant(weights, y.dtype)), tf.float64)


def is_inexact(value):
    return value.dtype.kind in "fc"


def wave(size, start):
    """Weights that every NumPy gives alike."""
    return np.cos(start + np.arange(size))


# -- arrays ---------------------------------------------------------------------------------------


def encoded(value):
    """{"dtype", "shape", "values"}, or for a larger one "head", "sums" and "scale"."""
    value = np.asarray(value)
    found = {"dtype": name_of(value.dtype), "shape": list(value.shape)}
    digits = DIGITS.get(value.dtype.name, OTHER_DIGITS)
    if value.size <= FULL or value.dtype.kind in "OSU":
        found["values"] = [element(item, digits) for item in parts(value).tolist()]
        return found
    found["head"] = [element(item, digits) for item in parts(value).tolist()[:HEAD]]
    sums, scale = summed(value)
    found["sums"] = [rounded(number, digits) for number in sums]
    found["scale"] = rounded(scale, 3)
    return found


def name_of(dtype):
    return "bytes" if dtype.kind in "OSU" else dtype.name


def parts(value):
    """The elements one after the other; of a complex one first the real part, then the other."""
    flat = value.ravel()
    return np.stack([flat.real, flat.imag], -1).ravel() if value.dtype.kind == "c" else flat


def summed(value):
    """(the sums, that of the sizes of their terms)."""
    flat = np.array(parts(value), np.float64)
    flat[np.isnan(flat)] = 3.0
    flat = np.where(np.isinf(flat), 5.0 * np.sign(flat), flat)
    return [float((flat * wave(flat.size, k)).sum()) for k in range(WAVES)], float(abs(flat).sum())


def fingerprint(value):
    """Enough to know an input again."""
    if value.dtype.kind in "OSU":
        return ["bytes", list(value.shape)]
    return [value.dtype.name, list(value.shape), rounded(summed(value)[0][1], 6)]


def element(item, digits):
    if isinstance(item, bytes):
        return item.decode("latin-1")
    return rounded(item, digits) if isinstance(item, float) else item


def rounded(number, digits):
    return float("{:.{}g}".format(number, digits)) if math.isfinite(number) else repr(number)


# -- comparison -----------------------------------------------------------------------------------


def differences(ours, theirs, tolerance, where="array"):
    """What parts an encoded array from the recorded one, one line each; empty when they agree."""
    if ours is None or theirs is None or "raises" in theirs or "raises" in ours:
        return [] if ours == theirs else [line(where, ours, theirs)]
    for key in ("dtype", "shape"):
        if ours[key] != theirs[key]:
            return [line(where + "." + key, ours[key], theirs[key])]
    apart = []
    for key in ("values", "head"):
        for one, other in zip(ours.get(key, ()), theirs.get(key, ())):
            if not near(one, other, tolerance):
                apart.append(line(where + "." + key, ours[key], theirs[key]))
                break
    for one, other in zip(ours.get("sums", ()), theirs.get("sums", ())):
        if not abs(one - other) <= tolerance * (1 + theirs["scale"]):
            apart.append(line(where + ".sums", ours["sums"], theirs["sums"]))
            break
    return apart


def near(one, other, tolerance):
    if isinstance(other, float) and isinstance(one, float):
        return abs(one - other) <= tolerance * (1 + abs(other))
    return one == other


def line(where, ours, theirs):
    return f"{where}: got {ours!r}, TensorFlow gives {theirs!r}"
