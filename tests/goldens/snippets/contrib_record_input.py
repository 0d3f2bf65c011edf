"""tf.contrib.framework.RecordInput: all records in each epoch, and lists of batches."""

import os
import tempfile

from goldens.kit import error


def records_of_files(tf, np):
    of, folder = tf.contrib.framework.RecordInput, tempfile.mkdtemp()
    kinds = {"": None, "gz": tf.python_io.TFRecordCompressionType.GZIP}
    for ending, kind in kinds.items():
        for file in range(3):
            path = os.path.join(folder, f"f{file}.{ending}")
            options = None if kind is None else tf.python_io.TFRecordOptions(kind)
            with tf.python_io.TFRecordWriter(path, options) as writer:
                for number in range(4):
                    writer.write(f"{file}-{number}".encode())
    plain = of(os.path.join(folder, "*."), batch_size=6, buffer_size=5, seed=3, name="plain")
    packed = of(os.path.join(folder, "*.gz"), 2, 1, shift_ratio=0.4, batches=3,
                compression_type=kinds["gz"])  # fmt: skip
    one, several = plain.get_yield_op(), packed.get_yield_op()
    nothing = of(os.path.join(folder, "none*")).get_yield_op()
    with tf.Session() as session:
        epoch = session.run(one).tolist() + session.run(one).tolist()
        lists = [session.run(several) for _ in range(2)]
        missing = error(lambda: session.run(nothing))
    return [one.name, str(one.shape), sorted(epoch),
            [[len(each) for each in part] for part in lists],
            sorted(record for part in lists for each in part for record in each), missing,
            [str(each[0].shape) for each in several]]  # fmt: skip
