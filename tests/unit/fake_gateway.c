#include "fake_gateway.h"

#include <stdint.h>
#include <string.h>

#include "core/gateway.h"

struct gateway {
	char *const *params;
};

static char *const *params;
static const char  *body;
static size_t       body_left, piece, sent_length;
static bool         broken_off;
static char         sent[64 * 1024];

void fake_gateway_set(char *const *given, const char *text, size_t length)
{
	params = given;
	body = text;
	body_left = length;
	sent_length = 0;
	piece = SIZE_MAX;
	broken_off = false;
}

void fake_gateway_pieces(size_t most)
{
	piece = most;
}

void fake_gateway_break_off(void)
{
	broken_off = true;
}

const char *fake_gateway_sent(void)
{
	sent[sent_length] = '\0';
	return sent;
}

struct gateway *gateway_new(void)
{
	return NULL;
}

struct gateway *gateway_given(struct arena *a, char *const *given)
{
	struct gateway *g = arena_alloc(a, sizeof(*g));

	g->params = given;
	return g;
}

enum gateway_event gateway_next(struct gateway *g)
{
	(void)g;
	return GATEWAY_STOP;
}

char *const *gateway_params(const struct gateway *g)
{
	return g ? g->params : params;
}

ssize_t gateway_read(struct gateway *g, void *buffer, size_t size)
{
	const size_t most = size < piece ? size : piece, n = g ? 0 : most < body_left ? most : body_left;

	if (n == 0 && broken_off)
		return -1;
	memcpy(buffer, body, n);
	body += n;
	body_left -= n;
	return (ssize_t)n;
}

bool gateway_write(struct gateway *g, const void *data, size_t size)
{
	(void)g;
	if (size >= sizeof(sent) - sent_length)
		return false;
	memcpy(sent + sent_length, data, size);
	sent_length += size;
	return true;
}

int gateway_client_fd(const struct gateway *g)
{
	(void)g;
	return -1;
}

bool gateway_finish(struct gateway *g)
{
	(void)g;
	return true;
}
