/*
 * The one space of error numbers: 0 is success, the rest comes from errors.def.
 */
#ifndef DOORSTEP_ERR_H
#define DOORSTEP_ERR_H

enum err {
	ERR_NONE = 0,
#define ERROR(symbol, status, code, title) symbol,
#include "errors.def"
#undef ERROR
	ERR_COUNT
};

/* The row of errors.def: HTTP status, code in the problem's type, title. */
int         err_status(enum err err);
const char *err_code(enum err err);
const char *err_title(enum err err);

#endif
