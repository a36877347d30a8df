#include "verify/verify.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "core/json.h"
#include "trail/entry.h"
#include "verify/erased.h"
#include "verify/lines.h"

enum {
	TOLD_MAX = 100,          /* of what is wrong: the rest is counted */
	LATE_SECONDS = 86400,    /* by which an entry may be older than one sealed before it */
	ERASED_VALUES = 1000000, /* values of a line: an erasure lists as many entries as it likes */
};

/* More there are in no trail: its tree has levels enough for them. */
static const unsigned long long LEAVES_MAX = 1ULL << 62;

/* Sums of hashes: two sets that have the same are the same, and neither is kept. */
struct set {
	unsigned long long count, sum[4];
};

struct verify {
	struct arena        *arena;
	struct signed_trees *checkpoints;
	struct merkle       *tree;
	struct hash         *hash;
	unsigned long long   present, erased, withheld, failed, wrong;
	unsigned long long   hidden; /* of those withheld: leaves of which nothing is told */
	time_t               newest; /* of the times of entries so far */
	struct set           erased_set, named_set;
};

/* A line of the export. */
struct line {
	struct verify      *verify;
	struct arena       *arena;
	struct json_object *object;
	unsigned long long  leaf;
	unsigned char       hash[HASH_SIZE];
	bool                is_entry, is_access;
	bool                failed;
};

/* ------------------------------------------------------------ what is wrong */

static void wrong(void *ctx, const char *words)
{
	struct verify *v = ctx;

	if (v->wrong++ < TOLD_MAX)
		printf("%s\n", words);
}

static const char *text_of(const struct line *l, const char *name)
{
	struct json_object *value = json_object_object_get(l->object, name);

	return value ? json_object_get_string(value) : NULL;
}

/* "leaf 17 (entry 22, data.visit) was changed" */
static void fail(struct line *l, const char *what)
{
	const char *kind = text_of(l, "kind"), *id = text_of(l, "id"), *about = text_of(l, "table_name");

	if (!about)
		about = text_of(l, "resource");
	l->failed = true;
	wrong(l->verify, kind && id
		? arena_printf(l->arena, "leaf %llu (%s %s%s%s) %s", l->leaf, kind, id, about ? ", " : "", about ? about : "", what)
		: arena_printf(l->arena, "leaf %llu %s", l->leaf, what));
}

/* ------------------------------------------------------------ an entry */

static void check_leaf(struct line *l)
{
	static const char *const of_entry[] = { "id", "at", "xid", "client_id", "request_id", "db_role", "action",
		"table_name", "key", "school_urn", NULL };
	static const char *const of_access[] = { "id", "at", "xid", "client_id", "request_id", "resource", "format",
		"row_count", NULL };
	const char *words[ENTRY_WORDS_MAX] = { l->is_entry ? "entry" : "access" };
	unsigned char commitment[HASH_SIZE], leaf[HASH_SIZE];
	size_t        count = 1;

	for (const char *const *name = l->is_entry ? of_entry : of_access; *name; name++)
		words[count++] = text_of(l, *name);
	if (!entry_bytes(text_of(l, "commitment"), commitment, HASH_SIZE)) {
		fail(l, "was changed: it has no commitment");
		return;
	}
	entry_leaf(l->verify->hash, words, count, commitment, leaf);
	if (memcmp(leaf, l->hash, HASH_SIZE) != 0)
		fail(l, "was changed");
}

static void check_said(struct line *l)
{
	const char   *said[] = { text_of(l, l->is_entry ? "was" : "filters"), text_of(l, "is_now") };
	const char   *salt = text_of(l, "salt");
	unsigned char bytes[ENTRY_SALT_MAX], commitment[HASH_SIZE], wanted[HASH_SIZE];
	const size_t  size = salt ? strlen(salt) / 2 : 0;

	if (size > sizeof(bytes) || !entry_bytes(salt, bytes, size)) {
		fail(l, "was changed: it has no salt");
		return;
	}
	entry_commitment(l->verify->hash, bytes, size, said, l->is_entry ? 2 : 1, commitment);
	if (!entry_bytes(text_of(l, "commitment"), wanted, HASH_SIZE) || memcmp(commitment, wanted, HASH_SIZE) != 0)
		fail(l, "was changed in what it says");
}

/* Sealed long after another that is newer: who inserts an entry gives it an earlier time. */
static void check_time(struct line *l)
{
	const char *at = text_of(l, "at");
	struct tm   utc = { 0 };
	time_t      time;

	if (!at || !strptime(at, "%Y-%m-%dT%H:%M:%S", &utc))
		return;
	time = timegm(&utc);
	if (time < l->verify->newest - LATE_SECONDS)
		fail(l, "was inserted: it is more than a day older than one before it");
	else if (time > l->verify->newest)
		l->verify->newest = time;
}

/* ------------------------------------------------------------ erasures */

static void set_add(struct verify *v, struct set *set, bool of_entry, const char *id)
{
	unsigned char      bytes[HASH_SIZE];
	unsigned long long part;

	hash_add_text(v->hash, of_entry ? "entry" : "access");
	hash_add_text(v->hash, id);
	hash_bytes(v->hash, bytes);
	set->count++;
	for (int i = 0; i < 4; i++) {
		memcpy(&part, bytes + i * sizeof(part), sizeof(part));
		set->sum[i] += part;
	}
}

static void add_named(struct line *l, struct json_object *said, const char *name)
{
	struct json_object *list = json_object_object_get(said, name);

	for (size_t i = 0; json_object_is_type(list, json_type_array) && i < json_object_array_length(list); i++)
		set_add(l->verify, &l->verify->named_set, strcmp(name, "entries") == 0,
			json_object_get_string(json_object_array_get_idx(list, i)));
}

/* Which entries an erasure names. */
static void read_erasure(struct line *l)
{
	const struct json_limits limits = { .values = ERASED_VALUES };
	const char              *table = text_of(l, "table_name"), *said = text_of(l, "is_now"), *why;
	struct json_object      *object;

	if (!table || strcmp(table, "audit.erasure") != 0 || !said)
		return;
	object = json_read_within(l->arena, said, strlen(said), &limits, &why);
	if (!object) {
		fail(l, "names the entries that it erased in no way that can be read");
		return;
	}
	add_named(l, object, "entries");
	add_named(l, object, "accesses");
}

static void check_erased(struct verify *v, const char *const *files, size_t count)
{
	const char *first;

	if (v->erased_set.count == v->named_set.count
	    && memcmp(v->erased_set.sum, v->named_set.sum, sizeof(v->named_set.sum)) == 0)
		return;
	if (v->hidden > 0) {
		printf("whether each of the erased entries is named by an erasure cannot be told from this export\n");
		return;
	}
	first = erased_first(v->arena, files, count);
	wrong(v, arena_printf(v->arena, "%s was erased, and no erasure names it; when it was erased just as this was "
		"exported, the next export has that", first ? first : "an entry, of which not even the number is known,"));
}

/* ------------------------------------------------------------ a line */

static bool is(const char *text, const char *wanted)
{
	return text && strcmp(text, wanted) == 0;
}

static void check_entry(struct line *l)
{
	const char *state = text_of(l, "state"), *kind = text_of(l, "kind"), *id = text_of(l, "id");

	l->is_entry = is(kind, "entry");
	l->is_access = is(kind, "access");
	if (is(state, "removed")) {
		fail(l, "was removed: its entry is not in the trail");
	} else if (!kind && is(state, "withheld")) {
		l->verify->hidden++;
	} else if ((!l->is_entry && !l->is_access) || !id
		   || !(is(state, "present") || is(state, "erased") || is(state, "withheld"))) {
		fail(l, "is neither present nor erased nor withheld");
	} else {
		check_leaf(l);
		check_time(l);
	}
	if (!l->failed && is(state, "present"))
		check_said(l);
	else if (!l->failed && is(state, "erased"))
		set_add(l->verify, &l->verify->erased_set, l->is_entry, id);
	if (!l->failed && is(state, "present"))
		read_erasure(l);
	*(l->failed ? &l->verify->failed : is(state, "present") ? &l->verify->present : is(state, "erased")
		? &l->verify->erased : &l->verify->withheld) += 1;
}

/* Its place must be the next one: the tree that follows is that which was signed. */
static void check_place(struct line *l)
{
	struct verify           *v = l->verify;
	const unsigned long long next = v->tree->size;

	if (l->leaf == next)
		return;
	v->checkpoints->broken = true;
	if (l->leaf > next)
		wrong(v, arena_printf(l->arena, l->leaf == next + 1 ? "leaf %llu was removed" : "leaves %llu to %llu were removed",
			next, l->leaf - 1));
	else
		fail(l, arena_printf(l->arena, "is inserted, or in another place: here stands leaf %llu", next));
}

static bool read_line(struct line *l, const char *text, size_t length, const char **ret_why)
{
	const struct json_limits limits = { .values = ERASED_VALUES };
	const char              *leaf;
	char                    *end;

	l->object = json_read_within(l->arena, text, length, &limits, ret_why);
	if (!l->object)
		return false;
	*ret_why = "it is no leaf of the trail";
	leaf = text_of(l, "leaf");
	if (!leaf || !isdigit((unsigned char)*leaf))
		return false;
	l->leaf = strtoull(leaf, &end, 10);
	return !*end && l->leaf < LEAVES_MAX && entry_bytes(text_of(l, "hash"), l->hash, HASH_SIZE);
}

static void check_line(struct verify *v, const char *name, unsigned long long number, const char *text, size_t length)
{
	struct line l = { .verify = v, .arena = arena_new() };
	const char *why = NULL;

	if (!read_line(&l, text, length, &why)) {
		wrong(v, arena_printf(l.arena, "line %llu of %s, where leaf %llu should stand, cannot be read: %s", number, name,
			v->tree->size, why ? why : "it is null"));
		v->failed++;
		v->checkpoints->broken = true;
		memset(l.hash, 0, HASH_SIZE);
	} else {
		check_place(&l);
		if (l.failed)
			v->failed++;
		else
			check_entry(&l);
	}
	if (l.object && l.leaf > v->tree->size)
		v->tree->size = l.leaf; /* so that the places of those that follow are known */
	if (!l.object || l.leaf == v->tree->size)
		merkle_add(v->tree, l.hash);
	signed_compare(v->checkpoints, v->tree);
	arena_free(l.arena);
}

struct verify *verify_new(struct arena *a, struct signed_trees *checkpoints)
{
	struct verify *v = arena_alloc(a, sizeof(*v));

	*v = (struct verify){ .arena = a, .checkpoints = checkpoints, .tree = merkle_new(a), .hash = hash_new(a) };
	checkpoints->wrong = wrong;
	checkpoints->ctx = v;
	signed_begin(checkpoints);
	return v;
}

bool verify_file(struct verify *v, const char *name, FILE *file)
{
	struct lines       lines;
	unsigned long long number = 0;
	const char        *text;
	size_t             length;
	bool               whole;

	lines_open(&lines, file);
	while ((text = lines_next(&lines, &length)))
		check_line(v, name, ++number, text, length);
	whole = !ferror(file) && !lines.too_long;
	lines_close(&lines);
	return whole;
}

/* Whoever withholds an entry could hide that it is gone, or what it says now. */
static void check_withheld(struct verify *v, bool partial)
{
	if (v->withheld > 0 && !partial)
		wrong(v, arena_printf(v->arena, "%llu of the entries are withheld: whether they are there, and say what they said, "
			"cannot be told; with --partial that is allowed", v->withheld));
}

bool verify_end(struct verify *v, bool partial, const char *const *files, size_t count)
{
	struct signed_trees *c = v->checkpoints;

	signed_end(c, v->tree);
	if (v->tree->size > 0 && c->matched == 0)
		wrong(v, "no checkpoint vouches for any of it");
	check_erased(v, files, count);
	check_withheld(v, partial);
	printf("%llu entries: %llu present, %llu erased, %llu withheld, %llu failed\n",
	       v->present + v->erased + v->withheld + v->failed, v->present, v->erased, v->withheld, v->failed);
	printf("%llu checkpoints match, the last of %llu leaves", c->matched, c->last_size);
	if (v->tree->size > c->last_size && !c->broken)
		printf("; the %llu after it are not signed yet", v->tree->size - c->last_size);
	printf("\n%s\n", v->wrong > 0 ? "NOT WHOLE: the first is named first"
	       : v->withheld > 0 ? "whole, as far as it is told" : "whole");
	return v->wrong == 0;
}
