
/* -- what stands before every CUDA kernel -------------------------------------------------------- */

#ifndef INFINITY
#define INFINITY __int_as_float(0x7f800000)
#endif
#ifndef NAN
#define NAN __int_as_float(0x7fffffff)
#endif

typedef signed char int8_t;
typedef short int16_t;
typedef int int32_t;
typedef long long int64_t;
typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;

/* The names of elements.h. */
#define ELEMENT __device__ inline
#define UNROLL _Pragma("unroll")
__device__ inline float exponentialf(float x) { return expf(x); }
__device__ inline double exponential(double x) { return exp(x); }
__device__ inline float exponential_less_1f(float x) { return expm1f(x); }
__device__ inline double exponential_less_1(double x) { return expm1(x); }
__device__ inline float logarithmf(float x) { return logf(x); }
__device__ inline double logarithm(double x) { return log(x); }
__device__ inline float logarithm_of_1_plusf(float x) { return log1pf(x); }
__device__ inline double logarithm_of_1_plus(double x) { return log1p(x); }
__device__ inline float cosinef(float x) { return cosf(x); }
__device__ inline double cosine(double x) { return cos(x); }
__device__ inline float log_gammaf(float x) { return lgammaf(x); }
__device__ inline double log_gamma(double x) { return lgamma(x); }

/* The nearest number whose last 16 bits are 0, of two the one with an even last bit. */
__device__ inline float bfloat16f(float x) {
    unsigned bits = __float_as_uint(x), odd = bits >> 16 & 1;
    if ((bits & 0x7fffffffu) > 0x7f800000u) return __uint_as_float(0x7fc00000u);
    return __uint_as_float((bits + 0x7fffu + odd) & 0xffff0000u);
}

__device__ inline float modulof(float x, float y) {
    float rest = fmodf(x, y);
    return rest != 0 && (y < 0) != (rest < 0) ? rest + y : rest;
}
__device__ inline double modulo(double x, double y) {
    double rest = fmod(x, y);
    return rest != 0 && (y < 0) != (rest < 0) ? rest + y : rest;
}

/* Products where the exponent is known to be 3 or 4. */
__device__ inline float powerf(float x, float y) {
    return y == 3 ? x * x * x : y == 4 ? (x * x) * (x * x) : powf(x, y);
}
__device__ inline double power(double x, double y) {
    return y == 3 ? x * x * x : y == 4 ? (x * x) * (x * x) : pow(x, y);
}

__device__ inline float choosef(bool yes, float a, float b) { return yes ? a : b; }
template <class A, class B> __device__ inline auto choose(bool yes, A a, B b) {
    return yes ? a : b;
}

/* Of two: NaN wins. */
template <class A, class B> __device__ inline auto larger(A a, B b) {
    return a < b || b != b ? b : a;
}
template <class A, class B> __device__ inline auto smaller(A a, B b) {
    return a > b || b != b ? b : a;
}
__device__ inline float largerf(float a, float b) { return larger(a, b); }
__device__ inline float smallerf(float a, float b) { return smaller(a, b); }
template <class T> __device__ inline T magnitude(T x) { return x < 0 ? -x : x; }

/* Four neighbours, read and written at once: 16 bytes at most, as arrays are aligned. */
template <class T> struct alignas(sizeof(T) < 4 ? 4 * sizeof(T) : 16) Four { T at[4]; };
