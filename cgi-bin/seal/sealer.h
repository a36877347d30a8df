/*
 * The sealer.  Leaves are stored before their root is signed, and a signature is on disk
 * outside the database before it is in it: so whenever it is ended, it never signs two
 * roots for one size.  Where the tree is not that which was signed, it signs nothing.
 */
#ifndef DOORSTEP_SEALER_H
#define DOORSTEP_SEALER_H

#include <stdbool.h>

#include "core/settings.h"

/*
 * Until asked to stop; once: until all is sealed that there is.  may_begin: a file of
 * checkpoints, though the database has some.  The exit status.
 */
int sealer_run(const struct settings *settings, bool once, bool may_begin);

#endif
