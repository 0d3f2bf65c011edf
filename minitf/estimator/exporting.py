"""How an Estimator writes a SavedModel: a graph for each mode, with one set of variables."""
import os

from minitf import gfile
from minitf.core import errors
from minitf.core.graph import Graph, add_to_collection, get_collection, set_random_seed
from minitf.core.graph_keys import GraphKeys
from minitf.estimator.export import signatures
from minitf.estimator.mode_keys import ModeKeys
from minitf.saved_model import constants
from minitf.saved_model.builder import SavedModelBuilder
from minitf.session import Session
from minitf.train.checkpoint_management import latest_checkpoint
from minitf.train.saver import Saver
from minitf.train.scaffold import Scaffold


def export(estimator, base, receiver_fns, assets_extra, as_text, checkpoint_path, strip):
    """The path, bytes, of a new folder below `base` with the graphs of these modes."""
    checkpoint_path = checkpoint_path or _checkpoint(estimator)
    folder = signatures.get_timestamped_export_dir(base)
    temporary = signatures.get_temp_export_dir(folder)
    builder, first = SavedModelBuilder(temporary), True
    for mode in (ModeKeys.TRAIN, ModeKeys.EVAL, ModeKeys.PREDICT):
        if receiver_fns.get(mode):
            _add_graph(estimator, builder, receiver_fns[mode], checkpoint_path, mode, strip, first)
            first = False
    if first:
        raise ValueError(f"No valid modes for exporting found. Got {receiver_fns.keys()}.")
    builder.save(as_text)
    for name, source in (assets_extra or {}).items():
        path = os.path.join(temporary, "assets.extra", os.fsdecode(name))
        gfile.MakeDirs(os.path.dirname(path))
        gfile.Copy(source, path)
    gfile.Rename(temporary, folder)
    return os.fsencode(folder)


def _checkpoint(estimator):
    path = estimator.latest_checkpoint()
    if path:
        return path
    if not estimator._warm_start_settings:
        raise ValueError(f"Couldn't find trained model at {estimator.model_dir}.")
    path = estimator._warm_start_settings.ckpt_to_initialize_from
    return latest_checkpoint(path) if os.path.isdir(path) else path


def _add_graph(estimator, builder, receiver_fn, checkpoint_path, mode, strip, first):
    with Graph().as_default() as graph:
        estimator._create_and_assert_global_step(graph)
        set_random_seed(estimator.config.tf_random_seed)
        receiver = receiver_fn()
        labels = getattr(receiver, "labels", None)
        spec = estimator._call_model_fn(receiver.features, labels, mode, estimator.config)
        signature_defs = signatures.build_all_signature_defs(
            receiver.receiver_tensors, signatures.outputs_for_mode(spec),
            getattr(receiver, "receiver_tensors_alternatives", None), mode == ModeKeys.PREDICT,
        )  # fmt: skip
        with Session(config=estimator.config.session_config) as session:
            main_op = spec.scaffold.local_init_op
            if main_op is None:
                main_op = Scaffold.default_local_init_op()
            saver = spec.scaffold.saver or Saver(sharded=True)
            _restore(saver, session, checkpoint_path, mode)
            if spec.train_op is not None:
                add_to_collection(constants.TRAIN_OP_KEY, spec.train_op)
            options = {
                "tags": signatures.TAGS[mode], "signature_def_map": signature_defs,
                "assets_collection": get_collection(GraphKeys.ASSET_FILEPATHS),
                "main_op": main_op, "saver": saver, "strip_default_attrs": strip,
            }  # fmt: skip
            if first:
                builder.add_meta_graph_and_variables(session, **options)
            else:
                builder.add_meta_graph(**options)


def _restore(saver, session, path, mode):
    try:
        saver.restore(session, path)
    except errors.NotFoundError as error:
        raise ValueError(
            "Could not load all requested variables from checkpoint. Please make sure your "
            "model_fn does not expect variables that were not saved in the checkpoint.\n\n"
            f"Encountered error with mode `{mode}` while restoring checkpoint from: `{path}`. "
            f"Full Traceback:\n\n{error}"
        ) from error
