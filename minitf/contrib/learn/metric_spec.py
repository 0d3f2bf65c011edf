"""tf.contrib.learn.MetricSpec: a metric, and what it is of."""
import functools
import inspect

_NAMES = {
    "labels": ("labels", "label", "targets", "target"),
    "predictions": ("predictions", "prediction", "logits", "logit"),
    "weights": ("weights", "weight"),
}


class MetricSpec:
    """A metric, `metric_fn`, and which of several predictions and labels it is of.

    Its arguments are given by their names, `predictions`, `labels` and `weights` or the like;
    predictions by place where it has none of these names, and labels not at all. ValueError for
    several names of one kind, and for none where a `label_key` or `weight_key` needs it.
    """

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        self.prediction_key, self.label_key, self.weight_key = prediction_key, label_key, weight_key
        self._name = _name(metric_fn)
        needed = {"labels": label_key is not None, "weights": weight_key is not None}
        self.metric_fn = _by_name(metric_fn, self._name, needed)

    def __str__(self):
        return (f"MetricSpec(metric_fn={self._name}, prediction_key={self.prediction_key}, "
                f"label_key={self.label_key}, weight_key={self.weight_key})")  # fmt: skip

    def create_metric_ops(self, inputs, labels, predictions):
        """(value, update). ValueError where a key is needed, or given for what is no dict."""
        predictions = _of_key("prediction", predictions, self.prediction_key)
        labels = _of_key("label", labels, self.label_key)
        weights = inputs[self.weight_key] if self.weight_key else None
        return self.metric_fn(labels=labels, predictions=predictions, weights=weights)


def _name(function):
    if isinstance(function, functools.partial):
        return _name(function.func)
    return getattr(function, "__name__", str(function))


def _arguments(function):
    if isinstance(function, functools.partial):
        return [name for name in _arguments(function.func) if name not in function.keywords]
    return inspect.getfullargspec(function).args


def _by_name(function, name, needed):
    """A function of `labels`, `predictions` and `weights`, which gives them to another one."""
    arguments = _arguments(function)
    own = {kind: _matching(name, arguments, kind, needed.get(kind)) for kind in _NAMES}

    def called(labels=None, predictions=None, weights=None):
        named = {own["labels"]: labels} if own["labels"] else {}
        if weights is not None:
            named[own["weights"]] = weights
        if own["predictions"]:
            return function(**named, **{own["predictions"]: predictions})
        if own["labels"] and own["labels"] == arguments[0]:
            return function(named.pop(own["labels"]), predictions, **named)
        return function(predictions, **named)

    return called


def _matching(name, arguments, kind, is_needed):
    found = [each for each in _NAMES[kind] if each in arguments]
    if len(found) > 1:
        raise ValueError(f"Ambiguous arguments {found}, must provide only one of {_NAMES[kind]}.")
    if is_needed and not found:
        raise ValueError(f"{_NAMES[kind]} missing from {name}({arguments}).")
    return found[0] if found else None


def _of_key(what, given, key):
    if key:
        if not isinstance(given, dict):
            raise ValueError(f"MetricSpec with {what}_key specified requires {what}s dict, got "
                             f"{given}.\nYou must not provide a {what}_key if you only have a "
                             f"single Tensor as {what}s.")  # fmt: skip
        if key not in given:
            raise KeyError(f"Key '{key}' missing from {list(given)}.")
        return given[key]
    if not isinstance(given, dict):
        return given
    if len(given) != 1:
        raise ValueError(f"MetricSpec without specified {what}_key requires {what}s tensor or "
                         f"single element dict, got {given}")  # fmt: skip
    return next(iter(given.values()))
