"""`tf.keras.wrappers.scikit_learn`: models that scikit-learn can search and validate."""
import copy
import inspect

import numpy as np

from minitf.keras.models import Sequential
from minitf.keras.utils.np_utils import to_categorical


class BaseWrapper:
    """A model that `build_fn` (or the subclass itself, called) makes and compiles.

    `sk_params` are arguments of `build_fn`, `fit`, `predict` and `evaluate`. ValueError for one
    that none of these takes.
    """

    def __init__(self, build_fn=None, **sk_params):
        self.build_fn, self.sk_params = build_fn, sk_params
        self.check_params(sk_params)

    def _builder(self):
        return self.__call__ if self.build_fn is None else self.build_fn

    def check_params(self, params):
        """ValueError for a name that no function takes."""
        functions = (Sequential.fit, Sequential.predict, Sequential.predict_classes,
                     Sequential.evaluate, self._builder())  # fmt: skip
        for name in params:
            takes = any(name in inspect.signature(each).parameters for each in functions)
            if not takes and name != "nb_epoch":
                raise ValueError(f"{name} is not a legal parameter")

    def get_params(self, **params):
        """All arguments: of scikit-learn's protocol."""
        return copy.deepcopy(self.sk_params) | {"build_fn": self.build_fn}

    def set_params(self, **params):
        """Change arguments: of scikit-learn's protocol."""
        self.check_params(params)
        self.sk_params.update(params)
        return self

    def fit(self, x, y, **kwargs):
        """Build the model and train it; its History."""
        build = self._builder()
        self.model = build(**self.filter_sk_params(build))
        if self._is_categorical() and len(y.shape) != 2:
            y = to_categorical(y)
        arguments = copy.deepcopy(self.filter_sk_params(Sequential.fit)) | kwargs
        return self.model.fit(x, y, **arguments)

    def _is_categorical(self):
        loss = self.model.loss
        return getattr(loss, "__name__", loss) == "categorical_crossentropy"

    def filter_sk_params(self, fn, override=None):
        """Those arguments that a function takes, and `override`."""
        names = inspect.signature(fn).parameters
        kept = {name: value for name, value in self.sk_params.items() if name in names}
        return kept | (override or {})


class KerasClassifier(BaseWrapper):
    """A classifier; labels may be any numbers, or one-hot."""

    def fit(self, x, y, **kwargs):
        """Build the model and train it. ValueError for labels of another shape."""
        y = np.array(y)
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        elif y.ndim == 1 or (y.ndim == 2 and y.shape[1] == 1):
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
        else:
            raise ValueError(f"Invalid shape for y: {y.shape}")
        self.n_classes_ = len(self.classes_)
        return super().fit(x, y, **kwargs)

    def predict(self, x, **kwargs):
        """The label of each sample."""
        kwargs = self.filter_sk_params(Sequential.predict_classes, kwargs)
        return self.classes_[self.model.predict_classes(x, **kwargs)]

    def predict_proba(self, x, **kwargs):
        """[samples, classes]: how probable each label is."""
        kwargs = self.filter_sk_params(Sequential.predict_proba, kwargs)
        found = self.model.predict_proba(x, **kwargs)
        return np.hstack([1 - found, found]) if found.shape[1] == 1 else found

    def score(self, x, y, **kwargs):
        """The accuracy. ValueError for a model compiled without that metric."""
        y = np.searchsorted(self.classes_, y)
        kwargs = self.filter_sk_params(Sequential.evaluate, kwargs)
        if self._is_categorical() and len(y.shape) != 2:
            y = to_categorical(y)
        outputs = self.model.evaluate(x, y, **kwargs)
        outputs = outputs if isinstance(outputs, list) else [outputs]
        for name, output in zip(self.model.metrics_names, outputs):
            if name in ("accuracy", "acc"):
                return output
        raise ValueError(
            "The model is not configured to compute accuracy. You should pass "
            '`metrics=["accuracy"]` to the `model.compile()` method.'
        )


class KerasRegressor(BaseWrapper):
    """A model of numbers."""

    def predict(self, x, **kwargs):
        """The output for each sample."""
        kwargs = self.filter_sk_params(Sequential.predict, kwargs)
        return np.squeeze(self.model.predict(x, **kwargs))

    def score(self, x, y, **kwargs):
        """The loss, negative: more is better."""
        loss = self.model.evaluate(x, y, **self.filter_sk_params(Sequential.evaluate, kwargs))
        return -(loss[0] if isinstance(loss, list) else loss)
