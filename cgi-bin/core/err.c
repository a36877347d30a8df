#include "err.h"

#include <assert.h>

static const struct {
	int         status;
	const char *code, *title;
} errors[ERR_COUNT] = {
	[ERR_NONE] = { 200, "ok", "OK" },
#define ERROR(symbol, status, code, title) [symbol] = { status, code, title },
#include "errors.def"
#undef ERROR
};

int err_status(enum err err)
{
	assert(err < ERR_COUNT);
	return errors[err].status;
}

const char *err_code(enum err err)
{
	assert(err < ERR_COUNT);
	return errors[err].code;
}

const char *err_title(enum err err)
{
	assert(err < ERR_COUNT);
	return errors[err].title;
}
