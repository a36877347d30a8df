#include "problem.h"

#include <string.h>

void problems_add(struct problems *p, const char *pointer, const char *fmt, ...)
{
	struct problem *problem;
	va_list         args;

	if (p->count++ >= PROBLEMS_MAX)
		return;
	problem = arena_alloc(p->arena, sizeof(*problem));
	problem->pointer = arena_strdup(p->arena, pointer);
	va_start(args, fmt);
	problem->detail = arena_vprintf(p->arena, fmt, args);
	va_end(args);
	if (p->last)
		p->last->next = problem;
	else
		p->first = problem;
	p->last = problem;
}

const char *pointer_member(struct arena *a, const char *pointer, const char *name)
{
	char *member = arena_alloc(a, strlen(pointer) + 1 + 2 * strlen(name) + 1);
	char *to = stpcpy(stpcpy(member, pointer), "/");

	for (; *name; name++) {
		if (*name == '~')
			to = stpcpy(to, "~0");
		else if (*name == '/')
			to = stpcpy(to, "~1");
		else
			*to++ = *name;
	}
	return member;
}

const char *pointer_item(struct arena *a, const char *pointer, size_t index)
{
	return arena_printf(a, "%s/%zu", pointer, index);
}
