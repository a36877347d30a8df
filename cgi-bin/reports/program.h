/*
 * What the program reports serves.  The program exports makes the same answers,
 * without anybody who waits for them.
 */
#ifndef DOORSTEP_REPORTS_PROGRAM_H
#define DOORSTEP_REPORTS_PROGRAM_H

#include "core/service.h"

extern const struct program reports_program;

#endif
