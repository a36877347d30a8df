/*
 * Takes in the marks of a file one by one: checks how each looks, and gathers
 * those of a pupil and week that stand together into one line for the
 * database.  Constant memory.
 */
#ifndef DOORSTEP_MARKS_H
#define DOORSTEP_MARKS_H

#include <json-c/json.h>

#include "register/import.h"
#include "register/import_row.h"
#include "register/mark.h"
#include "register/mark_codes.h"

struct marks;

struct marks *marks_new(struct request *r, const struct mark_codes *codes);

/* A mark_fn; ctx is the struct marks. */
bool marks_take(void *ctx, const struct mark *mark);

/* A row that is no mark at all, with its problems. */
bool marks_reject(struct marks *m, const struct import_row *row);

/*
 * That every mark of the file says its minutes, its comment, if only that there
 * are none, which clears what is stored.  Otherwise each mark says for itself.
 */
void marks_say(struct marks *m, bool minutes, bool comment);

/* Ends the taking in.  ERR_MALFORMED when there were too many bad marks. */
enum err marks_finish(struct marks *m, struct import_file *ret_file);

#endif
