"""Assertions about arrays, tensors, shapes and devices."""
from collections.abc import Mapping

import numpy as np

from minitf.core.device import canonical
from minitf.core.eager_tensor import EagerTensor
from minitf.core.ragged import is_ragged
from minitf.core.tensor import Tensor, is_tensor
from minitf.test.ragged import assert_rows

SHOWN = 10  # elements of an array in a message


class ArrayAssertions:
    """A part of `tf.test.TestCase`: tensors are evaluated, AssertionError says what differs."""

    def _array(self, value):
        if is_tensor(value) and not isinstance(value, EagerTensor):
            value = self.evaluate(value)
        try:
            return np.asarray(value)
        except ValueError:  # rows of different lengths
            return np.asarray(value, dtype=object)

    _GetNdArray = _array  # TensorFlow's name: test cases of other libraries call it

    def assertAllClose(self, a, b, rtol=1e-6, atol=1e-6, msg=None):
        """|a - b| <= atol + rtol * |b| for every element; a and b may be nested structures.

        ValueError where just one is a dict. Ragged tensors are compared as nested lists.
        """
        if is_ragged(a) or is_ragged(b):
            return assert_rows(self, a, b, lambda x, y: self.assertAllClose(x, y, rtol, atol), msg)
        self._assert_close(a, b, rtol, atol, "", msg or "")

    def _assert_close(self, a, b, rtol, atol, path, msg):
        a, b = (x._asdict() if hasattr(x, "_asdict") else x for x in (a, b))
        if isinstance(a, Mapping) != isinstance(b, Mapping):
            raise ValueError(f"Can't compare dict to non-dict, a{path} vs b{path}. {msg}")
        if isinstance(a, Mapping):
            keys = f"mismatched keys: a{path} has keys {list(a)}, but b{path} has {list(b)}. {msg}"
            self.assertCountEqual(a, b, keys)
            for key in a:
                self._assert_close(a[key], b[key], rtol, atol, f"{path}[{key}]", msg)
        elif isinstance(a, (list, tuple)) and (_is_uneven(a) or _is_uneven(b)):
            if len(a) != len(b):
                items = f"a{path} has {len(a)} items, but b{path} has {len(b)} items"
                self.fail(f"Mismatched length: {items}. {msg}")
            for i, (x, y) in enumerate(zip(a, b)):
                self._assert_close(x, y, rtol, atol, f"{path}[{i}]", msg)
        else:
            msg = f"Mismatched value: a{path} is different from b{path}. {msg}"
            self._assert_arrays_close(self._array(a), self._array(b), rtol, atol, msg)

    def _assert_arrays_close(self, a, b, rtol, atol, msg):
        self._assert_same_shape(a, b, msg)
        if not np.allclose(a, b, rtol=rtol, atol=atol):
            far = ~np.isclose(a, b, rtol=rtol, atol=atol, equal_nan=True)
            msg += (
                f"\nnot close where = {_where(far)}\nnot close lhs = {a[far]}\n"
                f"not close rhs = {b[far]}\nnot close dif = {np.abs(a[far] - b[far])}\n"
                f"not close tol = {atol + rtol * np.abs(b[far])}\n"
                f"dtype = {a.dtype}, shape = {a.shape}"
            )
            np.testing.assert_allclose(a, b, rtol=rtol, atol=atol, err_msg=msg, equal_nan=True)

    def _assert_same_shape(self, a, b, msg):
        contents = f" Contents: {b}." if b.ndim <= 3 or b.size < 500 else ""
        text = f"Shape mismatch: expected {a.shape}, got {b.shape}.{contents} {msg}"
        self.assertEqual(a.shape, b.shape, text)

    def assertAllCloseAccordingToType(
        self,
        a,
        b,
        rtol=1e-6,
        atol=1e-6,
        float_rtol=1e-6,
        float_atol=1e-6,
        half_rtol=1e-3,
        half_atol=1e-3,
        bfloat16_rtol=1e-2,
        bfloat16_atol=1e-2,
        msg=None,
    ):
        """assertAllClose with the widest tolerance that the types of a and b have."""
        a, b = self._array(a), self._array(b)
        limits = {
            "float32": (float_rtol, float_atol),
            "complex64": (float_rtol, float_atol),
            "float16": (half_rtol, half_atol),
            "bfloat16": (bfloat16_rtol, bfloat16_atol),
        }
        for array in (a, b):
            r, t = limits.get(array.dtype.name, (rtol, atol))
            rtol, atol = max(rtol, r), max(atol, t)
        self.assertAllClose(a, b, rtol=rtol, atol=atol, msg=msg)

    def assertNotAllClose(self, a, b, **kwargs):
        """Some element of a and b is not close, by what assertAllClose takes as well."""
        try:
            self.assertAllClose(a, b, **kwargs)
        except AssertionError:
            return
        raise AssertionError("The two values are close at all elements")

    def assertAllEqual(self, a, b, msg=None):
        """a and b have the same shape and elements; not-a-number equals itself.

        Ragged tensors are compared as nested lists.
        """
        if is_ragged(a) or is_ragged(b):
            return assert_rows(self, a, b, self.assertEqual, msg)
        a, b, msg = self._array(a), self._array(b), msg or ""
        self._assert_same_shape(a, b, msg)
        same = a == b
        if a.dtype.kind == "f":
            same |= np.isnan(a) & np.isnan(b)
        if not np.all(same):
            differ = ~np.asarray(same)
            msg += (
                f"\nnot equal where = {_where(differ)}\nnot equal lhs = {a[differ]}\n"
                f"not equal rhs = {b[differ]}"
            )
            np.testing.assert_array_equal(a, b, err_msg=msg)

    def assertNotAllEqual(self, a, b, msg=None):
        """Some element of a and b differs, or their shapes do."""
        try:
            self.assertAllEqual(a, b, msg)
        except AssertionError:
            return
        raise AssertionError("The two values are equal at all elements")

    # -- ranges --------------------------------------------------------------------------------

    def assertAllGreater(self, a, comparison_target):
        self.assertGreater(np.min(self._array(a)), comparison_target)

    def assertAllLess(self, a, comparison_target):
        self.assertLess(np.max(self._array(a)), comparison_target)

    def assertAllGreaterEqual(self, a, comparison_target):
        self.assertGreaterEqual(np.min(self._array(a)), comparison_target)

    def assertAllLessEqual(self, a, comparison_target):
        self.assertLessEqual(np.max(self._array(a)), comparison_target)

    def assertAllInRange(
        self, target, lower_bound, upper_bound, open_lower_bound=False, open_upper_bound=False
    ):
        """Every element is in the range, whose bounds belong to it unless they are open."""
        target = self._array(target)
        if target.dtype.kind not in "fiu":
            raise AssertionError(
                f"The value of {target} does not have an ordered numeric type, instead it has "
                f"type: {target.dtype}"
            )
        if np.isnan(target).any():
            self._refuse(np.isnan(target), target, "are NaN")
        below = target <= lower_bound if open_lower_bound else target < lower_bound
        above = target >= upper_bound if open_upper_bound else target > upper_bound
        if np.any(below | above):
            start, end = "(" if open_lower_bound else "[", ")" if open_upper_bound else "]"
            where = f"are outside the range {start}{lower_bound}, {upper_bound}{end}"
            self._refuse(below | above, target, where)

    def _refuse(self, wrong, target, what):
        places = np.argwhere(wrong)
        lines = [f"  {place} : {target[tuple(place)]}" for place in places[:SHOWN]]
        lines += ["  ..."] * (len(places) > SHOWN)
        raise AssertionError(
            f"{len(places)} of the {target.size} element(s) {what}. Subscript(s) and value(s) of "
            "the offending elements:\n" + "\n".join(lines)
        )

    def assertAllInSet(self, target, expected_set):
        """Every element is in the set."""
        extra = np.setdiff1d(self._array(target).flatten(), list(expected_set))
        if extra.size:
            raise AssertionError(
                f"{extra.size} unique element(s) are not in the set {expected_set}: {extra}"
            )

    # -- single numbers, text ------------------------------------------------------------------

    def assertNear(self, f1, f2, err, msg=None):
        """|f1 - f2| <= err, of numbers or arrays that hold one."""
        f1, f2 = (np.asarray(number).item() for number in (f1, f2))
        note = f" ({msg})" if msg is not None else ""
        near = f1 == f2 or abs(f1 - f2) <= err
        self.assertTrue(near, f"{f1:f} != {f2:f} +/- {err:f}{note}")

    def assertArrayNear(self, farray1, farray2, err, msg=None):
        """The same for each pair of numbers of two lists."""
        self.assertEqual(len(farray1), len(farray2), msg)
        for f1, f2 in zip(farray1, farray2):
            self.assertNear(float(f1), float(f2), err, msg)

    def assertNDArrayNear(self, ndarray1, ndarray2, err, msg=None):
        """The length of the difference of two arrays is less than err."""
        self.assertTrue(np.linalg.norm(ndarray1 - ndarray2) < err, msg)

    def assertStartsWith(self, actual, expected_start, msg=None):
        if not actual.startswith(expected_start):
            note = f" : {msg!r}" if msg else ""
            self.fail(f"{actual!r} does not start with {expected_start!r}{note}")

    # -- types, shapes, devices ----------------------------------------------------------------

    def assertDTypeEqual(self, target, expected_dtype):
        """The array, or the value of the tensor, has this NumPy type."""
        self.assertEqual(self._array(target).dtype, expected_dtype)

    def assertShapeEqual(self, np_array, tf_tensor, msg=None):
        """A NumPy array (or scalar) has the static shape of a tensor. TypeError for others."""
        if not isinstance(np_array, (np.ndarray, np.generic)):
            raise TypeError("np_array must be a Numpy ndarray or Numpy scalar")
        if not isinstance(tf_tensor, Tensor):
            raise TypeError("tf_tensor must be a Tensor")
        self.assertAllEqual(np_array.shape, tf_tensor.get_shape().as_list(), msg=msg)

    def assertDeviceEqual(self, device1, device2, msg=None):
        """Two names (or DeviceSpecs) mean the same device, however they are written."""
        one, other = canonical(device1), canonical(device2)
        self.assertEqual(one, other, f"Devices {one} and {other} are not equal. {msg}")


def _where(mask):
    return np.nonzero(mask) if np.ndim(mask) else ()


def _is_uneven(values):
    """Whether this is no array of numbers: lists of several lengths, dicts or tensors inside."""
    if not isinstance(values, (list, tuple)):
        return False
    if any(is_tensor(value) or isinstance(value, Mapping) for value in values):
        return True
    try:
        return np.asarray(values).dtype == object
    except (ValueError, TypeError):
        return True
