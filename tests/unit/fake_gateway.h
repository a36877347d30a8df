/*
 * A gateway in place of libfcgi's: parameters and body as a test gives them.
 */
#ifndef DOORSTEP_FAKE_GATEWAY_H
#define DOORSTEP_FAKE_GATEWAY_H

#include <stddef.h>

/* "NAME=value" strings ending in NULL, and the body that will be read. */
void fake_gateway_set(char *const *params, const char *body, size_t length);

/* From here on the body comes in pieces of at most so many bytes, and breaks off instead of ending. */
void fake_gateway_pieces(size_t most);
void fake_gateway_break_off(void);

/* What was sent, as one text. */
const char *fake_gateway_sent(void);

#endif
