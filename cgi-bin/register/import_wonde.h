/*
 * Pages of JSON as the broker Wonde gives them: {"data": [items], "meta": …}.
 * A bare array of items and a page whose data is one item are read, too.  What
 * is included with an item may be wrapped ({"data": …}) or not.  Members that
 * are not named here are passed over: it is another's format, and it grows.
 *
 *   students     id, forename, surname (or else legal_forename, legal_surname),
 *                date_of_birth, education_details { upn, current_nc_year,
 *                admission_date, leaving_date }, contact_details { addresses
 *                { home } }; a upn or year { code } of the student itself where
 *                education_details are not included
 *   contacts     students that include contacts, or contacts that include
 *                students; each contact forename, surname, relationship
 *                { relationship, parental_responsibility }, contact_details
 *                { phones, emails }
 *   attendance   session attendance: date, session, attendance_code { code } or
 *                code, comment, minutes_late, student { id } or student_id; an
 *                attendance_code_id with the page's attendance_codes; a comment
 *                or minutes_late that is missing is not said, null says that it
 *                is empty
 *
 * A student's id is our mis_id: by it attendance names its pupil.  Wonde does
 * not name the school in its items, so school_urn, which may be NULL, is what
 * every row gets.  A date with a time of day other than midnight is no date.
 * The line of a row is the number of its item, from 1.
 *
 * A page is read whole, within the limits below, by the strict reader of
 * core/json.h: ERR_JSON for what that refuses, ERR_MALFORMED for a body that
 * broke off or has no items, ERR_TOO_LARGE.  ERR_NONE also when take said to stop.
 */
#ifndef DOORSTEP_IMPORT_WONDE_H
#define DOORSTEP_IMPORT_WONDE_H

#include "register/import_body.h"
#include "register/import_row.h"
#include "register/mark.h"

/* Room for 500 students with all that is included above. */
enum {
	WONDE_BYTES_MAX = 8 * 1024 * 1024,
	WONDE_VALUES_MAX = 300000,
};

enum err import_wonde_pupils(struct request *r, struct import_body *body, const char *school_urn,
			     import_row_fn *take, void *ctx);
enum err import_wonde_contacts(struct request *r, struct import_body *body, const char *school_urn,
			       import_row_fn *take, void *ctx);
enum err import_wonde_marks(struct request *r, struct import_body *body, const char *school_urn, mark_fn *take,
			    void *ctx);

#endif
