#include "records/aftermath.h"

/* What is on file about a member of staff, and about the social worker of a family: all alike. */

#define STAFF_IN_PATH ID_IN_PATH("staff", "Id of the member of staff")
#define PUPIL_IN_PATH ID_IN_PATH("pupil", "Id of the pupil")
#define FACT_IN_PATH  ID_IN_PATH("fact", "Id of what is changed")
#define DAY(name, text) { (name), .type = FIELD_DATE, .required = true, .doc = (text) }
#define DAY_IF_ANY(name, text) { (name), .type = FIELD_DATE, .doc = (text) }
#define WORDS(name, most, text) { (name), .type = FIELD_TEXT, .required = true, .max = (most), .doc = (text) }
#define YES_OR_NO(name, text) { (name), .type = FIELD_BOOL, .required = true, .doc = (text) }

#define CHECK_FIELDS                                                                                         \
	{ "level", .type = FIELD_CHOICE, .required = true, .choices = choices_dbs_level, .doc = "How far it goes" }, \
	YES_OR_NO("barred_list", "Whether the barred list was looked at"), DAY("checked_on", "When")
#define CHECK_CHANGES DAY_IF_ANY("valid_until", "Last day on which the school relies on it; none: it has no end")

#define TRAINING_FIELDS                                                                                      \
	{ "course", .type = FIELD_CHOICE, .required = true, .choices = choices_training_course, .doc = "In what" }, \
	DAY("completed_on", "When")
#define TRAINING_CHANGES DAY_IF_ANY("valid_until", "Last day on which it counts; none: it has no end")

#define VEHICLE_FIELDS                                                                                       \
	WORDS("make", 50, "Make"), WORDS("model", 50, "Model"), WORDS("registration", 15, "Registration"),   \
	WORDS("colour", 30, "Colour"), DAY("insured_from", "First day of the insurance")
#define VEHICLE_CHANGES                                                                                      \
	DAY("insured_until", "Last day of the insurance"),                                                   \
	YES_OR_NO("business_use", "Whether the insurance covers driving for the school")

#define ALLERGY_FIELDS WORDS("allergen", 200, "To what"), DAY("from_on", "Since when it is known")
#define KIN_FIELDS     WORDS("name", 200, "Name"), DAY("from_on", "First day")
#define KIN_CHANGES    WORDS("phone", 30, "Telephone number"), UNTIL
#define WORKER_CHANGES { "phone", .type = FIELD_TEXT, .min = 1, .max = 30, .doc = "Mobile number" }, UNTIL
#define UNTIL          DAY_IF_ANY("until_on", "Last day; none until it is over")

#define READING_FIELDS(version_required)                                                                     \
	WORDS("policy", 40, "Code of the policy"),                                                           \
	{ "policy_version", .type = FIELD_TEXT, .required = (version_required), .min = 1, .max = 100,        \
	  .doc = "Its version; to add, the one in force on that day when left out" },                        \
	DAY("read_on", "When it was read and understood")

#define ANSWER_START(whose, text)                                                                            \
	{ "id", .type = FIELD_INT, .required = true, .doc = "Number in this API" },                          \
	{ (whose), .type = FIELD_INT, .required = true, .doc = (text) }
#define OF_STAFF ANSWER_START("staff", "Id of the member of staff")
#define OF_PUPIL ANSWER_START("pupil", "Id of the pupil")

static const struct field add_check[] = { STAFF_IN_PATH, CHECK_FIELDS, CHECK_CHANGES, { 0 } };
static const struct field change_check[] = { STAFF_IN_PATH, FACT_IN_PATH, CHECK_CHANGES, { 0 } };
static const struct field check[] = { OF_STAFF, CHECK_FIELDS, CHECK_CHANGES, RECORD_FIELDS, { 0 } };

static const struct field add_training[] = { STAFF_IN_PATH, TRAINING_FIELDS, TRAINING_CHANGES, { 0 } };
static const struct field change_training[] = { STAFF_IN_PATH, FACT_IN_PATH, TRAINING_CHANGES, { 0 } };
static const struct field training[] = { OF_STAFF, TRAINING_FIELDS, TRAINING_CHANGES, RECORD_FIELDS, { 0 } };

static const struct field add_vehicle[] = { STAFF_IN_PATH, VEHICLE_FIELDS, VEHICLE_CHANGES, { 0 } };
static const struct field change_vehicle[] = { STAFF_IN_PATH, FACT_IN_PATH, VEHICLE_CHANGES, { 0 } };
static const struct field vehicle[] = { OF_STAFF, VEHICLE_FIELDS, VEHICLE_CHANGES, RECORD_FIELDS, { 0 } };

static const struct field add_allergy[] = { STAFF_IN_PATH, ALLERGY_FIELDS, UNTIL, { 0 } };
static const struct field change_allergy[] = { STAFF_IN_PATH, FACT_IN_PATH, UNTIL, { 0 } };
static const struct field allergy[] = { OF_STAFF, ALLERGY_FIELDS, UNTIL, RECORD_FIELDS, { 0 } };

static const struct field add_kin[] = { STAFF_IN_PATH, KIN_FIELDS, KIN_CHANGES, { 0 } };
static const struct field change_kin[] = { STAFF_IN_PATH, FACT_IN_PATH, KIN_CHANGES, { 0 } };
static const struct field kin[] = { OF_STAFF, KIN_FIELDS, KIN_CHANGES, RECORD_FIELDS, { 0 } };

static const struct field add_reading[] = { STAFF_IN_PATH, READING_FIELDS(false), { 0 } };
static const struct field reading[] = {
	OF_STAFF,
	READING_FIELDS(true),
	{ "created_at", .type = FIELD_TIME, .required = true, .doc = "When it was recorded" },
	{ 0 }
};

static const struct field add_worker[] = { PUPIL_IN_PATH, KIN_FIELDS, WORKER_CHANGES, { 0 } };
static const struct field change_worker[] = {
	PUPIL_IN_PATH, ID_IN_PATH("social_worker", "Id of the social worker"), WORKER_CHANGES, { 0 }
};
static const struct field worker[] = { OF_PUPIL, KIN_FIELDS, WORKER_CHANGES, RECORD_FIELDS, { 0 } };

static const struct field of_staff[] = { STAFF_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field of_pupil[] = { PUPIL_IN_PATH, LIST_PAGE_FIELDS, { 0 } };
static const struct field of_all[] = {
	SCHOOL_FILTER,
	{ "expires_before", .in = IN_QUERY, .type = FIELD_DATE, .doc = "Only what ends before this day" },
	LIST_PAGE_FIELDS,
	{ 0 }
};

static const int list_statuses[] = { 404, 0 };
static const int add_statuses[] = { 404, 409, 422, 0 };
static const int change_statuses[] = { 404, 409, 412, 422, 428, 0 };

#define STAFF_PATH "/api/v1/staff/{staff}/"
#define LIST(at, area, what, in, row, one, many, function_name)                                              \
	{ .method = "GET", .path = (at), .summary = "List " what, .scope = area ":read", .fields = (in), .answer = (row), \
	  .noun = (one), .nouns = (many), .function = "api." function_name "_list", .shape = MANY_ROWS,      \
	  .statuses = list_statuses }
#define ADD(at, area, what, in, row, one, many, function_name)                                               \
	{ .method = "POST", .path = (at), .summary = "Add " what, .scope = area ":write", .fields = (in), .answer = (row), \
	  .noun = (one), .nouns = (many), .function = "api." function_name "_add", .status = 201,            \
	  .statuses = add_statuses }
#define CHANGE(at, area, what, in, row, one, many, function_name)                                            \
	{ .method = "PATCH", .path = (at), .summary = "Renew or end " what, .scope = area ":write", .fields = (in), \
	  .answer = (row), .noun = (one), .nouns = (many), .function = "api." function_name "_change",       \
	  .body = BODY_PATCH, .statuses = change_statuses }
#define LIST_OF_ALL(at, what, row, one, many, function_name)                                                 \
	{ .method = "GET", .path = (at), .summary = "List " what, .scope = "checks:read", .fields = of_all,  \
	  .answer = (row), .noun = (one), .nouns = (many), .function = "api." function_name "_list_of_all",  \
	  .shape = MANY_ROWS }
/* The routes of one fact about a member of staff. */
#define LIST_AND_ADD(folder, some, one_of, add, row, one, many, function_name)                               \
	LIST(STAFF_PATH folder, "checks", some, of_staff, row, one, many, function_name),                    \
	ADD(STAFF_PATH folder, "checks", one_of, add, row, one, many, function_name)
#define FACT(folder, some, one_of, add, change, row, one, many, function_name)                               \
	LIST_AND_ADD(folder, some, one_of, add, row, one, many, function_name),                              \
	CHANGE(STAFF_PATH folder "/{fact}", "checks", one_of, change, row, one, many, function_name)

const struct route staff_fact_routes[] = {
	FACT("checks", "the DBS checks of a member of staff", "a DBS check of a member of staff",
	     add_check, change_check, check, "staff-check", "staff-checks", "staff_check"),
	FACT("training", "what a member of staff was trained in", "training of a member of staff",
	     add_training, change_training, training, "training", "trainings", "training"),
	FACT("vehicles", "the vehicles of a member of staff", "a vehicle of a member of staff",
	     add_vehicle, change_vehicle, vehicle, "vehicle", "vehicles", "vehicle"),
	FACT("allergies", "the allergies of a member of staff", "an allergy of a member of staff",
	     add_allergy, change_allergy, allergy, "allergy", "allergies", "allergy"),
	FACT("next-of-kin", "the next of kin of a member of staff", "next of kin of a member of staff",
	     add_kin, change_kin, kin, "next-of-kin", "next-of-kins", "next_of_kin"),
	LIST_AND_ADD("policy-readings", "the policies that a member of staff has read",
		     "that a member of staff has read a policy",
		     add_reading, reading, "policy-reading", "policy-readings", "policy_reading"),
	LIST_OF_ALL("/api/v1/staff-checks", "the DBS checks of staff", check, "staff-check", "staff-checks", "staff_check"),
	LIST_OF_ALL("/api/v1/training", "the training of staff", training, "training", "trainings", "training"),
	LIST_OF_ALL("/api/v1/vehicles", "the vehicles of staff", vehicle, "vehicle", "vehicles", "vehicle"),
	LIST("/api/v1/pupils/{pupil}/social-workers", "contacts", "the social workers of a pupil's family", of_pupil, worker,
	     "social-worker", "social-workers", "social_worker"),
	ADD("/api/v1/pupils/{pupil}/social-workers", "contacts", "a social worker of a pupil's family", add_worker, worker,
	    "social-worker", "social-workers", "social_worker"),
	CHANGE("/api/v1/pupils/{pupil}/social-workers/{social_worker}", "contacts", "a social worker of a pupil's family",
	       change_worker, worker, "social-worker", "social-workers", "social_worker"),
	{ 0 }
};
