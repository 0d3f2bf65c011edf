"""The losses that stochastic dual coordinate ascent knows, and their conjugates.

y is the label, p the prediction (what the features give by the weights), a the dual of the example.
Labels of classes are -1 and 1. After Shalev-Shwartz and Zhang 2013, "Stochastic Dual Coordinate
Ascent Methods for Regularized Loss Minimization".
"""
import sys

import numpy as np

NEWTON_STEPS = 10
INFINITE = sys.float_info.max


class _Loss:
    """`dual(y, p, a, norm)` is the dual that is best for an example whose features have the squared
    norm `norm`, by the other weights as they are. `primal` is the loss, `conjugate` that of -a,
    `slope` the derivative by p, and `smoothness` one over a bound of how fast that changes."""

    smoothness = 1.0

    @staticmethod
    def labels(labels):
        """The labels as the loss has them. ValueError for those it is not defined for."""
        return labels


class Squared(_Loss):
    """(p - y)^2 / 2."""

    @staticmethod
    def dual(y, p, a, norm):
        return a + (y - a - p) / (1 + norm)

    @staticmethod
    def primal(y, p):
        return 0.5 * (p - y) ** 2

    @staticmethod
    def conjugate(y, a):
        return a * (0.5 * a - y)

    @staticmethod
    def slope(y, p):
        return p - y


class _OfClasses(_Loss):
    @staticmethod
    def labels(labels):
        wrong = labels[(labels != 0) & (labels != 1)]
        if wrong.size:
            raise ValueError("Only labels of 0.0 or 1.0 are supported right now. Found example "
                             f"with label: {wrong[0]:g}")  # fmt: skip
        return np.where(labels == 0, -1.0, 1.0)


class Logistic(_OfClasses):
    """log(1 + exp(-y p))."""

    smoothness = 4.0

    @staticmethod
    def dual(y, p, a, norm):
        x = np.float64(0)  # a = (1 + tanh(x)) / 2y, found by Newton's steps
        for _ in range(NEWTON_STEPS):
            tanh = np.tanh(x)
            value = -2 * y * x - p - norm * (0.5 * (1 + tanh) / y - a)
            x -= value / (-2 * y - norm * 0.5 * (1 - tanh * tanh) / y)
        return 0.5 * (1 + np.tanh(x)) / y

    @staticmethod
    def primal(y, p):
        return np.logaddexp(0, -y * p)

    @staticmethod
    def conjugate(y, a):
        return _x_log_x(a * y) + _x_log_x(1 - a * y)

    @staticmethod
    def slope(y, p):
        return -y * 0.5 * (1 - np.tanh(0.5 * y * p))


def _x_log_x(x):
    return x * np.log(x) if x > 0 else 0.0


class _Hinge(_OfClasses):
    """max(0, 1 - y p), made smooth where it is between 0 and `gamma` of 1."""

    gamma = 0.0

    @classmethod
    def dual(cls, y, p, a, norm):
        best = a + (y - p - cls.gamma * a) / (norm + cls.gamma)
        if y * best < 0:
            return 0.0
        return y if y * best > 1 else best

    @classmethod
    def conjugate(cls, y, a):
        if not 0 <= y * a <= 1:
            return INFINITE
        return -y * a + 0.5 * cls.gamma * a * a


class Hinge(_Hinge):
    smoothness = 0.0

    @staticmethod
    def primal(y, p):
        return np.maximum(0.0, 1 - y * p)

    @staticmethod
    def slope(y, p):
        return np.where(y * p < 1, -y, 0.0)


class SmoothHinge(_Hinge):
    """(1 - y p)^2 / 2 between 0 and 1, 1/2 - y p below."""

    gamma = 1.0

    @staticmethod
    def primal(y, p):
        missing = np.maximum(1 - y * p, 0)
        return np.where(missing >= 1, missing - 0.5, 0.5 * missing * missing)

    @staticmethod
    def slope(y, p):
        return -y * np.clip(1 - y * p, 0, 1)


class Poisson(_Loss):
    """exp(p) - y p."""

    @staticmethod
    def labels(labels):
        wrong = labels[labels < 0]
        if wrong.size:
            raise ValueError("Only non-negative labels can be used with the Poisson log loss. "
                             f"Found example with label: {wrong[0]:g}")  # fmt: skip
        return labels

    @staticmethod
    def dual(y, p, a, norm):
        x = np.log(y - a) if y > a else np.float64(0)  # a = y - exp(x)
        for _ in range(NEWTON_STEPS):
            exp = np.exp(x)
            x -= (x - p - norm * (y - a - exp)) / (1 + norm * exp)
        return y - np.exp(x)

    @staticmethod
    def primal(y, p):
        return np.exp(p) - y * p

    @staticmethod
    def conjugate(y, a):
        if a > y:
            return INFINITE
        return (y - a) * (np.log(y - a) - 1) if a < y else 0.0

    @staticmethod
    def slope(y, p):
        return np.exp(p) - y


LOSSES = {"logistic_loss": Logistic, "squared_loss": Squared, "hinge_loss": Hinge,
          "smooth_hinge_loss": SmoothHinge, "poisson_loss": Poisson}  # fmt: skip
