#include "kind.h"

#include <string.h>

const struct kind kinds[KIND_COUNT] = {
	{ "pupils", "students", "education_details,contact_details,year" },
	{ "contacts", "contacts", "contact_details,students.education_details" },
	{ "register", "attendance/session", "student.education_details,attendance_code" },
};

static int kind_of(const char *name, size_t length)
{
	for (int i = 0; i < KIND_COUNT; i++)
		if (strlen(kinds[i].name) == length && memcmp(kinds[i].name, name, length) == 0)
			return i;
	return -1;
}

bool kinds_read(const char *list, bool ret_asked[KIND_COUNT])
{
	memset(ret_asked, 0, KIND_COUNT * sizeof(*ret_asked));
	for (;;) {
		const size_t length = strcspn(list, ",");
		const int    kind = kind_of(list, length);

		if (kind < 0)
			return false;
		ret_asked[kind] = true;
		if (!list[length])
			return true;
		list += length + 1;
	}
}
