#include "retry.h"

bool retry_helps(CURLcode rc, long status, bool keyed)
{
	switch (rc) {
	case CURLE_OK:
		return (keyed && status == 409) || status == 408 || status == 425 || status == 429 ||
		       (status >= 500 && status != 501 && status != 505);
	case CURLE_UNSUPPORTED_PROTOCOL:
	case CURLE_URL_MALFORMAT:
	case CURLE_WRITE_ERROR: /* we refused it */
	case CURLE_FILESIZE_EXCEEDED:
	case CURLE_BAD_FUNCTION_ARGUMENT:
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_CERTPROBLEM:
	case CURLE_SSL_ISSUER_ERROR:
		return false;
	default:
		return true;
	}
}

long retry_wait_ms(int tried, long pause_ms, long long retry_after_s)
{
	long wait = pause_ms;

	if (retry_after_s > RETRY_AFTER_MAX_S)
		return -1;
	while (--tried > 0 && wait < RETRY_PAUSE_MAX_MS)
		wait *= 2;
	if (wait > RETRY_PAUSE_MAX_MS)
		wait = RETRY_PAUSE_MAX_MS;
	return retry_after_s * 1000 > wait ? (long)(retry_after_s * 1000) : wait;
}
