"""`tf.contrib.tfprof.model_analyzer`: `tf.profiler.profile` by its former names."""
from minitf.profiler import ProfileOptionBuilder, Profiler, profile  # noqa: F401


def _options(**changes):
    plain = ProfileOptionBuilder.trainable_variables_parameter()
    for newer in ("min_occurrence", "step"):
        del plain[newer]
    return plain | {"dump_to_file": ""} | changes


TRAINABLE_VARS_PARAMS_STAT_OPTIONS = _options()
FLOAT_OPS_OPTIONS = _options(min_float_ops=1, order_by="float_ops", account_type_regexes=[".*"],
                             select=["float_ops"])  # fmt: skip
PRINT_ALL_TIMING_MEMORY = _options(min_bytes=1, min_micros=1, account_type_regexes=[".*"],
                                   select=["micros", "bytes"])  # fmt: skip


def print_model_analysis(graph, run_meta=None, op_log=None, tfprof_cmd="scope", tfprof_options=0):
    """The former name of `tf.profiler.profile`."""
    return profile(graph, run_meta, op_log, tfprof_cmd, tfprof_options)
