"""What modules of `tensorflow.python.ops` call otherwise than tf does."""
import minitf as tf

matrix_exponential = tf.linalg.expm  # of linalg_impl
print_v2 = tf.print  # of logging_ops
StaticHashTableV1 = tf.lookup.StaticHashTable  # of lookup_ops
StaticVocabularyTableV1 = tf.lookup.StaticVocabularyTable
