"""`tf.contrib.learn.make_export_strategy`."""
from minitf.contrib.learn.experiment import ExportStrategy
from minitf.estimator.estimator import Estimator
from minitf.estimator.exporter import LatestExporter


def make_export_strategy(serving_input_fn, default_output_alternative_key=None, assets_extra=None,
                         as_text=False, exports_to_keep=5, strip_default_attrs=None):
    """An ExportStrategy, "Servo", that exports a tf.estimator.Estimator as SavedModel, and keeps
    `exports_to_keep` of them. In its call ValueError for a `default_output_alternative_key`, which
    only estimators of tf.contrib.learn have."""

    def export_fn(estimator, export_dir_base, checkpoint_path=None, strip_default_attrs=False):
        if not isinstance(estimator, Estimator):
            return estimator.export_savedmodel(
                export_dir_base, serving_input_fn,
                default_output_alternative_key=default_output_alternative_key,
                assets_extra=assets_extra, as_text=as_text, checkpoint_path=checkpoint_path,
                strip_default_attrs=strip_default_attrs,
            )  # fmt: skip
        if default_output_alternative_key is not None:
            raise ValueError("default_output_alternative_key is not supported in core Estimator. "
                             f"Given: {default_output_alternative_key}")  # fmt: skip
        exporter = LatestExporter("Servo", serving_input_fn, assets_extra, as_text, exports_to_keep)
        return exporter.export(estimator, export_dir_base, checkpoint_path, None, False)

    return ExportStrategy("Servo", export_fn, strip_default_attrs)
