"""Adjoints and inverses of `tf.linalg.LinearOperator`s, as operators."""
from minitf.core.graph import name_scope
from minitf.ops.array.joining import concat
from minitf.ops.linalg.bands import adjoint as adjoint_of
from minitf.ops.linalg.linear_operator import LinearOperator
from minitf.ops.math.elementwise import conj


class _OfAnother(LinearOperator):
    """Of one `operator`, whose hints hold for this one, too. ValueError for hints that deny it."""

    WHAT = SUFFIX = ""

    def __init__(self, operator, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name=None):
        self._operator = operator
        given = {"is_non_singular": is_non_singular, "is_self_adjoint": is_self_adjoint,
                 "is_positive_definite": is_positive_definite, "is_square": is_square}
        hints = {hint: self._combined(hint, value) for hint, value in given.items()}
        name = f"{operator.name}{self.SUFFIX}" if name is None else name
        with name_scope(name, values=operator.graph_parents):
            super().__init__(operator.dtype, operator.graph_parents, name=name, **hints)

    operator = property(lambda self: self._operator, doc="The other.")

    def _combined(self, hint, given):
        known = getattr(self.operator, hint)
        if given is not None and known not in (None, given):
            what = hint.removeprefix("is_").replace("_", "-")
            raise ValueError(f"An operator is {what} if and only if its {self.WHAT} is {what}.")
        return known if given is None else given

    def _assert_non_singular(self):
        return self.operator.assert_non_singular()

    def _assert_positive_definite(self):
        return self.operator.assert_positive_definite()

    def _assert_self_adjoint(self):
        return self.operator.assert_self_adjoint()


class LinearOperatorAdjoint(_OfAnother):
    """The adjoint of the matrix of `operator`."""

    WHAT, SUFFIX = "adjoint", "_adjoint"

    def _shape(self):
        sizes = self.operator.shape
        return sizes[:-2].concatenate([sizes[-1], sizes[-2]])

    def _shape_tensor(self):
        sizes = self.operator.shape_tensor()
        return concat([sizes[:-2], [sizes[-1], sizes[-2]]], 0)

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self.operator.matmul(x, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _matvec(self, x, adjoint=False):
        return self.operator.matvec(x, adjoint=not adjoint)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self.operator.solve(rhs, adjoint=not adjoint, adjoint_arg=adjoint_arg)

    def _solvevec(self, rhs, adjoint=False):
        return self.operator.solvevec(rhs, adjoint=not adjoint)

    def _determinant(self):
        return conj(self.operator.determinant())

    def _log_abs_determinant(self):
        return self.operator.log_abs_determinant()

    def _trace(self):
        return conj(self.operator.trace())

    def _to_dense(self):
        return adjoint_of(self.operator.to_dense())

    def _adjoint(self):
        return self.operator


class LinearOperatorInversion(_OfAnother):
    """The inverse of the matrix of `operator`. ValueError for one that has none."""

    WHAT, SUFFIX = "inverse", "_inv"

    def __init__(self, operator, is_non_singular=None, is_self_adjoint=None,
                 is_positive_definite=None, is_square=None, name=None):
        for hint, given in ("is_non_singular", is_non_singular), ("is_square", is_square):
            known = getattr(operator, hint)
            if known is False or given is False:
                raise ValueError(f"operator and supplied hints must have `{hint}` equal to `True` "
                                 f"or `None`.  Found {known}, {given}")  # fmt: skip
        super().__init__(operator, is_non_singular, is_self_adjoint, is_positive_definite,
                         is_square, name)  # fmt: skip

    def _shape(self):
        return self.operator.shape

    def _shape_tensor(self):
        return self.operator.shape_tensor()

    def _matmul(self, x, adjoint=False, adjoint_arg=False):
        return self.operator.solve(x, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _solve(self, rhs, adjoint=False, adjoint_arg=False):
        return self.operator.matmul(rhs, adjoint=adjoint, adjoint_arg=adjoint_arg)

    def _determinant(self):
        return 1.0 / self.operator.determinant()

    def _log_abs_determinant(self):
        return -1.0 * self.operator.log_abs_determinant()

    def _inverse(self):
        return self.operator
