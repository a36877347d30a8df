#include <string.h>

#include "core/format.h"
#include "core/format/xml_writer.h"

struct xml_state {
	xmlTextWriterPtr writer;
	char            *text; /* room for one value being cleaned */
	size_t           room;
};

static void free_writer(void *ptr)
{
	xmlFreeTextWriter(ptr);
}

static void xml_begin(struct writer *w)
{
	struct xml_state *state = arena_alloc(w->arena, sizeof(*state));

	w->state = state;
	state->writer = xml_writer_new(w->out);
	arena_defer(w->arena, free_writer, state->writer);
	xml_writer_must(xmlTextWriterStartElement(state->writer, BAD_CAST w->nouns));
	xml_writer_must(xmlTextWriterWriteAttribute(state->writer, BAD_CAST "xmlns",
						    BAD_CAST FORMAT_XML_NAMESPACE));
}

/* The size of the character at s if XML 1.0 cannot hold it, else 0. */
static size_t forbidden_size(const unsigned char *s, size_t left)
{
	if (*s < 0x20)
		return *s != '\t' && *s != '\n' && *s != '\r';
	if (*s == 0xef && left >= 3 && s[1] == 0xbf && s[2] >= 0xbe)
		return 3; /* U+FFFE and U+FFFF */
	return 0;
}

static bool has_forbidden(const char *text, size_t length)
{
	const unsigned char *s = (const unsigned char *)text;

	for (size_t i = 0; i < length; i++)
		if (forbidden_size(s + i, length - i))
			return true;
	return false;
}

/* Puts U+FFFD for what XML cannot hold. */
static const char *cleaned(struct writer *w, const char *text, size_t length)
{
	struct xml_state *state = w->state;
	char             *to;

	if (!has_forbidden(text, length))
		return text;
	if (state->room < 3 * length + 1) {
		state->room = 6 * length + 1;
		state->text = arena_alloc(w->arena, state->room);
	}
	to = state->text;
	for (size_t i = 0; i < length;) {
		size_t size = forbidden_size((const unsigned char *)text + i, length - i);

		if (size)
			to = stpcpy(to, "\xef\xbf\xbd");
		else
			*to++ = text[i];
		i += size ? size : 1;
	}
	*to = '\0';
	return state->text;
}

/* A value as the export has it. */
static const char *exported(struct writer *w, const struct field *f, const char *text, size_t length, char *buffer)
{
	if (f->type == FIELD_BOOL)
		return text[0] == 't' ? "true" : "false";
	if (f->type != FIELD_TIME)
		return cleaned(w, text, length);
	format_time(buffer, text, length);
	return buffer;
}

/* A value as it is read on a page: a time to the minute. */
static const char *shown(struct writer *w, const struct field *f, const char *text, size_t length, char *buffer)
{
	enum { TO_THE_MINUTE = sizeof("2027-01-12 09:30") - 1 };

	if (f->type == FIELD_BOOL)
		return text[0] == 't' ? "yes" : "no";
	if (f->type != FIELD_TIME || length < TO_THE_MINUTE || text[10] != ' ')
		return cleaned(w, text, length);
	memcpy(buffer, text, TO_THE_MINUTE);
	memcpy(buffer + TO_THE_MINUTE, " UTC", sizeof(" UTC"));
	return buffer;
}

static void write_value(struct writer *w, const struct field *f, const char *text)
{
	struct xml_state *state = w->state;

	xml_writer_must(xmlTextWriterWriteElement(state->writer, BAD_CAST f->name, BAD_CAST text));
}

static void xml_row(struct writer *w, const struct row *row)
{
	struct xml_state *state = w->state;
	char              buffer[FORMAT_TIME_SIZE];

	xml_writer_must(xmlTextWriterStartElement(state->writer, BAD_CAST w->noun));
	for (size_t i = 0; i < w->count; i++)
		if (row->values[i])
			write_value(w, w->columns[i], exported(w, w->columns[i], row->values[i],
							       (size_t)row->lengths[i], buffer));
	xml_writer_must(xmlTextWriterEndElement(state->writer));
}

static void html_row(struct writer *w, const struct row *row)
{
	struct xml_state *state = w->state;
	char              buffer[FORMAT_TIME_SIZE];

	xml_writer_must(xmlTextWriterStartElement(state->writer, BAD_CAST w->noun));
	for (size_t i = 0; i < w->count; i++)
		write_value(w, w->columns[i], !row->values[i] ? "" : shown(w, w->columns[i], row->values[i],
									   (size_t)row->lengths[i], buffer));
	xml_writer_must(xmlTextWriterEndElement(state->writer));
}

static void xml_end(struct writer *w)
{
	struct xml_state *state = w->state;

	xml_writer_must(xmlTextWriterEndDocument(state->writer));
	xml_writer_must(xmlTextWriterFlush(state->writer));
}

const struct format format_xml = {
	.name = "xml",
	.media_type = "application/xml; charset=utf-8",
	.begin = xml_begin,
	.row = xml_row,
	.end = xml_end,
};

/*
 * The same rows, of which a page is made once they are all there: each with a value for every column, as it
 * is read, so that a stylesheet has nothing to do for a cell but to put it there.
 */
const struct format format_html = {
	.name = "html",
	.media_type = "text/html; charset=utf-8",
	.begin = xml_begin,
	.row = html_row,
	.end = xml_end,
};
