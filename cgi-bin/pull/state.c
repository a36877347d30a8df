#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/file.h"
#include "core/json.h"
#include "pull/address.h"
#include "pull/clock.h"
#include "pull/document.h"

enum { FORMAT = 1, STATE_MAX = 256 * 1024 };

/* ------------------------------------------------------------------ reading */

/* NULL when it cannot be read; "" and *ret_why NULL when there is none. */
static const char *read_file(struct arena *a, const char *path, size_t *ret_size, const char **ret_why)
{
	char       *text = arena_alloc(a, STATE_MAX + 1);
	struct stat is;
	ssize_t     size = 0, n = 1;
	const int   fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);

	*ret_why = NULL;
	*ret_size = 0;
	if (fd < 0 && errno == ENOENT)
		return text;
	if (fd < 0 || fstat(fd, &is) != 0) {
		*ret_why = arena_printf(a, "cannot be read: %s", strerror(errno));
	} else if (!S_ISREG(is.st_mode)) {
		*ret_why = "is no file";
	} else {
		while (size <= STATE_MAX && (n = read(fd, text + size, (size_t)(STATE_MAX + 1 - size))) > 0)
			size += n;
		if (n < 0 || size > STATE_MAX)
			*ret_why = n < 0 ? "cannot be read" : "is too large";
	}
	if (fd >= 0)
		close(fd);
	*ret_size = (size_t)size;
	return *ret_why ? NULL : *ret_size > 0 ? text : arena_strdup(a, " ");
}

static bool is_time(const char *text)
{
	time_t time;

	return !text || (clock_read(text, &time) && strlen(text) == strlen("2026-09-01 07:30:00"));
}

/* A text or null; false when it is something else. */
static bool get_text(struct arena *a, struct json_object *object, const char *name, const char **ret)
{
	struct json_object *member = NULL;
	const char         *text = document_text(object, name);

	json_object_object_get_ex(object, name, &member);
	*ret = arena_strdup(a, text);
	return text || !member;
}

static bool read_under_way(struct arena *a, struct json_object *object, struct state_kind *ret)
{
	if (!json_object_is_type(object, json_type_object))
		return false;
	ret->under_way = true;
	ret->per_page = document_count(object, "per_page");
	ret->counts = (struct counts){
		.pages = document_count(object, "pages"), .rows = document_count(object, "rows"),
		.accepted = document_count(object, "accepted"), .rejected = document_count(object, "rejected"),
	};
	return get_text(a, object, "pull", &ret->pull) && get_text(a, object, "since", &ret->since) &&
	       get_text(a, object, "began", &ret->began) && get_text(a, object, "next", &ret->next) && ret->pull &&
	       ret->next && strlen(ret->next) < ADDRESS_MAX && is_time(ret->since) && is_time(ret->began) &&
	       ret->counts.pages >= 0 && ret->counts.rows >= 0 && ret->counts.accepted >= 0 && ret->counts.rejected >= 0;
}

static bool read_kind(struct arena *a, struct json_object *object, struct state_kind *ret)
{
	struct json_object *under_way = NULL;

	if (!json_object_is_type(object, json_type_object))
		return false;
	json_object_object_get_ex(object, "under_way", &under_way);
	return get_text(a, object, "updated_after", &ret->updated_after) && is_time(ret->updated_after) &&
	       (!under_way || read_under_way(a, under_way, ret));
}

static bool read_kinds(struct arena *a, struct json_object *object, struct state *ret)
{
	struct json_object *all = NULL;

	json_object_object_get_ex(object, "kinds", &all);
	if (!json_object_is_type(all, json_type_object))
		return false;
	for (int i = 0; i < KIND_COUNT; i++) {
		struct json_object *kind = NULL;

		if (json_object_object_get_ex(all, kinds[i].name, &kind) && !read_kind(a, kind, &ret->kinds[i]))
			return false;
	}
	return true;
}

struct identity {
	const char *name, *value;
};

enum { IDENTITY_COUNT = 4 };

static void identity_of(const struct options *o, struct identity ret[IDENTITY_COUNT])
{
	ret[0] = (struct identity){ "school", o->school };
	ret[1] = (struct identity){ "source", o->source };
	ret[2] = (struct identity){ "source_school", o->source_school };
	ret[3] = (struct identity){ "doorstep", o->doorstep };
}

/* NULL when it is of this source, school and Doorstep. */
static const char *foreign(struct arena *a, const struct options *o, struct json_object *object)
{
	struct identity mine[IDENTITY_COUNT];

	identity_of(o, mine);
	for (int i = 0; i < IDENTITY_COUNT; i++) {
		const char *theirs = document_text(object, mine[i].name);

		if (!theirs || strcmp(theirs, mine[i].value) != 0)
			return arena_printf(a, "%s is the state of another pull (%s is %s there, %s here): name another "
					    "file with --state", o->state, mine[i].name, theirs ? theirs : "nothing",
					    mine[i].value);
	}
	return NULL;
}

enum state_found state_read(struct arena *a, const struct options *o, struct state *ret, const char **ret_why)
{
	struct json_object *object = NULL;
	size_t              size;
	const char         *text = read_file(a, o->state, &size, ret_why);

	*ret = (struct state){ 0 };
	if (text && !*text)
		return STATE_FOUND;
	if (text)
		object = json_read(a, text, size, ret_why);
	if (!*ret_why && (!json_object_is_type(object, json_type_object) ||
			  document_count(object, "doorstep_pull") != FORMAT))
		*ret_why = "is no state of this program";
	if (!*ret_why) {
		*ret_why = foreign(a, o, object);
		if (*ret_why)
			return STATE_OTHERS;
		if (read_kinds(a, object, ret))
			return STATE_FOUND;
		*ret_why = "lacks something";
	}
	*ret_why = arena_printf(a, "the state %s cannot be used (%s): name another file with --state, or move it away to "
				"pull everything again", o->state, *ret_why);
	return STATE_DAMAGED;
}

/* ------------------------------------------------------------------ writing */

static void put_object(void *object)
{
	json_object_put(object);
}

static void add_text(struct json_object *to, const char *name, const char *text)
{
	json_object_object_add(to, name, text ? json_object_new_string(text) : NULL);
}

static void add_count(struct json_object *to, const char *name, long long count)
{
	json_object_object_add(to, name, json_object_new_int64(count));
}

static struct json_object *kind_object(const struct state_kind *k)
{
	struct json_object *object = json_object_new_object(), *under_way = NULL;

	add_text(object, "updated_after", k->updated_after);
	if (k->under_way) {
		under_way = json_object_new_object();
		add_text(under_way, "pull", k->pull);
		add_text(under_way, "since", k->since);
		add_count(under_way, "per_page", k->per_page);
		add_text(under_way, "began", k->began);
		add_text(under_way, "next", k->next);
		add_count(under_way, "pages", k->counts.pages);
		add_count(under_way, "rows", k->counts.rows);
		add_count(under_way, "accepted", k->counts.accepted);
		add_count(under_way, "rejected", k->counts.rejected);
	}
	json_object_object_add(object, "under_way", under_way);
	return object;
}

static const char *text_of(struct arena *a, const struct options *o, const struct state *state)
{
	struct json_object *object = json_object_new_object(), *all = json_object_new_object();
	struct identity     mine[IDENTITY_COUNT];

	arena_defer(a, put_object, object);
	identity_of(o, mine);
	add_count(object, "doorstep_pull", FORMAT);
	for (int i = 0; i < IDENTITY_COUNT; i++)
		add_text(object, mine[i].name, mine[i].value);
	for (int i = 0; i < KIND_COUNT; i++)
		json_object_object_add(all, kinds[i].name, kind_object(&state->kinds[i]));
	json_object_object_add(object, "kinds", all);
	return arena_printf(a, "%s\n", json_object_to_json_string_ext(object, JSON_C_TO_STRING_PRETTY |
								       JSON_C_TO_STRING_NOSLASHESCAPE));
}

/* So that the new name, too, survives a power cut. */
static bool sync_folder(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *folder = !slash ? "." : slash == path ? "/" : arena_strndup(a, path, (size_t)(slash - path));
	const int   fd = open(folder, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	const bool  done = fd >= 0 && fsync(fd) == 0;

	if (fd >= 0)
		close(fd);
	return done;
}

const char *state_write(struct arena *a, const struct options *o, const struct state *state)
{
	const char *text = text_of(a, o, state), *path = arena_printf(a, "%s.new", o->state);
	int         fd;
	bool        done;

	unlink(path); /* of a run that was killed: the lock is ours */
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	done = fd >= 0 && file_write(fd, text, strlen(text)) && fsync(fd) == 0;
	if (fd >= 0 && close(fd) != 0)
		done = false;
	if (done && rename(path, o->state) == 0 && sync_folder(a, o->state))
		return NULL;
	return arena_printf(a, "the state %s cannot be written: %s", o->state, strerror(errno));
}

const char *state_lock(struct arena *a, const struct options *o, bool *ret_busy)
{
	const char *path = arena_printf(a, "%s.lock", o->state);
	const int   fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);

	*ret_busy = false;
	if (fd < 0)
		return arena_printf(a, "%s cannot be made: %s", path, strerror(errno));
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		return NULL; /* held until the process ends */
	*ret_busy = errno == EWOULDBLOCK;
	return *ret_busy ? arena_printf(a, "another run is at work with the state %s", o->state) :
			   arena_printf(a, "%s cannot be locked: %s", path, strerror(errno));
}
