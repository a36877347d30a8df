/*
 * What stands before the first element of an XML file, looked at before any
 * parser sees it: whose encoding it is, and that there is no DOCTYPE.
 */
#ifndef DOORSTEP_IMPORT_PROLOG_H
#define DOORSTEP_IMPORT_PROLOG_H

#include <stdbool.h>
#include <stddef.h>

enum { IMPORT_PROLOG_MAX = 8 * 1024 }; /* bytes in which the first element must begin */

/*
 * NULL when the first element begins in these bytes and all before it is
 * acceptable; otherwise what is wrong.  The encodings that pass have ASCII's
 * bytes for ASCII's characters, so what is seen here is what a parser will see.
 */
const char *import_prolog_check(const char *bytes, size_t size);

#endif
