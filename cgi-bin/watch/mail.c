#include "mail.h"

#include <stdbool.h>
#include <string.h>

#include "core/hash.h"
#include "watch/url.h"

enum {
	LINE_BYTES = 57,    /* 76 characters of base64 */
	SUBJECT_BYTES = 42, /* of an encoded word, which has at most 75 characters */
};

const char *mail_settings_problem(const struct settings *settings)
{
	if (!*settings->smtp_url)
		return NULL;
	if (!url_has_scheme(settings->smtp_url, "smtp") && !url_has_scheme(settings->smtp_url, "smtps"))
		return "smtp_url must be like smtp://host:25 or smtps://host:465";
	return mail_address_problem(settings->smtp_from) ? "smtp_from is no e-mail address" : NULL;
}

/* One address and nothing else: what could end a header or a command, or name a second one, is refused. */
const char *mail_address_problem(const char *address)
{
	const char *at = strrchr(address, '@');

	if (!at || at == address || !at[1] || strpbrk(address, " \t\r\n<>(),;:\\\"[]") || strlen(address) > 254)
		return "this is no e-mail address";
	for (const char *c = address; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return "this is no e-mail address";
	return NULL;
}

static bool is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text >= 0x80 || (unsigned char)*text < ' ')
			return false;
	return true;
}

/* The length of what fits into so many bytes, cut between two characters. */
static size_t cut(const char *text, size_t most)
{
	size_t length = strnlen(text, most + 1);

	if (length <= most)
		return length;
	for (length = most; length > 0 && ((unsigned char)text[length] & 0xc0) == 0x80; length--)
		;
	return length > 0 ? length : most;
}

/* RFC 2047, where it is not ASCII. */
static const char *subject_header(struct arena *a, const char *subject)
{
	const char *header = "Subject:";

	if (is_ascii(subject))
		return arena_printf(a, "Subject: %s\r\n", subject);
	for (size_t n; *subject; subject += n) {
		n = cut(subject, SUBJECT_BYTES);
		header = arena_printf(a, "%s%s =?UTF-8?B?%s?=", header, strchr(header, '?') ? "\r\n" : "",
				      hash_base64(a, subject, n));
	}
	return arena_printf(a, "%s\r\n", header);
}

static const char *encoded_body(struct arena *a, const char *text)
{
	const size_t size = strlen(text);
	char        *body = arena_alloc(a, (size / LINE_BYTES + 1) * (76 + 2) + 1), *end = body;

	for (size_t at = 0; at < size; at += LINE_BYTES) {
		end = stpcpy(end, hash_base64(a, text + at, size - at < LINE_BYTES ? size - at : LINE_BYTES));
		end = stpcpy(end, "\r\n");
	}
	return body;
}

/* Text lines end with CRLF before they are encoded. */
static const char *with_crlf(struct arena *a, const char *text)
{
	char *copy = arena_alloc(a, 2 * strlen(text) + 1), *end = copy;

	for (; *text; text++) {
		if (*text == '\n')
			*end++ = '\r';
		*end++ = *text;
	}
	return copy;
}

static const char *link_line(struct arena *a, const char *public_url, const char *path)
{
	const size_t length = strlen(public_url);

	if (length == 0)
		return "";
	return arena_printf(a, "\n%s%s%s\n", public_url, public_url[length - 1] == '/' ? "" : "/", path);
}

const char *mail_message(struct arena *a, const struct settings *settings, const struct delivery *d, time_t now)
{
	const char *text = arena_printf(a, "%s\n%s", d->body, link_line(a, settings->public_url, d->link));
	const char *domain = strrchr(settings->smtp_from, '@');
	char        date[64];
	struct tm   utc;

	strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", gmtime_r(&now, &utc));
	return arena_printf(a,
		"From: Doorstep <%s>\r\n"
		"To: <%s>\r\n"
		"%s"
		"Date: %s\r\n"
		"Message-ID: <delivery-%s%s>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: base64\r\n"
		"\r\n"
		"%s", settings->smtp_from, d->address, subject_header(a, d->subject), date, d->id, domain ? domain : "@localhost",
		encoded_body(a, with_crlf(a, text)));
}

/* What is left of the message. */
struct upload {
	const char *text;
	size_t      left;
};

static size_t read_upload(char *buffer, size_t size, size_t count, void *ctx)
{
	struct upload *u = ctx;
	const size_t   n = size * count < u->left ? size * count : u->left;

	memcpy(buffer, u->text, n);
	u->text += n;
	u->left -= n;
	return n;
}

static void free_list(void *list)
{
	curl_slist_free_all(list);
}

const char *mail_prepare(struct arena *a, CURL *easy, const struct settings *settings, const struct delivery *d)
{
	struct upload     *upload = arena_alloc(a, sizeof(*upload));
	struct curl_slist *to;

	if (mail_address_problem(d->address))
		return mail_address_problem(d->address);
	to = curl_slist_append(NULL, arena_printf(a, "<%s>", d->address));
	arena_defer(a, free_list, to);
	upload->text = mail_message(a, settings, d, time(NULL));
	upload->left = strlen(upload->text);
	curl_easy_setopt(easy, CURLOPT_URL, settings->smtp_url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
	/* A mail server on this machine as a rule has a certificate that nobody knows. */
	curl_easy_setopt(easy, CURLOPT_USE_SSL, (long)(url_is_local(settings->smtp_url) ? CURLUSESSL_NONE : CURLUSESSL_ALL));
	if (*settings->smtp_user) {
		curl_easy_setopt(easy, CURLOPT_USERNAME, settings->smtp_user);
		curl_easy_setopt(easy, CURLOPT_PASSWORD, settings->smtp_password);
	}
	curl_easy_setopt(easy, CURLOPT_MAIL_FROM, arena_printf(a, "<%s>", settings->smtp_from));
	curl_easy_setopt(easy, CURLOPT_MAIL_RCPT, to);
	curl_easy_setopt(easy, CURLOPT_UPLOAD, 1L);
	curl_easy_setopt(easy, CURLOPT_READFUNCTION, read_upload);
	curl_easy_setopt(easy, CURLOPT_READDATA, upload);
	curl_easy_setopt(easy, CURLOPT_INFILESIZE_LARGE, (curl_off_t)upload->left);
	return NULL;
}
