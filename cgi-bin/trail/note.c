#include "trail/note.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

static const char signature_start[] = "\xe2\x80\x94 "; /* an em dash and a blank */

enum { SIGNED_SIZE = KEY_ID_SIZE + SIGNATURE_SIZE };

const char *note_sign(struct arena *a, const struct key *key, unsigned long long size,
		      const unsigned char root[HASH_SIZE])
{
	const char   *text = arena_printf(a, "%s\n%llu\n%s\n", key->name, size, hash_base64(a, root, HASH_SIZE));
	unsigned char bytes[SIGNED_SIZE];

	memcpy(bytes, key->id, KEY_ID_SIZE);
	key_sign(key, text, strlen(text), bytes + KEY_ID_SIZE);
	return arena_printf(a, "%s\n%s%s %s\n", text, signature_start, key->name, hash_base64(a, bytes, sizeof(bytes)));
}

/* Base64 of just so many bytes, in the only way of writing them. */
static bool decode(struct arena *a, const char *text, size_t length, unsigned char *ret_bytes, size_t size)
{
	const char    *own = arena_strndup(a, text, length);
	unsigned char *bytes = arena_alloc(a, length + 1);

	if (length != (size + 2) / 3 * 4 || EVP_DecodeBlock(bytes, (const unsigned char *)own, (int)length) < 0
	    || strcmp(hash_base64(a, bytes, size), own) != 0)
		return false;
	memcpy(ret_bytes, bytes, size);
	return true;
}

/* The lines of the text; false when it has fewer. */
static bool split(const char *text, const char *lines[], size_t lengths[], int count)
{
	for (int i = 0; i < count; i++) {
		lines[i] = text;
		lengths[i] = strcspn(text, "\n");
		if (text[lengths[i]] == '\0')
			return false;
		text += lengths[i] + 1;
	}
	return true;
}

static bool read_size(const char *digits, unsigned long long *ret_size)
{
	char *end;

	errno = 0;
	*ret_size = strtoull(digits, &end, 10);
	return digits[0] >= '1' && digits[0] <= '9' && *end == '\n' && errno == 0;
}

const char *note_read(struct arena *a, const char *note, struct checkpoint *ret_checkpoint)
{
	const char *end = strstr(note, "\n\n"), *lines[3];
	size_t      lengths[3];

	if (!end || !split(note, lines, lengths, 3) || lines[2] > end)
		return "it is no signed note";
	ret_checkpoint->note = note;
	ret_checkpoint->text_size = (size_t)(end + 1 - note);
	ret_checkpoint->name = arena_strndup(a, lines[0], lengths[0]);
	if (!read_size(lines[1], &ret_checkpoint->size))
		return "it says no size";
	return decode(a, lines[2], lengths[2], ret_checkpoint->root, HASH_SIZE) ? NULL : "it says no root";
}

/* "— name base64" by this key; the signature itself. */
static bool is_by(struct arena *a, const char *line, const struct key *key, unsigned char *ret_bytes)
{
	const size_t start = strlen(signature_start), name = strlen(key->name);

	if (strncmp(line, signature_start, start) != 0 || strncmp(line + start, key->name, name) != 0
	    || line[start + name] != ' ')
		return false;
	line += start + name + 1;
	return decode(a, line, strcspn(line, "\n"), ret_bytes, SIGNED_SIZE) && memcmp(ret_bytes, key->id, KEY_ID_SIZE) == 0;
}

enum signature note_signature(struct arena *a, const struct checkpoint *checkpoint, const struct key *const *keys,
			      size_t count)
{
	enum signature found = SIGNATURE_OF_NONE;
	unsigned char  bytes[SIGNED_SIZE];

	for (const char *line = checkpoint->note + checkpoint->text_size; (line = strchr(line, '\n')) && *++line;) {
		for (size_t i = 0; i < count; i++) {
			if (!is_by(a, line, keys[i], bytes))
				continue;
			if (strcmp(keys[i]->name, checkpoint->name) != 0
			    || !key_has_signed(keys[i], checkpoint->note, checkpoint->text_size, bytes + KEY_ID_SIZE))
				return SIGNATURE_FORGED;
			found = SIGNATURE_GOOD;
		}
	}
	return found;
}

/* A whole one: what was being written when its writer ended is shorter. */
static bool is_signature(const char *line)
{
	const char *base64 = strrchr(line, ' ');

	return strncmp(line, signature_start, strlen(signature_start)) == 0
		&& base64 && strcspn(base64 + 1, "\n") >= (SIGNED_SIZE + 2) / 3 * 4 && strchr(base64, '\n');
}

/* What of a note stands in file->note so far. */
enum part { NOTHING, ITS_TEXT, ITS_EMPTY_LINE, ITS_SIGNATURES };

static enum part follows(enum part part, const char *line)
{
	if (strcmp(line, "\n") == 0)
		return part == ITS_TEXT ? ITS_EMPTY_LINE : NOTHING;
	if (part == ITS_EMPTY_LINE || part == ITS_SIGNATURES)
		return is_signature(line) ? ITS_SIGNATURES : NOTHING;
	return ITS_TEXT;
}

/* The next that is signed, up to the empty line after it; false at the end of the file. */
static bool gather(struct note_file *file)
{
	enum part part = NOTHING;
	char      line[NOTE_MAX];
	size_t    size = 0;

	while (fgets(line, sizeof(line), file->file)) {
		const size_t length = strlen(line);
		enum part    next = follows(part, line);

		if (part == ITS_SIGNATURES && strcmp(line, "\n") == 0)
			return true;
		if (next == NOTHING || size + length >= sizeof(file->note)) {
			file->torn += part != NOTHING;
			next = strcmp(line, "\n") == 0 || length + 1 >= sizeof(line) ? NOTHING : ITS_TEXT;
			size = 0;
		}
		if (next != NOTHING) {
			memcpy(file->note + size, line, length + 1);
			size += length;
		}
		part = next;
	}
	file->torn += part != NOTHING && part != ITS_SIGNATURES;
	return part == ITS_SIGNATURES;
}

bool note_next(struct note_file *file, struct arena *a, struct checkpoint *ret_checkpoint)
{
	while (gather(file)) {
		if (!note_read(a, file->note, ret_checkpoint))
			return true;
		file->torn++;
	}
	return false;
}
