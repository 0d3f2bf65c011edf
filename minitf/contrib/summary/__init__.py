"""`tf.contrib.summary`: summaries that are written by the run that computes them."""
# ruff: noqa: F401  every import here is a public name
from minitf.contrib.summary.recording import (
    always_record_summaries,
    never_record_summaries,
    record_summaries_every_n_global_steps,
    should_record_summaries,
)
from minitf.contrib.summary.summaries import (
    audio,
    flush,
    generic,
    graph,
    histogram,
    image,
    import_event,
    scalar,
)
from minitf.contrib.summary.writers import (
    create_db_writer,
    create_file_writer,
    create_summary_file_writer,
    eval_dir,
)
from minitf.summary.to_files import (
    SummaryWriter,
    initialize,
    summary_writer_initializer_op,
)
from minitf.summary.to_files import all_v2_summary_ops as all_summary_ops
