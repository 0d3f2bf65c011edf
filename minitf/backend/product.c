
/* -- c = alpha * op(a) op(b) + beta * c for REAL ---------------------------------------------- */

typedef void gemm_REAL(int order, int ta, int tb, int64_t m, int64_t n, int64_t k, REAL alpha,
                       const REAL *a, int64_t lda, const REAL *b, int64_t ldb, REAL beta, REAL *c,
                       int64_t ldc);
typedef void gemv_REAL(int order, int t, int64_t m, int64_t n, REAL alpha, const REAL *a,
                       int64_t lda, const REAL *x, int64_t step_x, REAL beta, REAL *y,
                       int64_t step_y);
static gemm_REAL *blas_gemm_REAL;
static gemv_REAL *blas_gemv_REAL;

void minitf_blas_REAL(gemm_REAL *gemm, gemv_REAL *gemv, set_threads *set, get_threads *get) {
    blas_gemm_REAL = gemm, blas_gemv_REAL = gemv, blas_set_threads = set, blas_get_threads = get;
}

/* A few numbers: a call of the BLAS would take longer. */
static void tiny_REAL(int64_t m, int64_t n, int64_t k, int ta, int tb, const REAL *a, int64_t lda,
                      const REAL *b, int64_t ldb, REAL alpha, REAL beta, REAL *c, int64_t ldc) {
    int64_t ai = ta ? 1 : lda, ak = ta ? lda : 1, bk = tb ? 1 : ldb, bj = tb ? ldb : 1;
    for (int64_t i = 0; i < m; i++, a += ai, c += ldc) {
        if (tb || n < WIDE) {
            for (int64_t j = 0; j < n; j++) {
                REAL sum = 0;
                for (int64_t l = 0; l < k; l++) sum += a[l * ak] * b[l * bk + j * bj];
                c[j] = alpha * sum + (beta == 0 ? 0 : beta * c[j]);
            }
            continue;
        }
        for (int64_t j = 0; j < n; j++) c[j] = beta == 0 ? 0 : beta * c[j];
        for (int64_t l = 0; l < k; l++) {
            const REAL factor = alpha * a[l * ak], *row = b + l * ldb;
            for (int64_t j = 0; j < n; j++) c[j] += factor * row[j];
        }
    }
}

/* A product that is divided: by columns of c, or by rows. */
typedef struct {
    const int64_t *sizes;
    const REAL *a, *b;
    REAL alpha, beta, *c;
    int64_t length, width;
    int by_columns;
} division_REAL;

static void gemm_part_REAL(void *context, int64_t part) {
    const division_REAL *d = context;
    const int64_t *s = d->sizes;
    int ta = (int)s[3], tb = (int)s[4], columns = d->by_columns;
    int64_t begin = part * d->width, size = d->length - begin;
    if (size <= 0) return;
    if (size > d->width) size = d->width;
    int64_t i = columns ? 0 : begin, j = columns ? begin : 0;
    blas_gemm_REAL(ROWS, ta ? TURNED : PLAIN, tb ? TURNED : PLAIN, columns ? s[0] : size,
                   columns ? size : s[1], s[2], d->alpha, d->a + i * (ta ? 1 : s[5]), s[5],
                   d->b + j * (tb ? s[6] : 1), s[6], d->beta, d->c + i * s[7] + j, s[7]);
}

/* sizes: m, n, k, whether a and b are turned, the strides of the rows of a, b, c */
static void product_REAL(const int64_t *sizes, const REAL *a, const REAL *b, REAL alpha, REAL beta,
                         REAL *c, int threads) {
    int64_t m = sizes[0], n = sizes[1], k = sizes[2], work = m * n * k;
    int ta = (int)sizes[3], tb = (int)sizes[4];
    int64_t lda = sizes[5], ldb = sizes[6], ldc = sizes[7];
    if (work <= (m == 1 || n == 1 ? TINY_VECTOR : TINY) || (k == 1 && work < DIVIDED)) {
        tiny_REAL(m, n, k, ta, tb, a, lda, b, ldb, alpha, beta, c, ldc);
    } else if (n == 1) {
        blas_gemv_REAL(ROWS, ta ? TURNED : PLAIN, ta ? k : m, ta ? m : k, alpha, a, lda, b,
                       tb ? 1 : ldb, beta, c, ldc);
    } else if (m == 1) {
        blas_gemv_REAL(ROWS, tb ? PLAIN : TURNED, tb ? n : k, tb ? k : n, alpha, b, ldb, a,
                       ta ? lda : 1, beta, c, 1);
    } else {
        int64_t parts = work >= DIVIDED ? threads : 1, length = n >= m ? n : m;
        int64_t width = ((length + parts - 1) / parts + 15) / 16 * 16;
        division_REAL division = {sizes, a, b, alpha, beta, c, length, width, n >= m};
        parallel(gemm_part_REAL, &division, parts);
    }
}

/* p: a, b, c; c = a b */
void minitf_product_REAL(const int64_t *sizes, void *const *p) {
    product_REAL(sizes, p[0], p[1], 1, 0, p[2], product_threads);
}

/* p: d, a, b, c; c = d + a b, where d may be c */
void minitf_add_product_REAL(const int64_t *sizes, void *const *p) {
    if (p[0] != p[3]) memcpy(p[3], p[0], sizes[0] * sizes[1] * sizeof(REAL));
    product_REAL(sizes, p[1], p[2], 1, 1, p[3], product_threads);
}

/* p: c, a, b, c; c = alpha a b + beta c, the bits of alpha and beta behind the sizes */
void minitf_update_product_REAL(const int64_t *sizes, void *const *p) {
    double factor[2];
    memcpy(factor, sizes + 8, sizeof factor);
    product_REAL(sizes, p[1], p[2], (REAL)factor[0], (REAL)factor[1], p[3], product_threads);
}

/* Products of matrices that lie in axes before them. Behind the sizes of one product: how many axes,
   then of each its length, and the strides of a, b and c along it. */
typedef struct {
    const int64_t *sizes;
    void *const *p;
    int64_t count, parts;
    int threads; /* of each product */
} batch_REAL;

static void batch_part_REAL(void *context, int64_t part) {
    const batch_REAL *d = context;
    const int64_t *axes = d->sizes + 9, *inner = axes + 4 * d->sizes[8] - 4;
    int64_t first = d->count * part / d->parts, last = d->count * (part + 1) / d->parts, at[3];
    for (int64_t i = first; i < last; i++) {
        if (i == first || i % inner[0] == 0) place_of(axes, inner, i, at);
        else for (int k = 0; k < 3; k++) at[k] += inner[1 + k];
        product_REAL(d->sizes, (REAL *)d->p[0] + at[0], (REAL *)d->p[1] + at[1], 1, 0,
                     (REAL *)d->p[2] + at[2], d->threads);
    }
}

/* p: a, b, c; threads share the products, or, where these are few, each product. */
void minitf_batch_product_REAL(const int64_t *sizes, void *const *p) {
    int64_t count = 1;
    for (int64_t k = 0; k < sizes[8]; k++) count *= sizes[9 + 4 * k];
    int64_t work = sizes[0] * sizes[1] * sizes[2] * count;
    int shared = count >= product_threads && work >= DIVIDED;
    batch_REAL batch = {sizes, p, count, shared ? product_threads : 1,
                        shared ? 1 : product_threads};
    parallel(batch_part_REAL, &batch, batch.parts);
}
