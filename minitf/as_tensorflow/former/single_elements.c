/* float() and int() of an array with one element, put into the slots of NumPy's type. */
#include <stddef.h>

typedef struct object object; /* Python's; its headers may not be installed */
typedef object *convert(object *);

object *PyNumber_Float(object *);
object *PyNumber_Long(object *);
object *PyObject_GetAttrString(object *, const char *name);
object *PyObject_CallMethod(object *, const char *name, const char *format, ...);
long PyLong_AsLong(object *);
void Py_DecRef(object *);
int PyErr_ExceptionMatches(object *);
void PyErr_Fetch(object **, object **, object **);
void PyErr_Restore(object *, object *, object *);
extern object *PyExc_TypeError;

static convert *numpys_float, *numpys_int;

static long size_of(object *array) {
    object *size = PyObject_GetAttrString(array, "size");
    long count = size ? PyLong_AsLong(size) : -1;
    Py_DecRef(size);
    return count;
}

/* What NumPy makes of the array; where it refuses, what is made of its only element. */
static object *converted(object *array, convert *numpys, convert *of_number) {
    object *found = numpys(array), *error[3];
    if (found || !PyErr_ExceptionMatches(PyExc_TypeError)) return found;
    PyErr_Fetch(&error[0], &error[1], &error[2]);
    if (size_of(array) != 1) {
        PyErr_Restore(error[0], error[1], error[2]);
        return NULL;
    }
    for (int k = 0; k < 3; k++) Py_DecRef(error[k]);
    object *element = PyObject_CallMethod(array, "item", NULL);
    found = element ? of_number(element) : NULL;
    Py_DecRef(element);
    return found;
}

static object *as_float(object *array) { return converted(array, numpys_float, PyNumber_Float); }
static object *as_int(object *array) { return converted(array, numpys_int, PyNumber_Long); }

void minitf_take_single_elements(convert **nb_float, convert **nb_int) {
    numpys_float = *nb_float, numpys_int = *nb_int;
    *nb_float = as_float, *nb_int = as_int;
}
