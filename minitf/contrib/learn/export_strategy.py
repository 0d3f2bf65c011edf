"""`tf.contrib.learn.make_export_strategy`: SavedModels of an Experiment."""
from minitf.contrib.learn.experiment import ExportStrategy
from minitf.estimator import estimator as core
from minitf.estimator.exporter import keep_newest


def make_export_strategy(
    serving_input_fn, default_output_alternative_key=None, assets_extra=None, as_text=False,
    exports_to_keep=5, strip_default_attrs=None,
):  # fmt: skip
    """The ExportStrategy "Servo", which writes SavedModels and keeps so many of the newest."""

    def export_fn(estimator, export_dir_base, checkpoint_path=None, strip_default_attrs=False):
        given = {"assets_extra": assets_extra, "as_text": as_text,
                 "checkpoint_path": checkpoint_path,
                 "strip_default_attrs": strip_default_attrs}  # fmt: skip
        if not isinstance(estimator, core.Estimator):
            given["default_output_alternative_key"] = default_output_alternative_key
        elif default_output_alternative_key is not None:
            raise ValueError("default_output_alternative_key is not supported in core Estimator. "
                             f"Given: {default_output_alternative_key}")  # fmt: skip
        made = estimator.export_savedmodel(export_dir_base, serving_input_fn, **given)
        keep_newest(export_dir_base, exports_to_keep)
        return made

    return ExportStrategy("Servo", export_fn, strip_default_attrs)
