"""Non-maximum suppression in C: `minitf.image.suppression.suppressed` without sigma."""
import numpy as np

from minitf.core.kernel import Kernel
from minitf.image.suppression import suppressed

# n: boxes, how many may be chosen, how many there is room for. The heap is C++'s: see Queue.
SOURCE = """\
typedef struct { float score; int32_t box; int64_t compared; } NAME_entry;

static inline void NAME_up(NAME_entry *heap, int64_t hole, NAME_entry entry) {
  for (; hole && heap[(hole - 1) / 2].score < entry.score; hole = (hole - 1) / 2)
    heap[hole] = heap[(hole - 1) / 2];
  heap[hole] = entry;
}

static inline NAME_entry NAME_pop(NAME_entry *heap, int64_t size) { /* `size` without it */
  const NAME_entry best = heap[0], last = heap[size];
  int64_t hole = 0;
  while (2 * hole + 2 < size) {
    const int64_t right = 2 * hole + 2, child = right - (heap[right].score < heap[right - 1].score);
    heap[hole] = heap[child], hole = child;
  }
  if (size && 2 * hole + 2 == size) heap[hole] = heap[size - 1], hole = size - 1;
  if (size) NAME_up(heap, hole, last);
  return best;
}

/* NaN where there is one among the corners. */
static inline float NAME_overlap(const float *a, const float *b) {
  const float high = smallerf(a[2], b[2]) - largerf(a[0], b[0]);
  const float wide = smallerf(a[3], b[3]) - largerf(a[1], b[1]);
  const float one = (a[2] - a[0]) * (a[3] - a[1]), other = (b[2] - b[0]) * (b[3] - b[1]);
  if (one <= 0 || other <= 0) return 0;
  const float common = (high <= 0 ? 0 : high) * (wide <= 0 ? 0 : wide);
  return common / (one + other - common);
}

static void NAME(const int64_t *n, void *const *p) {
  float *corner = p[0];
  const float *score = p[1];
  const double *threshold = p[2];
  NAME_entry *heap = p[3];
  int32_t *chosen = p[4];
  float *kept = p[5];
  int64_t *count = p[6], size = 0, found = 0;
  for (int64_t i = 0; i < n[0]; i++) {
    const float *x = corner + 4 * i;
    const float ordered[4] = {smallerf(x[0], x[2]), smallerf(x[1], x[3]), largerf(x[0], x[2]),
                              largerf(x[1], x[3])};
    memcpy(corner + 4 * i, ordered, sizeof ordered);
    if (score[i] > threshold[1]) NAME_up(heap, size++, (NAME_entry){score[i], (int32_t)i, 0});
  }
  while (size && found < n[1]) {
    NAME_entry best = NAME_pop(heap, --size);
    const float *x = corner + 4 * (int64_t)best.box;
    int apart = 1;
    for (int64_t k = found - 1; apart && k >= best.compared; k--)
      apart = NAME_overlap(x, corner + 4 * (int64_t)chosen[k]) < threshold[0];
    if (!apart) continue;
    if (found == n[2]) { *count = -1; return; }
    best.compared = found;
    chosen[found] = best.box, kept[found++] = best.score;
    NAME_up(heap, size++, best);
  }
  *count = found;
}
"""


def suppressed_by(run):
    """`suppressed`, in C where that is possible."""

    def choose(boxes, scores, limit, overlap_threshold, score_threshold, sigma=0.0):
        least = overlap_threshold, score_threshold
        found = None if sigma > 0 else _in_c(run, boxes, scores, limit, *least)
        return found or suppressed(boxes, scores, limit, *least, sigma)

    return choose


def _in_c(run, boxes, scores, limit, *thresholds):
    """None where more are chosen than there are: boxes without an area do not overlap."""
    count, room = len(boxes), min(max(limit, 0), len(boxes))
    chosen, kept = np.empty(room + 1, np.int32), np.empty(room + 1, np.float32)
    heap, found = np.empty(2 * count + 2, np.int64), np.zeros(1, np.int64)
    corners = np.array(boxes, np.float32, order="C")
    given = corners, scores.astype(np.float32), np.array(thresholds, np.float64)
    run(Kernel(SOURCE, (count, limit, room)), *given, heap, chosen, kept, found)
    number = found.item()
    return None if number < 0 else (chosen[:number].copy(), kept[:number].astype(scores.dtype))
