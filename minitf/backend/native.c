/* What every compiled plan needs: the loop over its kernels, matrix products, joined arrays.

   A region of a plan is a list of kernel calls on arrays. `minitf_run` gets the arrays that differ
   from run to run (feeds, variables, fresh results) as a tuple and calls one kernel after another:
   the interpreter is entered once for a whole training step. */
#include <omp.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>

/* Of Python's stable interface; its headers may not be installed. */
void *PyTuple_GetItem(void *tuple, intptr_t index);
void *PyEval_SaveThread(void);
void PyEval_RestoreThread(void *state);
void *PyErr_Format(void *kind, const char *format, ...);
extern void *PyExc_IndexError;

/* An array's data pointer follows its object header. */
#define DATA(array) (*(void **)((char *)(array) + OBJECT_HEADER))
#define MOST_ARRAYS 64 /* of one kernel */

typedef void kernel(const int64_t *n, void *const *p);

typedef struct {
    kernel *function;
    const int64_t *sizes;
    int64_t first, count; /* of its places */
} call;

typedef struct {
    int64_t pointer, offset; /* which array, and how many bytes into it */
} place;

typedef struct {
    int64_t arrays, calls, long_running;
    const call *call;
    const place *place;
    void **pointer; /* first those of the tuple, then buffers and constants, which stay */
    int64_t threads; /* there is memory to work in for so many; 0: none needs any */
} region;

int64_t minitf_data_of(void *array) { return (int64_t)DATA(array); }
static int limit; /* of threads, where the user has set one */
void minitf_limit_threads(int64_t count) { limit = (int)count; }

/* OpenMP's threads stay behind when the process forks, and in the child it would wait for them for
   ever: once it may have begun some, kernels of a child do all their work themselves. */
static int begun, forked;
static void leave_threads(void) { forked |= begun; }
__attribute__((constructor)) static void watch_threads(void) {
    pthread_atfork(0, 0, leave_threads);
}

/* How many threads a kernel may use. */
static int thread_count(void) { return forked ? 1 : limit ? limit : omp_get_max_threads(); }

/* OpenMP keeps their number for each thread of Python's. Where each has memory to work in, there may
   be no more than there was when that was made: the user may have set another limit since. */
static void set_thread_count(int64_t most) {
    if (forked) most = 1;
    if (most) omp_set_num_threads((int)most);
    begun |= omp_get_max_threads() > 1;
}

int64_t minitf_threads(void) { return thread_count(); }

/* POOL */

/* -- the BLAS that NumPy has brought --------------------------------------------------------- */

typedef void set_threads(int count);
typedef int get_threads(void);
static set_threads *blas_set_threads;
static get_threads *blas_get_threads;
static int product_threads = 1;

/* Where the matrices number i lie: `axes` are lengths and strides of three arrays each. */
static void place_of(const int64_t *axes, const int64_t *inner, int64_t i, int64_t *at) {
    at[0] = at[1] = at[2] = 0;
    for (const int64_t *axis = inner; axis >= axes; i /= axis[0], axis -= 4)
        for (int k = 0; k < 3; k++) at[k] += i % axis[0] * axis[1 + k];
}

enum { ROWS = 101, PLAIN = 111, TURNED = 112 }; /* the BLAS's words for order and transposition */
enum {
    TINY = 3000,      /* multiplications: up to here a call of the BLAS takes longer than a loop */
    TINY_VECTOR = 500, /* likewise, by a vector */
    WIDE = 8,         /* columns, from which on a loop over them is worth vector instructions */
    DIVIDED = 1500000, /* from here on it is worth waking the other threads */
    LONG_COPY = 100000 /* bytes: likewise */
};

/* While a region runs, products are divided here, and the BLAS keeps to one thread for each part:
   its own threads do not help with products of middle size, and would wait for the same cores. */
static int blas_alone(void) {
    int threads = blas_get_threads ? blas_get_threads() : 1;
    int most = thread_count();
    product_threads = threads < most ? threads : most;
    if (threads > 1) blas_set_threads(1);
    return threads;
}

/* What a kernel has found to be wrong: the run ends behind that kernel. */
static __thread struct {
    const char *format; /* of the three numbers, or of the first of them; 0: nothing is wrong */
    int64_t numbers[3];
} wrong;

static void refuse(const char *format, int64_t first, int64_t second, int64_t third) {
    wrong.format = format;
    wrong.numbers[0] = first, wrong.numbers[1] = second, wrong.numbers[2] = third;
}
void *minitf_refuse(void) { return refuse; }

static void raise_wrong(void) {
    const char *format = wrong.format;
    wrong.format = 0;
    PyErr_Format(PyExc_IndexError, format, (long long)wrong.numbers[0],
                 (long long)wrong.numbers[1], (long long)wrong.numbers[2]);
}

void minitf_run(const region *r, void *tuple) {
    for (int64_t i = 0; i < r->arrays; i++) r->pointer[i] = DATA(PyTuple_GetItem(tuple, i));
    set_thread_count(r->threads ? r->threads : limit);
    int threads = blas_alone();
    void *state = r->long_running ? PyEval_SaveThread() : 0; /* other Python threads may run */
    void *p[MOST_ARRAYS];
    for (const call *c = r->call; c < r->call + r->calls && !wrong.format; c++) {
        for (int64_t k = 0; k < c->count; k++) {
            const place *at = r->place + c->first + k;
            p[k] = (char *)r->pointer[at->pointer] + at->offset;
        }
        c->function(c->sizes, p);
    }
    if (state) PyEval_RestoreThread(state);
    if (threads > 1) blas_set_threads(threads);
    if (wrong.format) raise_wrong();
}

/* One kernel at once, on the arrays of a tuple; it may complain of an index. It has memory to work
   in for so many threads, or for any number of them. */
void minitf_call(kernel *function, void *sizes, void *tuple, int64_t arrays, int64_t alone,
                 int64_t threads) {
    void *p[MOST_ARRAYS];
    for (int64_t i = 0; i < arrays; i++) p[i] = DATA(PyTuple_GetItem(tuple, i));
    set_thread_count(threads ? threads : limit);
    int of_blas = blas_alone();
    void *state = alone ? PyEval_SaveThread() : 0;
    function(DATA(sizes), p);
    if (state) PyEval_RestoreThread(state);
    if (of_blas > 1) blas_set_threads(of_blas);
    if (wrong.format) raise_wrong();
}

/* -- arrays joined along an axis -------------------------------------------------------------- */

/* n: rows, parts, then for each part the bytes of a row and the bytes from row to row. */
typedef struct {
    const int64_t *n;
    void *const *p;
    int64_t width, step;
} joining;

/* Of a few bytes: a call would take longer than the copy. */
static inline void put(char *to, const char *from, int64_t size) {
    switch (size) {
    case 4: memcpy(to, from, 4); break;
    case 8: memcpy(to, from, 8); break;
    case 12: memcpy(to, from, 12); break;
    case 16: memcpy(to, from, 16); break;
    default: memcpy(to, from, size);
    }
}

static void join_rows(void *context, int64_t part) {
    const joining *c = context;
    int64_t parts = c->n[1], last = (part + 1) * c->step;
    for (int64_t i = part * c->step; i < c->n[0] && i < last; i++) {
        char *to = (char *)c->p[parts] + i * c->width;
        for (int64_t k = 0; k < parts; k++) {
            put(to, (char *)c->p[k] + i * c->n[3 + 2 * k], c->n[2 + 2 * k]);
            to += c->n[2 + 2 * k];
        }
    }
}

void minitf_join(const int64_t *n, void *const *p) {
    joining context = {n, p, 0, 0};
    for (int64_t k = 0; k < n[1]; k++) context.width += n[2 + 2 * k];
    int64_t parts = n[0] * context.width > LONG_COPY ? thread_count() : 1;
    context.step = (n[0] + parts - 1) / parts;
    parallel(join_rows, &context, parts);
}
