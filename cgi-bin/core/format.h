/*
 * The formats in which rows leave: json, ndjson, csv, xml, xlsx, html; one file each
 * in format/ and one line in the list of format.c.
 *
 * A value is PostgreSQL's text with TimeZone UTC and DateStyle ISO: "t"/"f",
 * "2027-01-12", "2027-01-12 09:30:00+00", JSON text for FIELD_LIST and
 * FIELD_OBJECT; NULL for null.  Writers turn times into RFC 3339.
 */
#ifndef DOORSTEP_FORMAT_H
#define DOORSTEP_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "field.h"
#include "output.h"

struct row {
	const char *const *values;  /* as many as the writer has columns, NUL-terminated UTF-8 */
	const int         *lengths; /* bytes; meaningless where the value is NULL */
};

struct writer {
	const struct format       *format;
	struct arena              *arena;
	struct output             *out;
	const struct field *const *columns; /* those that the format shows, in order */
	size_t                     count;
	const char                *noun, *nouns; /* XML elements: "visit", "visits" */
	bool                       machine; /* CSV: exact, cells not guarded for spreadsheets */
	bool                       single;  /* JSON: the record itself, not a list of one */
	size_t                     rows;    /* written before this one, counted by format_row() */
	const char                *next;    /* JSON list: path of the next page, or NULL */
	const char                *total;   /* JSON list: exact count in digits, or NULL */
	void                      *state;   /* the format's own */
};

struct format {
	const char *name;       /* the suffix: "csv" */
	const char *media_type; /* with charset where it has one */
	bool        nested;     /* can hold lists and objects */
	size_t      most;       /* rows that it can hold; 0: any number */
	void      (*begin)(struct writer *w);
	void      (*row)(struct writer *w, const struct row *row);
	void      (*end)(struct writer *w);
};

/* Ends with NULL. */
extern const struct format *const formats[];

extern const struct format format_json, format_ndjson, format_csv, format_xml, format_xlsx, format_html;

/* By suffix; NULL when there is none of that name. */
const struct format *format_by_name(const char *name);

/*
 * By Accept header (RFC 9110 section 12.5.1: q values, wildcards; the most
 * specific range decides, ties go to the order of what is offered, which ends
 * in NULL); without the header, or with an empty one, the first.  NULL when
 * nothing acceptable is offered.  Parameters other than q are passed over.
 */
const struct format *format_by_accept(const char *accept, const struct format *const *offered);

/* The columns of a NULL-name-terminated table that the format shows. */
size_t format_columns(struct arena *a, const struct format *format, const struct field *answer,
		      const struct field *const **ret_columns);

/* next and total may be set until format_end(); nothing is kept per row. */
void format_begin(struct writer *w);
void format_row(struct writer *w, const struct row *row);
void format_end(struct writer *w);

/* The own namespace of the XML exports. */
#define FORMAT_XML_NAMESPACE "https://doorstep.example/ns/v1"

/* JSON string with quotes; the text is valid UTF-8. */
void format_json_string(struct output *out, const char *text, size_t length);

/*
 * PostgreSQL's time as RFC 3339 in UTC: "2027-01-12 09:30:00.5+00" gives
 * "2027-01-12T09:30:00.5Z".  buffer holds at least FORMAT_TIME_SIZE bytes; the
 * length is returned.
 */
enum { FORMAT_TIME_SIZE = 48 };
size_t format_time(char *buffer, const char *text, size_t length);

/* The XSD (1.0) that every XML export of these columns is valid against. */
void format_xsd(struct output *out, const struct field *answer, const char *noun,
		const char *nouns);

#endif
