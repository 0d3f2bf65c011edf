"""The best paths of `ctc_paths` in C: for each sequence its labels, how many, and the scores."""
import numpy as np

from minitf.core.kernel import Kernel
from minitf.nn.kernels.ctc_paths import log_softmax

# n: time, batch, classes, whether what is repeated is written once.
GREEDY = """\
static void NAME(const int64_t *n, void *const *p) {
  const int64_t time = n[0], batch = n[1], classes = n[2];
  const TYPE *x = p[0];
  const int32_t *lengths = p[1];
  int64_t *labels = p[2], *counts = p[3];
  TYPE *scores = p[4];
  for (int64_t b = 0; b < batch; b++) {
    int64_t last = -1, found = 0;
    TYPE score = 0;
    for (int64_t t = 0; t < lengths[b]; t++) {
      const TYPE *at = x + (t * batch + b) * classes;
      int64_t best = 0;
      for (int64_t k = 1; k < classes; k++)
        if (at[k] > at[best] || (at[k] != at[k] && at[best] == at[best])) best = k;
      score += at[best];
      if (best != classes - 1 && !(n[3] && best == last)) labels[b * time + found++] = best;
      last = best;
    }
    counts[b] = found, scores[b] = -score;
  }
}
"""

# n: time, batch, classes, width of the beam, paths, whether what is repeated is written once. See
# `_Prefix` and `_Beam`: a prefix is the number of a node, children are chained.
BEAM = """\
#include <stdlib.h>

typedef struct { double total, blank, label; } NAME_odds;
typedef struct { int32_t parent, label, child, next; NAME_odds old, new; } NAME_node;
typedef struct { double total; int64_t number; int32_t node; } NAME_entry;
typedef struct {
  NAME_node *nodes;
  NAME_entry *heap, *branches;
  double *totals;
  int32_t *child_of;
  int64_t size, room, held, width, number, classes;
} NAME_search;
typedef struct { const int64_t *n; void *const *p; } NAME_task;

static const NAME_odds NAME_never = {-INFINITY, -INFINITY, -INFINITY};

static inline int NAME_less(const NAME_entry *a, const NAME_entry *b) {
  return a->total < b->total || (a->total == b->total && a->number > b->number);
}

static int NAME_falling(const void *a, const void *b) { return NAME_less(a, b) ? 1 : -1; }

static int32_t NAME_made(NAME_search *s, int32_t parent, int32_t label) {
  if (s->size == s->room) {
    NAME_node *more = realloc(s->nodes, 2 * s->room * sizeof(NAME_node));
    if (!more) return -1;
    s->nodes = more, s->room *= 2;
  }
  s->nodes[s->size] = (NAME_node){parent, label, -1, -1, NAME_never, NAME_never};
  if (parent >= 0) {
    s->nodes[s->size].next = s->nodes[parent].child;
    s->nodes[parent].child = (int32_t)s->size;
  }
  return (int32_t)s->size++;
}

/* What is then too much, or -1. */
static int32_t NAME_push(NAME_search *s, int32_t node) {
  const NAME_entry entry = {s->nodes[node].new.total, s->number++, node};
  NAME_entry *heap = s->heap;
  if (s->held < s->width) {
    int64_t hole = s->held++;
    for (; hole && NAME_less(&entry, heap + (hole - 1) / 2); hole = (hole - 1) / 2)
      heap[hole] = heap[(hole - 1) / 2];
    heap[hole] = entry;
    return -1;
  }
  if (!NAME_less(heap, &entry)) return node;
  const int32_t dropped = heap[0].node;
  int64_t hole = 0;
  for (int64_t child; (child = 2 * hole + 1) < s->held; hole = child) {
    if (child + 1 < s->held && NAME_less(heap + child + 1, heap + child)) child++;
    if (!NAME_less(heap + child, &entry)) break;
    heap[hole] = heap[child];
  }
  heap[hole] = entry;
  return dropped;
}

static inline int NAME_takes(const NAME_search *s, double total) {
  return total > -INFINITY && (s->held < s->width || total > s->heap[0].total);
}

static inline double NAME_either(double a, double b) {
  const double more = a < b ? b : a, less = a < b ? a : b;
  return less == -INFINITY ? more : more + log1p(exp(less - more));
}

static void NAME_stay(NAME_node *nodes, NAME_node *prefix, const double *logs, int64_t blank) {
  double label = prefix->old.label;
  if (prefix->parent >= 0) {
    const NAME_node *parent = nodes + prefix->parent;
    if (parent->new.total > -INFINITY)
      label = NAME_either(label, prefix->label == parent->label ? parent->old.blank
                                                                : parent->old.total);
    label += logs[prefix->label];
  }
  prefix->new.blank = prefix->old.total + logs[blank];
  prefix->new.label = label;
  prefix->new.total = NAME_either(prefix->new.blank, label);
}

static int NAME_extend(NAME_search *s, int32_t prefix, const double *logs) {
  const int64_t labels = s->classes - 1;
  const NAME_node at = s->nodes[prefix];
  for (int64_t k = 0; k < labels; k++) s->totals[k] = logs[k] + at.old.total;
  if (at.label >= 0) s->totals[at.label] = at.old.blank + logs[at.label];
  const double least = s->held == s->width ? s->heap[0].total : -INFINITY;
  for (int32_t c = at.child; c >= 0; c = s->nodes[c].next) {
    NAME_node *child = s->nodes + c;
    s->child_of[child->label] = c;
    if (s->totals[child->label] <= least && child->new.total == -INFINITY) child->old = NAME_never;
  }
  int done = 1;
  for (int64_t k = 0; k < labels && done; k++) {
    if (!(s->totals[k] > least)) continue;
    int32_t child = s->child_of[k];
    if (child >= 0 && s->nodes[child].new.total > -INFINITY) continue;
    if (!NAME_takes(s, s->totals[k])) {
      if (child >= 0) s->nodes[child].old = NAME_never;
      continue;
    }
    if (child < 0) child = NAME_made(s, prefix, (int32_t)k);
    if (child < 0) { done = 0; break; }
    s->nodes[child].new = (NAME_odds){s->totals[k], -INFINITY, s->totals[k]};
    const int32_t dropped = NAME_push(s, child);
    if (dropped >= 0) s->nodes[dropped].new = NAME_never;
  }
  for (int32_t c = at.child; c >= 0; c = s->nodes[c].next) s->child_of[s->nodes[c].label] = -1;
  return done;
}

/* The heap's entries, the best first, become the branches; the heap is empty. */
static int64_t NAME_best(NAME_search *s) {
  const int64_t held = s->held;
  memcpy(s->branches, s->heap, held * sizeof(NAME_entry));
  qsort(s->branches, held, sizeof(NAME_entry), NAME_falling);
  s->held = 0;
  return held;
}

static int NAME_step(NAME_search *s, const double *logs) {
  const int64_t count = NAME_best(s);
  const NAME_entry *branches = s->branches;
  for (int64_t i = 0; i < count; i++) {
    NAME_node *prefix = s->nodes + branches[i].node;
    prefix->old = prefix->new;
  }
  s->number = 0;
  for (int64_t i = 0; i < count; i++) {
    NAME_stay(s->nodes, s->nodes + branches[i].node, logs, s->classes - 1);
    NAME_push(s, branches[i].node);
  }
  for (int64_t i = 0; i < count; i++)
    if (NAME_takes(s, s->nodes[branches[i].node].old.total))
      if (!NAME_extend(s, branches[i].node, logs)) return 0;
  return 1;
}

static int64_t NAME_path(const NAME_search *s, int32_t node, int merge, int64_t *labels) {
  int64_t count = 0;
  for (; s->nodes[node].parent >= 0; node = s->nodes[node].parent) {
    const int64_t label = s->nodes[node].label;
    if (!merge || !count || labels[count - 1] != label) labels[count++] = label;
  }
  for (int64_t i = 0; i < count / 2; i++) {
    const int64_t label = labels[i];
    labels[i] = labels[count - 1 - i], labels[count - 1 - i] = label;
  }
  return count;
}

static void NAME_one(void *context, int64_t b) {
  const NAME_task *task = context;
  const int64_t *n = task->n, time = n[0], batch = n[1], classes = n[2], width = n[3];
  const double *logs = task->p[0];
  const int32_t *lengths = task->p[1];
  int64_t *labels = task->p[2], *counts = task->p[3], *leaves = task->p[5];
  double *scores = task->p[4];
  NAME_search s = {.room = 1024, .width = width, .classes = classes};
  s.nodes = malloc(s.room * sizeof(NAME_node));
  s.heap = malloc(width * sizeof(NAME_entry)), s.branches = malloc(width * sizeof(NAME_entry));
  s.totals = malloc(classes * sizeof(double)), s.child_of = malloc(classes * sizeof(int32_t));
  leaves[b] = -1;
  if (s.nodes && s.heap && s.branches && s.totals && s.child_of) {
    for (int64_t k = 0; k < classes; k++) s.child_of[k] = -1;
    NAME_made(&s, -1, -1);
    s.nodes[0].new = (NAME_odds){0, 0, -INFINITY};
    NAME_push(&s, 0);
    int done = 1;
    for (int64_t t = 0; t < lengths[b] && done; t++)
      done = NAME_step(&s, logs + (t * batch + b) * classes);
    if (done) leaves[b] = NAME_best(&s);
    for (int64_t i = 0; i < n[4] && i < leaves[b]; i++) {
      const int64_t place = i * batch + b;
      counts[place] = NAME_path(&s, s.branches[i].node, n[5] != 0, labels + place * time);
      scores[b * n[4] + i] = s.nodes[s.branches[i].node].new.total;
    }
  }
  free(s.nodes), free(s.heap), free(s.branches), free(s.totals), free(s.child_of);
}

static void NAME(const int64_t *n, void *const *p) {
  NAME_task task = {n, p};
  parallel(NAME_one, &task, n[1]);
}
"""


def greedy(run, inputs, lengths, merge):
    """(labels [batch, time], how many of each row count, minus the sums of the greatest logits)."""
    time, batch, classes = inputs.shape
    labels, counts = np.empty((batch, time), np.int64), np.empty(batch, np.int64)
    scores = np.empty(batch, inputs.dtype)
    source = GREEDY.replace("TYPE", "float" if inputs.dtype == np.float32 else "double")
    sizes = time, batch, classes, int(merge)
    run(Kernel(source, sizes), inputs, lengths, labels, counts, scores)
    return labels, counts, scores


def beam_search(run, inputs, lengths, width, count, merge):
    """(labels [paths, batch, time], how many of each row count, log probabilities [batch, paths]).

    None where a beam does not have so many, or there is no memory.
    """
    time, batch, classes = inputs.shape
    labels, counts = np.empty((count, batch, time), np.int64), np.zeros((count, batch), np.int64)
    scores, leaves = np.empty((batch, count)), np.empty(batch, np.int64)
    logs = log_softmax(inputs.astype(np.float64))
    sizes = time, batch, classes, width, count, int(merge)
    run(Kernel(BEAM, sizes), logs, lengths, labels, counts, scores, leaves)
    return None if (leaves < count).any() else (labels, counts, scores)
