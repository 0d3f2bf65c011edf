"""The text of a matrix product in CUDA, in pieces: `cuda_product` puts them together.

Words in capitals stand for what differs between operands, types and tiles.
"""

ALONE = """\
static __device__ inline bool NAME_enter(NAME_problem &p, int which) { return true; }
"""
SHIFT = "  a += which * p.step_a; b += which * p.step_b; c += which * p.step_c;\n"

HEAD = """\
struct alignas(16) NAME_four { NAME_real at[4]; };
struct alignas(16) NAME_shared {
  NAME_real a[2][NAME_slab][NAME_tall + 4], b[2][NAME_slab][NAME_wide + 4];
};
"""

STORE = """\
/* Where a thread's fours of columns are. */
struct NAME_columns { int at[NAME_vector_c ? NAME_across / 4 : NAME_across]; };

static __device__ inline NAME_columns NAME_places(const NAME_problem &p, int column) {
  NAME_columns found;
  #pragma unroll
  for (int j = 0; j < NAME_across; j++) {
    int at = column + j / 4 * (NAME_wide * 4 / NAME_across) + j % 4;
    if (!NAME_vector_c) found.at[j] = at < p.n ? NAME_column(p, at) : -1;
    else if (j % 4 == 0) found.at[j / 4] = at < p.n ? NAME_column(p, at) : -1;
  }
  return found;
}

static __device__ inline void NAME_store(NAME_real *c, const NAME_columns &columns, int j,
                                         NAME_four sum) {
  if (NAME_vector_c) {
    if (columns.at[j] < 0) return;
    NAME_four *to = (NAME_four *)(c + columns.at[j]);
    NAME_four old = {};
    if (NAME_accumulates) old = *to;
    #pragma unroll
    for (int e = 0; e < 4; e++) sum.at[e] = SCALED;
    *to = sum;
    return;
  }
  #pragma unroll
  for (int e = 0; e < 4; e++) {
    int at = columns.at[NAME_vector_c ? 0 : 4 * j + e];
    if (at < 0) continue;
    NAME_four old = {};
    if (NAME_accumulates) old.at[e] = c[at];
    c[at] = SCALED;
  }
}
"""

# The place of a load in its slab, its start, and its way into shared memory.
SHARE = """\
enum {
  NAME_SIDE_all = NAME_EXTENT * NAME_slab / 4,
  NAME_SIDE_loads = (NAME_SIDE_all + NAME_threads - 1) / NAME_threads
};
static __device__ inline int NAME_SIDE_at(int i) {
  return NAME_SIDE_way == 0 ? i % (NAME_EXTENT / 4) * 4
       : NAME_SIDE_way == 1 ? i / (NAME_slab / 4) : i % NAME_EXTENT;
}
static __device__ inline int NAME_SIDE_k(int i) {
  return NAME_SIDE_way == 0 ? i / (NAME_EXTENT / 4)
       : NAME_SIDE_way == 1 ? i % (NAME_slab / 4) * 4 : i / NAME_EXTENT * 4;
}
static __device__ inline bool NAME_SIDE_takes(int i) {
  return NAME_SIDE_all % NAME_threads == 0 || i < NAME_SIDE_all;
}
static __device__ inline void NAME_SIDE_keep(NAME_shared &shared, int stage, int i, NAME_four x) {
  int at = NAME_SIDE_at(i), k = NAME_SIDE_k(i);
  if (NAME_SIDE_way == 0) *(NAME_four *)&shared.SIDE[stage][k][at] = x;
  else {
    #pragma unroll
    for (int e = 0; e < 4; e++) shared.SIDE[stage][k + e][at] = x.at[e];
  }
}
"""

FETCH = """\
    #pragma unroll
    for (int v = 0; v < NAME_SIDE_loads; v++)
      if (NAME_SIDE_takes(thread + v * NAME_threads))
        fetched_SIDE[v] = NAME_SIDE_fetch(p, SIDE, line_SIDE[v],
                                          NEXT + NAME_SIDE_k(thread + v * NAME_threads));
"""
KEEP = """\
    #pragma unroll
    for (int v = 0; v < NAME_SIDE_loads; v++)
      if (NAME_SIDE_takes(thread + v * NAME_threads))
        NAME_SIDE_keep(shared, STAGE, thread + v * NAME_threads, fetched_SIDE[v]);
"""
START = """\
  NAME_SIDE_line line_SIDE[NAME_SIDE_loads];
  NAME_four fetched_SIDE[NAME_SIDE_loads] = {};
  #pragma unroll
  for (int v = 0; v < NAME_SIDE_loads; v++)
    line_SIDE[v] = NAME_SIDE_start(p, CORNER + NAME_SIDE_at(thread + v * NAME_threads));
"""
READ = """\
      #pragma unroll
      for (int i = 0; i < NAME_PER / 4; i++)
        SIDE_now[i] = *(const NAME_four *)
            &shared.SIDE[stage][kk][i * (NAME_EXTENT * 4 / NAME_PER) + MINE * 4];
"""

# Lanes of a warp lie 4 x 8: what they read together is 64 and 128 bytes.
PLACE = """\
/* The first row and column of a thread, counted in fours. */
static __device__ inline int NAME_mine_a(int thread) {
  return thread / 32 / (NAME_wide / NAME_across / 8) * 4 + thread % 32 / 8;
}
static __device__ inline int NAME_mine_b(int thread) {
  return thread / 32 % (NAME_wide / NAME_across / 8) * 8 + thread % 8;
}
"""

MAIN = """\
extern "C" __global__ void __launch_bounds__(BOUNDS) NAME(PARAMETERS) {
  __shared__ NAME_shared shared;
  const int thread = threadIdx.x;
  NAME_problem p = {FIELDS};
  const int job = blockIdx.x, tile = job % p.tiles, split = job / p.tiles % p.splits;
  const int which = job / p.tiles / p.splits;
  const int row = tile / p.abreast * NAME_tall, column = tile % p.abreast * NAME_wide;
  if (!NAME_enter(p, which) || row >= p.m || column >= p.n) return;
SHIFTED
  const int slabs = ((p.k + NAME_slab - 1) / NAME_slab + p.splits - 1) / p.splits * NAME_slab;
  const int first = split * slabs, last = p.k < first + slabs ? p.k : first + slabs;
STARTS
  const int mine_a = NAME_mine_a(thread), mine_b = NAME_mine_b(thread);
  NAME_real sum[NAME_down][NAME_across] = {};
  int stage = 0;
  if (first < last) {
FIRST
  }
  __syncthreads();
  for (int k = first; k < last; k += NAME_slab) {
    const bool more = k + NAME_slab < last;
    if (more) {
FETCHES
    }
    #pragma unroll
    for (int kk = 0; kk < NAME_slab; kk++) {
      NAME_four a_now[NAME_down / 4], b_now[NAME_across / 4];
READS
      #pragma unroll
      for (int i = 0; i < NAME_down; i++)
        #pragma unroll
        for (int j = 0; j < NAME_across; j++)
          sum[i][j] = FUSED(a_now[i / 4].at[i % 4], b_now[j / 4].at[j % 4], sum[i][j]);
    }
    stage ^= 1;
    if (more) {
KEEPS
    }
    __syncthreads();
  }
PARTS
  const NAME_columns columns = NAME_places(p, column + mine_b * 4);
  #pragma unroll
  for (int i = 0; i < NAME_down; i++) {
    int at = row + i / 4 * (NAME_tall * 4 / NAME_down) + mine_a * 4 + i % 4;
    if (at >= p.m) continue;
    NAME_real *to = c + NAME_row(p, at);
    #pragma unroll
    for (int j = 0; j < NAME_across / 4; j++) {
      NAME_four four;
      #pragma unroll
      for (int e = 0; e < 4; e++) four.at[e] = sum[i][4 * j + e];
      NAME_store(to, columns, j, four);
    }
  }
}
"""

# A thread's sums among the parts: four columns of a row are a slot.
WRITE = """\
  NAME_four *part = (NAME_four *)scratch
      + ((int64_t)which * p.tiles + tile) * p.splits * (NAME_tall * NAME_wide / 4) + thread;
  #pragma unroll
  for (int i = 0; i < NAME_down; i++)
    #pragma unroll
    for (int j = 0; j < NAME_across / 4; j++) {
      NAME_four four;
      #pragma unroll
      for (int e = 0; e < 4; e++) four.at[e] = sum[i][4 * j + e];
      part[split * (NAME_tall * NAME_wide / 4) + (i * (NAME_across / 4) + j) * NAME_threads] = four;
    }
"""

# The last block of a tile adds the parts.
TICKET = WRITE + """\
  __shared__ unsigned ticket;
  __threadfence();
  __syncthreads();
  unsigned *counter = tickets + (which * p.tiles + tile);
  if (thread == 0) ticket = atomicAdd(counter, 1u);
  __syncthreads();
  if (ticket != (unsigned)p.splits - 1) return;
  __threadfence();
  if (thread == 0) *counter = 0;
  #pragma unroll
  for (int i = 0; i < NAME_down; i++)
    #pragma unroll
    for (int j = 0; j < NAME_across; j++) sum[i][j] = 0;
  for (int s = 0; s < p.splits; s++, part += NAME_tall * NAME_wide / 4)
    #pragma unroll
    for (int i = 0; i < NAME_down; i++)
      #pragma unroll
      for (int j = 0; j < NAME_across / 4; j++) {
        NAME_four four = part[(i * (NAME_across / 4) + j) * NAME_threads];
        #pragma unroll
        for (int e = 0; e < 4; e++) sum[i][4 * j + e] += four.at[e];
      }
"""

# A launch of its own adds them: a block for each slot of all threads of a tile.
ADD = """\
extern "C" __global__ void __launch_bounds__(BOUNDS) NAME(PARAMETERS) {
  const int thread = threadIdx.x, job = blockIdx.x, slot = job % (NAME_down * NAME_across / 4);
  NAME_problem p = {FIELDS};
  const int tile = job / (NAME_down * NAME_across / 4) % p.tiles;
  const int which = job / (NAME_down * NAME_across / 4) / p.tiles;
  const int row = tile / p.abreast * NAME_tall, column = tile % p.abreast * NAME_wide;
  if (!NAME_enter(p, which)) return;
SHIFTED
  const int i = slot / (NAME_across / 4), j = slot % (NAME_across / 4);
  const int at = row + i / 4 * (NAME_tall * 4 / NAME_down) + NAME_mine_a(thread) * 4 + i % 4;
  if (at >= p.m) return;
  const NAME_four *part = (const NAME_four *)scratch + slot * NAME_threads + thread
      + ((int64_t)which * p.tiles + tile) * p.splits * (NAME_tall * NAME_wide / 4);
  NAME_four sum = {};
  #pragma unroll 8
  for (int s = 0; s < p.splits; s++) {
    NAME_four four = part[s * (NAME_tall * NAME_wide / 4)];
    #pragma unroll
    for (int e = 0; e < 4; e++) sum.at[e] += four.at[e];
  }
  const int first = column + j * (NAME_wide * 4 / NAME_across) + NAME_mine_b(thread) * 4;
  NAME_columns columns;
  #pragma unroll
  for (int e = 0; e < (NAME_vector_c ? 1 : 4); e++)
    columns.at[e] = first + e < p.n ? NAME_column(p, first + e) : -1;
  NAME_store(c + NAME_row(p, at), columns, 0, sum);
}
"""

# -- matrices -------------------------------------------------------------------------------------

# Element (line, k) is at k * row + line: four lines lie side by side.
MATRIX = """\
struct NAME_SIDE_line { int at, left; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line, p.LINES - line};
}
static __device__ inline NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from,
                                                   NAME_SIDE_line line, int k) {
  NAME_four x = {};
  if (k >= p.k) return x;
  from += k * p.SIDE_row + line.at;
  if (VECTOR) {
    if (line.left > 0) x = *(const NAME_four *)from;
  } else {
    #pragma unroll
    for (int e = 0; e < 4; e++)
      if (e < line.left) x.at[e] = from[e];
  }
  return x;
}
"""

# Element (line, k) is at line * row + k.
TURNED = """\
struct NAME_SIDE_line { int at; bool there; };
static __device__ inline NAME_SIDE_line NAME_SIDE_start(const NAME_problem &p, int line) {
  return {line * p.SIDE_row, line < p.LINES};
}
static __device__ inline NAME_four NAME_SIDE_fetch(const NAME_problem &p, const NAME_real *from,
                                                   NAME_SIDE_line line, int k) {
  NAME_four x = {};
  if (!line.there) return x;
  from += line.at + k;
  if (VECTOR) {
    if (k < p.k) x = *(const NAME_four *)from;
  } else {
    #pragma unroll
    for (int e = 0; e < 4; e++)
      if (k + e < p.k) x.at[e] = from[e];
  }
  return x;
}
"""

ROWS = """\
static __device__ inline int NAME_row(const NAME_problem &p, int row) { return row * p.c_row; }
static __device__ inline int NAME_column(const NAME_problem &p, int column) { return column; }
"""
