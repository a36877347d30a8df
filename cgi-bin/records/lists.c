#include "records/resources.h"

const char *const choices_count[] = { "exact", NULL };
const char *const choices_flavour[] = { "spreadsheet", "machine", NULL };
