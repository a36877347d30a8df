#include "records/resources.h"
#include "register/resources.h"

static const char *const choices_by[] = { "trust", "school", "year_group", "pupil", NULL };
static const char *const choices_level[] = { "persistent", "severe", NULL };

#define WINDOW_FILTER                                                                                             \
	{ "from", .in = IN_QUERY, .type = FIELD_DATE,                                                             \
	  .doc = "First day; the beginning of the academic year (1 August) when left out" },                      \
	{ "to", .in = IN_QUERY, .type = FIELD_DATE, .doc = "Last day, at most ten years later; today when left out" }
#define AS_OF_FILTER \
	{ "as_of", .in = IN_QUERY, .type = FIELD_DATE, .doc = "As of the end of this day; today when left out" }

#define PERCENTAGE(name, text) { (name), .type = FIELD_DECIMAL, .max = 100, .doc = (text) }
#define SESSIONS(name, text) { (name), .type = FIELD_INT, .required = true, .doc = (text) }

/* possible to highest: what a window of sessions comes to. */
#define SUM_FIELDS                                                                                                \
	SESSIONS("possible", "Sessions on roll that were attended or missed"),                                    \
	SESSIONS("attended", "Of these: attended, or at an approved educational activity"),                       \
	SESSIONS("authorised", "Of these: authorised absence"),                                                   \
	SESSIONS("unauthorised", "Of these: unauthorised absence"),                                               \
	SESSIONS("unresolved", "Of the unauthorised: reason not yet established (N)"),                            \
	SESSIONS("not_possible", "Sessions that were not a possible attendance"),                                 \
	SESSIONS("gaps", "Sessions on roll that were held and have no mark"),                                     \
	PERCENTAGE("percentage", "Attended of possible, rounded down; none where nothing was possible"),          \
	PERCENTAGE("lowest", "The same if all gaps turn out absent"),                                             \
	PERCENTAGE("highest", "The same if all gaps and all that is unresolved turn out attended")

#define PUPIL_FIELDS                                                                                              \
	{ "id", .type = FIELD_INT, .required = true, .doc = "The pupil" },                                        \
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "The pupil" },                                     \
	{ "upn", .type = FIELD_TEXT, .required = true, .doc = "Unique pupil number" },                            \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "School of the latest stay in that time" }

#define MARK_FIELDS                                                                                               \
	{ "id", .type = FIELD_INT, .required = true, .doc = "A number of the mark in this list" },                \
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "The pupil" },                                     \
	{ "upn", .type = FIELD_TEXT, .required = true, .doc = "Unique pupil number" },                            \
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "In whose register" },                        \
	{ "date", .type = FIELD_DATE, .required = true, .doc = "Day" },                                           \
	{ "session", .type = FIELD_CHOICE, .required = true, .choices = choices_session, .doc = "Session" }

static const struct field pupil_fields[] = { ID_IN_PATH("pupil", "Id of the pupil"), WINDOW_FILTER, AS_OF_FIELD,
	{ 0 } };

static const struct field mark_fields[] = {
	{ "date", .type = FIELD_DATE, .required = true, .doc = "Day" },
	{ "session", .type = FIELD_CHOICE, .required = true, .choices = choices_session, .doc = "Session" },
	{ "school_urn", .type = FIELD_INT, .required = true, .doc = "In whose register" },
	{ "code", .type = FIELD_TEXT, .doc = "Attendance code; - where the register says that no mark was taken, none where it says nothing" },
	{ "class", .type = FIELD_CHOICE, .choices = choices_attendance_class, .doc = "Statistical class of the code" },
	{ "minutes_late", .type = FIELD_INT, .doc = "Minutes late" },
	{ "comment", .type = FIELD_TEXT, .doc = "Comment" },
	{ "decided", .type = FIELD_BOOL, .required = true, .doc = "Whether the school amended it, so that no import changes it" },
	{ 0 }
};
static const struct field mark = { "mark", .type = FIELD_OBJECT, .fields = mark_fields, .doc = "A session" };
static const struct field sum_fields[] = { SUM_FIELDS, { 0 } };

static const struct field pupil_attendance[] = {
	{ "pupil", .type = FIELD_INT, .required = true, .doc = "The pupil" },
	{ "from", .type = FIELD_DATE, .required = true, .doc = "First day" },
	{ "to", .type = FIELD_DATE, .required = true, .doc = "Last day" },
	{ "marks", .type = FIELD_LIST, .required = true, .item = &mark, .doc = "Every session on roll that has a mark or should have one, of each school" },
	{ "sums", .type = FIELD_OBJECT, .required = true, .fields = sum_fields, .doc = "What they come to; a session at two schools counts once" },
	{ 0 }
};

static const struct field summary_fields[] = {
	{ "by", .in = IN_QUERY, .type = FIELD_CHOICE, .required = true, .choices = choices_by, .doc = "What a row is of" },
	WINDOW_FILTER,
	SCHOOL_FILTER,
	{ "year_group", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "Only of this year group" },
	{ "pupil", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .doc = "Only of the pupil with this id" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field summary[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "A number of the row in this list" },
	{ "school_urn", .type = FIELD_INT, .doc = "The school; of a pupil that of the latest stay in that time" },
	{ "year_group", .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "The year group, the latest known of the stay" },
	{ "pupil", .type = FIELD_INT, .doc = "The pupil" },
	{ "upn", .type = FIELD_TEXT, .doc = "Unique pupil number" },
	{ "pupils", .type = FIELD_INT, .required = true, .doc = "How many pupils were on roll in that time" },
	SUM_FIELDS,
	{ 0 }
};

static const struct field absence_fields[] = {
	SCHOOL_FILTER,
	WINDOW_FILTER,
	{ "level", .in = IN_QUERY, .type = FIELD_CHOICE, .choices = choices_level, .doc = "severe: only those who miss half or more" },
	{ "minimum_sessions", .in = IN_QUERY, .type = FIELD_INT, .min = 1, .max = 100000, .doc = "Only with at least so many possible sessions" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field absence[] = {
	PUPIL_FIELDS,
	{ "year_group", .type = FIELD_CHOICE, .choices = choices_year_group, .doc = "Year group" },
	{ "level", .type = FIELD_CHOICE, .required = true, .choices = choices_level, .doc = "persistent: missed a tenth or more of the possible sessions; severe: half or more" },
	SESSIONS("missed", "Sessions missed, authorised or not"),
	SUM_FIELDS,
	{ 0 }
};

static const struct field penalty_fields[] = { SCHOOL_FILTER, AS_OF_FILTER, LIST_PAGE_FIELDS, { 0 } };

static const struct field penalty[] = {
	PUPIL_FIELDS,
	{ "first_week", .type = FIELD_DATE, .required = true, .doc = "Monday of the first school week of the latest span" },
	{ "last_week", .type = FIELD_DATE, .required = true, .doc = "Monday of its last, the tenth" },
	SESSIONS("sessions", "Sessions of G, N, O or U in it"),
	SESSIONS("unresolved", "Of these: reason not yet established (N)"),
	{ "reached_without_unresolved", .type = FIELD_BOOL, .required = true, .doc = "Whether ten are left without those" },
	{ 0 }
};

static const struct field sickness_fields[] = { SCHOOL_FILTER, WINDOW_FILTER, LIST_PAGE_FIELDS, { 0 } };

static const struct field sickness[] = {
	PUPIL_FIELDS,
	SESSIONS("sessions", "Sessions missed through illness (I)"),
	{ "days", .type = FIELD_DECIMAL, .required = true, .doc = "The same in days, a session being half a day" },
	{ "first_day", .type = FIELD_DATE, .required = true, .doc = "First day of illness" },
	{ "last_day", .type = FIELD_DATE, .required = true, .doc = "Last day of illness" },
	{ "longest_run", .type = FIELD_DECIMAL, .required = true, .doc = "Most school days of illness one after another" },
	{ "run_from", .type = FIELD_DATE, .required = true, .doc = "First day of these" },
	{ "run_to", .type = FIELD_DATE, .required = true, .doc = "Last day of these" },
	{ 0 }
};

static const struct field unresolved_fields[] = {
	SCHOOL_FILTER,
	AS_OF_FILTER,
	{ "older_than", .in = IN_QUERY, .type = FIELD_INT, .min = 0, .max = 1000, .doc = "Only marks more than so many school days old (default 5)" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field unresolved[] = {
	MARK_FIELDS,
	{ "school_days", .type = FIELD_INT, .required = true, .doc = "Days since, on which the school was open" },
	{ 0 }
};

static const struct field gap_fields[] = { SCHOOL_FILTER, WINDOW_FILTER, LIST_PAGE_FIELDS, { 0 } };

static const struct field gap[] = {
	MARK_FIELDS,
	{ "said", .type = FIELD_BOOL, .required = true, .doc = "Whether the register says that no mark was taken (-)" },
	{ 0 }
};

static const struct field code_fields[] = {
	{ "day", .in = IN_QUERY, .type = FIELD_DATE, .doc = "Only codes that may be used on this day" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const struct field code[] = {
	{ "id", .type = FIELD_INT, .required = true, .doc = "Place in this list" },
	{ "code", .type = FIELD_TEXT, .required = true, .doc = "The code" },
	{ "title", .type = FIELD_TEXT, .required = true, .doc = "What it means" },
	{ "class", .type = FIELD_CHOICE, .required = true, .choices = choices_attendance_class, .doc = "Its statistical class" },
	{ "attended", .type = FIELD_BOOL, .required = true, .doc = "Whether it counts as attended" },
	{ "possible", .type = FIELD_BOOL, .required = true, .doc = "Whether it counts as a possible attendance" },
	{ "counts_to_penalty", .type = FIELD_BOOL, .required = true, .doc = "Whether it counts to the national penalty-notice threshold" },
	{ "valid_from", .type = FIELD_DATE, .doc = "First day on which it may be used; none: it always might" },
	{ "valid_to", .type = FIELD_DATE, .doc = "Last day on which it may be used; none while it is in force" },
	{ 0 }
};

#define ATTENDANCE "/api/v1/attendance"

const struct route attendance_routes[] = {
	{ .method = "GET", .path = "/api/v1/pupils/{pupil}/attendance", .summary = "Read the register of a pupil",
	  .scope = "attendance:read", .fields = pupil_fields, .answer = pupil_attendance, .noun = "pupil_attendance",
	  .nouns = "pupil-attendances", .function = "api.pupil_attendance_read",
	  .past = "past.pupil_attendance_read", .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/summary", .summary = "Sum attendance up",
	  .scope = "attendance:read", .fields = summary_fields, .answer = summary, .noun = "attendance_sum",
	  .nouns = "attendance-sums", .function = "api.attendance_summary_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/absence", .summary = "List who is persistently or severely absent",
	  .scope = "attendance:read", .fields = absence_fields, .answer = absence, .noun = "absence",
	  .nouns = "absences", .function = "api.absence_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/penalties",
	  .summary = "List who reaches the national threshold for a penalty notice",
	  .scope = "attendance:read", .fields = penalty_fields, .answer = penalty, .noun = "penalty",
	  .nouns = "penalties", .function = "api.penalty_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/sickness", .summary = "List who was ill for fifteen days or more",
	  .scope = "attendance:read", .fields = sickness_fields, .answer = sickness, .noun = "sickness",
	  .nouns = "sicknesses", .function = "api.sickness_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/unresolved", .summary = "List the marks whose reason is overdue",
	  .scope = "attendance:read", .fields = unresolved_fields, .answer = unresolved, .noun = "unresolved_mark",
	  .nouns = "unresolved-marks", .function = "api.unresolved_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/gaps", .summary = "List the marks that are missing",
	  .scope = "attendance:read", .fields = gap_fields, .answer = gap, .noun = "gap",
	  .nouns = "gaps", .function = "api.gap_list", .shape = MANY_ROWS, .sensitive = true },
	{ .method = "GET", .path = ATTENDANCE "/codes", .summary = "List the attendance codes",
	  .scope = "attendance:read", .fields = code_fields, .answer = code, .noun = "attendance_code",
	  .nouns = "attendance-codes", .function = "api.attendance_code_list", .shape = MANY_ROWS },
	{ 0 }
};
