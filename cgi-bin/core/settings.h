/*
 * The settings of a program, from settings.def and the environment; read once
 * at start and never written after.
 */
#ifndef DOORSTEP_SETTINGS_H
#define DOORSTEP_SETTINGS_H

#include <stdio.h>

struct settings {
#define SETTING_TEXT(name, value, doc) const char *name;
#define SETTING_INT(name, value, smallest, largest, doc) long name;
#include "settings.def"
#undef SETTING_TEXT
#undef SETTING_INT
};

/* NULL on success, otherwise what is wrong with which variable. */
const char *settings_read(struct settings *ret_settings);

/* One line per setting: variable, default, meaning. */
void settings_describe(FILE *to);

#endif
