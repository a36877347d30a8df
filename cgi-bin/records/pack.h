/*
 * The evidence pack of a referral as a ZIP archive: its files as they were
 * frozen, with the hashes of then, and what is of now.
 */
#ifndef DOORSTEP_PACK_H
#define DOORSTEP_PACK_H

#include "core/service.h"

enum err pack_answer(struct service *s, struct request *r, struct reply *reply);

#endif
