"""What makes an Estimator of another one: `tf.estimator.add_metrics`."""
from minitf.estimator.estimator import Estimator
from minitf.estimator.functions import call_with, fn_args
from minitf.estimator.mode_keys import ModeKeys


def extended(estimator, model_fn):
    """An Estimator as the given one, in its folder, with a model function that uses its."""
    return Estimator(model_fn, estimator.model_dir, estimator.config,
                     warm_start_from=estimator._warm_start_settings)  # fmt: skip


def add_metrics(estimator, metric_fn):
    """An Estimator as the given one, with more metrics: those of `metric_fn`, which takes any of
    features, labels, predictions, config. ValueError for a function of other arguments."""
    odd = list(set(fn_args(metric_fn)) - {"features", "labels", "predictions", "config"})
    if odd:
        raise ValueError(f"metric_fn ({metric_fn}) has following not expected args: {odd}")

    def new_model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        more = call_with(metric_fn, {}, features=features, labels=labels,
                         predictions=spec.predictions, config=config)  # fmt: skip
        return spec._replace(eval_metric_ops={**spec.eval_metric_ops, **(more or {})})

    return extended(estimator, new_model_fn)
