#include "register/import_wonde.h"

#include <string.h>

#include "register/import_object.h"
#include "register/wonde_page.h"
#include "register/wonde_value.h"
#include "register/year_group.h"

#define PATH(...) ((const char *const[]) { __VA_ARGS__, NULL })

struct wonde {
	const char         *school_urn;
	import_row_fn      *take_row;  /* one of these two */
	mark_fn            *take_mark;
	void               *ctx;
	struct json_object *codes; /* by their id */
	long                line; /* the number of the item */
};

/* A contact on its way to its pupil, or a pupil on the way to a contact. */
struct pair {
	struct wonde       *wonde;
	struct json_object *other;
};

static const char neither[] = "is neither text nor a number";

static bool is_object(struct json_object *value)
{
	return json_object_is_type(value, json_type_object);
}

/* text: NULL for null, which clears. */
static void add(struct import_object *o, const char *field, bool is_text, const char *text)
{
	if (is_text)
		import_object_text(o, field, text ? text : "");
	else
		import_row_problem(&o->row, field, neither);
}

static void add_text(struct import_object *o, const char *field, struct json_object *from, const char *const *path)
{
	const char *text;
	const bool  is_text = wonde_text(o->arena, wonde_at(from, path), &text);

	if (wonde_has(from, path))
		add(o, field, is_text, text);
}

static void add_day(struct import_object *o, const char *field, struct json_object *from, const char *const *path)
{
	const char *text;
	const bool  is_text = wonde_day(o->arena, wonde_at(from, path), &text);

	if (wonde_has(from, path))
		add(o, field, is_text, text);
}

/* The first of two paths at which something is. */
static void add_first(struct import_object *o, const char *field, struct json_object *from,
		      const char *const *path, const char *const *or_else)
{
	add_text(o, field, from, wonde_at(from, path) || !wonde_has(from, or_else) ? path : or_else);
}

/* An empty list is how PHP writes an object without members. */
static void check_object(struct import_object *o, struct json_object *from, const char *name)
{
	struct json_object *value = wonde_member(from, name);

	if (value && !is_object(value) &&
	    !(json_object_is_type(value, json_type_array) && json_object_array_length(value) == 0))
		import_row_problem(&o->row, NULL, arena_printf(o->arena, "its %s are no object", name));
}

/* The first text among the members of an object, in the order of names. */
static const char *first_text(struct arena *a, struct json_object *object, const char *const *names)
{
	const char *text = NULL;

	for (; *names && (!text || *text == '\0'); names++)
		wonde_text(a, wonde_member(object, *names), &text);
	return text;
}

/* Pupils. */

static const char *address_lines(struct arena *a, struct json_object *home)
{
	static const char *const parts[] = { "apartment", "house_name", "house_number", "street", "district", "town",
					     "county", NULL };
	const char              *lines = "", *after = "";

	for (const char *const *p = parts; *p; p++) {
		const char *text;

		wonde_text(a, wonde_member(home, *p), &text);
		if (!text || *text == '\0')
			continue;
		lines = arena_printf(a, "%s%s%s", lines, after, text);
		after = strcmp(*p, "house_number") == 0 ? " " : "\n";
	}
	return lines;
}

static void add_year(struct import_object *o, struct json_object *student)
{
	static const char *const nc_year[] = { "education_details", "current_nc_year", NULL };
	static const char *const code[] = { "year", "code", NULL };
	const char              *text;
	const bool               is_text =
		wonde_text(o->arena, wonde_at(student, wonde_at(student, nc_year) ? nc_year : code), &text);

	if (wonde_has(student, nc_year) || wonde_has(student, code))
		add(o, "year_group", is_text, text ? year_group_read(o->arena, text) : NULL);
}

static void add_upn(struct import_object *o, struct json_object *student)
{
	add_first(o, "upn", student, PATH("education_details", "upn"), PATH("upn"));
}

static void add_names(struct import_object *o, struct json_object *person)
{
	add_first(o, "given_name", person, PATH("forename"), PATH("legal_forename"));
	add_first(o, "family_name", person, PATH("surname"), PATH("legal_surname"));
}

static bool give_pupil(void *ctx, struct json_object *student)
{
	static const char *const home[] = { "contact_details", "addresses", "home", NULL };
	struct wonde            *w = ctx;
	struct import_object     o;

	import_object_begin(&o, ++w->line);
	if (!is_object(student))
		import_row_problem(&o.row, NULL, "is not a JSON object");
	check_object(&o, student, "education_details");
	check_object(&o, student, "contact_details");
	if (is_object(student) && !wonde_member(student, "education_details") && !wonde_member(student, "upn"))
		import_row_problem(&o.row, NULL, "has no education_details: ask Wonde to include them");
	add_text(&o, "mis_id", student, PATH("id"));
	add_upn(&o, student);
	import_object_number(&o, "school_urn", w->school_urn);
	add_names(&o, student);
	add_day(&o, "date_of_birth", student, PATH("date_of_birth"));
	add_year(&o, student);
	add_day(&o, "admitted_on", student, PATH("education_details", "admission_date"));
	add_day(&o, "left_on", student, PATH("education_details", "leaving_date"));
	if (is_object(wonde_at(student, home))) {
		import_object_text(&o, "address", address_lines(o.arena, wonde_at(student, home)));
		add_text(&o, "postcode", wonde_at(student, home), PATH("postcode"));
	}
	return import_object_give(&o, w->take_row, w->ctx);
}

/* Contacts. */

static void add_ways(struct import_object *o, struct json_object *contact)
{
	static const char *const phones[] = { "primary", "mobile", "phone", "home", "work", NULL };
	static const char *const emails[] = { "primary", "email", "home", "work", NULL };
	struct json_object      *phone = wonde_at(contact, PATH("contact_details", "phones"));
	struct json_object      *email = wonde_at(contact, PATH("contact_details", "emails"));

	check_object(o, contact, "contact_details");
	if (is_object(phone)) {
		const char *text = first_text(o->arena, phone, phones);

		import_object_text(o, "phone", text ? text : "");
	}
	if (is_object(email)) {
		const char *text = first_text(o->arena, email, emails);

		import_object_text(o, "email", text ? text : "");
	}
}

/* relationship: an object, or just the word. */
static void add_relationship(struct import_object *o, struct json_object *contact, struct json_object *relationship)
{
	struct json_object *holder = is_object(relationship) ? relationship : contact;
	struct json_object *value = wonde_member(holder, "parental_responsibility");
	bool                responsible = false;

	add_text(o, "relationship", holder, PATH("relationship"));
	if (!wonde_bool(value, &responsible))
		import_row_problem(&o->row, "parental_responsibility", "is neither true nor false");
	else if (value)
		import_object_bool(o, "parental_responsibility", responsible);
}

static bool give_contact(struct wonde *w, struct json_object *student, struct json_object *contact,
			 struct json_object *relationship)
{
	struct import_object o;
	const char          *id;
	bool                 is_text;

	import_object_begin(&o, w->line);
	is_text = wonde_text(o.arena, student, &id);
	if (!student)
		import_row_problem(&o.row, NULL, "names no pupil: ask Wonde for contacts that include students, or "
				   "for students that include contacts");
	if (!is_object(contact))
		import_row_problem(&o.row, NULL, "is not a JSON object");
	if (student && !is_object(student)) /* just its id */
		add(&o, "mis_id", is_text, id);
	add_text(&o, "mis_id", student, PATH("id"));
	add_upn(&o, student);
	import_object_number(&o, "school_urn", w->school_urn);
	add_names(&o, contact);
	add_relationship(&o, contact, relationship);
	add_ways(&o, contact);
	return import_object_give(&o, w->take_row, w->ctx);
}

static bool on_contact_of(void *ctx, struct json_object *contact)
{
	const struct pair *p = ctx;

	return give_contact(p->wonde, p->other, contact, wonde_member(contact, "relationship"));
}

/* What the pair is to each other may stand with either. */
static bool on_student_of(void *ctx, struct json_object *student)
{
	const struct pair  *p = ctx;
	struct json_object *relationship = wonde_member(student, "relationship");

	return give_contact(p->wonde, student, p->other,
			    relationship ? relationship : wonde_member(p->other, "relationship"));
}

static bool give_contacts(void *ctx, struct json_object *item)
{
	struct wonde       *w = ctx;
	struct pair         pair = { .wonde = w, .other = item };
	struct json_object *students = wonde_member(item, "students");

	w->line++;
	if (wonde_has(item, PATH("contacts")))
		return wonde_each(wonde_member(item, "contacts"), on_contact_of, &pair);
	if (!students)
		students = wonde_member(item, "student");
	if (!students)
		students = wonde_member(item, "student_id");
	if (!students && !wonde_has(item, PATH("students")))
		return give_contact(w, NULL, item, wonde_member(item, "relationship"));
	return wonde_each(students, on_student_of, &pair);
}

/* Attendance. */

static const char *text_of(struct arena *a, struct json_object *value)
{
	const char *text = NULL;

	wonde_text(a, value, &text);
	return text;
}

static const char *code_by_id(const struct wonde *w, const char *id)
{
	struct json_object *code = NULL;

	return id && json_object_object_get_ex(w->codes, id, &code) ? json_object_get_string(code) : NULL;
}

static const char *code_of(const struct wonde *w, struct arena *a, struct json_object *item)
{
	struct json_object *attendance = wonde_member(item, "attendance_code");
	const char         *said = is_object(attendance) ? text_of(a, wonde_member(attendance, "code"))
				   : text_of(a, attendance);
	const char         *listed = is_object(attendance) ? NULL : code_by_id(w, said);

	if (!said)
		said = text_of(a, wonde_member(item, "code"));
	if (!said)
		listed = code_by_id(w, text_of(a, wonde_member(item, "attendance_code_id")));
	return listed ? listed : said;
}

/* NULL: not said; "": said to be empty.  What is no text is neither, or it would clear what is stored. */
static const char *note_of(struct arena *a, struct json_object *item, const char *name, struct mark *mark)
{
	const char *text;

	if (!wonde_text(a, wonde_member(item, name), &text)) {
		mark->problem_field = mark->problem ? mark->problem_field : name;
		mark->problem = neither;
	} else if (!text && wonde_has(item, PATH(name))) {
		text = "";
	}
	return text;
}

static bool give_mark(void *ctx, struct json_object *item)
{
	struct wonde       *w = ctx;
	struct arena       *a = arena_new();
	struct json_object *student = wonde_member(item, "student");
	struct mark         mark = { .line = ++w->line, .school_urn = w->school_urn };
	bool                on;

	mark.mis_id = text_of(a, is_object(student) ? wonde_member(student, "id")
				 : student ? student : wonde_member(item, "student_id"));
	mark.upn = text_of(a, wonde_at(student, PATH("education_details", "upn")));
	if (!mark.upn)
		mark.upn = text_of(a, wonde_member(student, "upn"));
	wonde_day(a, wonde_member(item, "date"), &mark.date);
	mark.session = text_of(a, wonde_member(item, "session"));
	mark.code = code_of(w, a, item);
	mark.minutes_late = note_of(a, item, "minutes_late", &mark);
	mark.comment = note_of(a, item, "comment", &mark);
	on = w->take_mark(w->ctx, &mark);
	arena_free(a);
	return on;
}

static enum err read_page(struct request *r, struct import_body *body, struct wonde *w,
			  bool (*give)(void *ctx, struct json_object *item))
{
	struct arena     *a = arena_new();
	struct wonde_page page;
	const enum err    err = wonde_page_read(r, a, body, &page);

	if (!err) {
		w->codes = page.codes;
		wonde_each(page.items, give, w);
	}
	arena_free(a);
	return err;
}

enum err import_wonde_pupils(struct request *r, struct import_body *body, const char *school_urn,
			     import_row_fn *take, void *ctx)
{
	struct wonde w = { .school_urn = school_urn, .take_row = take, .ctx = ctx };

	return read_page(r, body, &w, give_pupil);
}

enum err import_wonde_contacts(struct request *r, struct import_body *body, const char *school_urn,
			       import_row_fn *take, void *ctx)
{
	struct wonde w = { .school_urn = school_urn, .take_row = take, .ctx = ctx };

	return read_page(r, body, &w, give_contacts);
}

enum err import_wonde_marks(struct request *r, struct import_body *body, const char *school_urn, mark_fn *take,
			    void *ctx)
{
	struct wonde w = { .school_urn = school_urn, .take_mark = take, .ctx = ctx };

	return read_page(r, body, &w, give_mark);
}
