"""What exports a model after an evaluation: `tf.estimator.FinalExporter` and its kin."""
import os

from minitf import gfile, logging
from minitf.estimator.functions import fn_args
from minitf.train.summary_iterator import summary_iterator


class Exporter:
    """What is asked to export after each evaluation: it has a `name` and `export(...)`."""

    @property
    def name(self):
        """The name of the folder below `export`."""
        raise NotImplementedError(f"{type(self).__name__}.name")

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """The path of what was exported, or None."""
        raise NotImplementedError(f"{type(self).__name__}.export")


class _SavedModels(Exporter):
    """Exports SavedModels, of which `exports_to_keep` of the newest are kept, or all for None."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False,
                 exports_to_keep=None):
        if exports_to_keep is not None and exports_to_keep <= 0:
            raise ValueError("`exports_to_keep`, if provided, must be a positive number. Got "
                             f"{exports_to_keep}")  # fmt: skip
        self._name, self._serving_input_receiver_fn = name, serving_input_receiver_fn
        self._assets_extra, self._as_text = assets_extra, as_text
        self._exports_to_keep = exports_to_keep

    name = property(lambda self: self._name)

    def _export(self, estimator, path, checkpoint_path):
        made = estimator.export_saved_model(
            path, self._serving_input_receiver_fn, self._assets_extra, self._as_text,
            checkpoint_path,
        )  # fmt: skip
        keep_newest(path, self._exports_to_keep)
        return made


def keep_newest(path, count):
    """Delete the exports below a folder but for so many of the newest; none for None."""
    if count is not None:
        found = sorted(filter(_is_version, gfile.ListDirectory(path)))
        for old in found[: max(len(found) - count, 0)]:
            gfile.DeleteRecursively(os.path.join(path, old))


def _is_version(name):
    """Whether it is the name of an export: seconds, ten digits of them."""
    return len(name) == 10 and name.isdigit()


class FinalExporter(_SavedModels):
    """Exports once, when the training is at its end."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """The path of the export, or None before the end."""
        if not is_the_final_export:
            return None
        logging.info("Performing the final export in the end of training.")
        return self._export(estimator, export_path, checkpoint_path)


class LatestExporter(_SavedModels):
    """Exports after each evaluation, and keeps the newest. ValueError unless it keeps any."""

    def __init__(self, name, serving_input_receiver_fn, assets_extra=None, as_text=False,
                 exports_to_keep=5):
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """The path of the export."""
        return self._export(estimator, export_path, checkpoint_path)


def _loss_smaller(best_eval_result, current_eval_result):
    for name, result in (("best", best_eval_result), ("current", current_eval_result)):
        if not result or "loss" not in result:
            raise ValueError(f"{name}_eval_result cannot be empty or no loss is found in it.")
    return best_eval_result["loss"] > current_eval_result["loss"]


class BestExporter(_SavedModels):
    """Exports when an evaluation is better than all before, those in event files included.

    `compare_fn(best_eval_result, current_eval_result)` says whether it is: by default, whether the
    loss is smaller. ValueError for a function of other arguments, and unless exports are kept.
    """

    def __init__(self, name="best_exporter", serving_input_receiver_fn=None,
                 event_file_pattern="eval/*.tfevents.*", compare_fn=_loss_smaller,
                 assets_extra=None, as_text=False, exports_to_keep=5):
        if compare_fn is None:
            raise ValueError("`compare_fn` must not be None.")
        _check_compare_fn(compare_fn)
        super().__init__(name, serving_input_receiver_fn, assets_extra, as_text, exports_to_keep)
        self._compare_fn, self._event_file_pattern = compare_fn, event_file_pattern
        self._model_dir = self._best = None

    def export(self, estimator, export_path, checkpoint_path, eval_result, is_the_final_export):
        """The path of the export, or None for a model that is no better."""
        if self._model_dir != estimator.model_dir and self._event_file_pattern:
            logging.info("Loading best metric from event files.")
            self._model_dir = estimator.model_dir
            self._best = self._best_of(os.path.join(self._model_dir, self._event_file_pattern))
        if self._best is not None and not self._compare_fn(
            best_eval_result=self._best, current_eval_result=eval_result
        ):
            return None
        logging.info("Performing best model export.")
        self._best = eval_result
        return self._export(estimator, export_path, checkpoint_path)

    def _best_of(self, pattern):
        best = None
        for path in gfile.Glob(pattern):
            for event in summary_iterator(path):
                found = {value.tag: value.simple_value for value in event.summary.value
                         if value.HasField("simple_value")}  # fmt: skip
                if found and (best is None or self._compare_fn(best, found)):
                    best = found
        return best


def _check_compare_fn(compare_fn):
    args, wanted = set(fn_args(compare_fn)), {"best_eval_result", "current_eval_result"}
    for name in sorted(wanted - args):
        raise ValueError(f"compare_fn ({compare_fn}) must include {name} argument.")
    if args - wanted:
        raise ValueError(f"compare_fn ({compare_fn}) has following not expected args: "
                         f"{list(args - wanted)}")  # fmt: skip
