/*
 * UTF-8 (RFC 3629: no overlong forms, no surrogates).  NUL counts as invalid
 * throughout, since a C string or a libpq parameter would be cut there.
 */
#ifndef DOORSTEP_UTF8_H
#define DOORSTEP_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_SIZE_MAX = 4 }; /* bytes of one character */

bool utf8_valid(const char *s, size_t length);

/* How many bytes at the start of s are valid: length when all are. */
size_t utf8_span(const char *s, size_t length);

/* Both take valid text only. */
size_t   utf8_count(const char *s, size_t length); /* characters */
uint32_t utf8_next(const char **at);               /* the character at *at; *at moves past it */

/* Writes a character, at most UTF8_SIZE_MAX bytes; answers how many. */
size_t utf8_encode(char *to, uint32_t c);

/* Unicode's control characters (Cc), tab and line breaks among them. */
bool utf8_is_control(uint32_t c);

/* White space of any kind, and what shows as nothing at all (zero width, byte order mark). */
bool utf8_is_blank(uint32_t c);

#endif
