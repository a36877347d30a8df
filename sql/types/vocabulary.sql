-- The closed vocabularies of the records.  They are said here and nowhere
-- else: the build reads this file into the choices that the programs check
-- and the OpenAPI document lists.  One type to a line, in the order in which
-- its values sort.

create type data.school_phase as enum ('nursery', 'primary', 'middle', 'secondary', 'all_through', 'sixteen_plus', 'special');
create type data.year_group as enum ('N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13');
create type data.staff_role as enum ('headteacher', 'deputy', 'dsl', 'leadership', 'office', 'attendance_officer', 'visitor', 'governor', 'compliance_officer');
create type data.visit_purpose as enum ('attendance', 'safeguarding', 'welfare', 'early_help', 'school_refusal', 'unexplained_absence', 'transition', 'engagement', 'illness', 'medical', 'tuition', 'transport', 'work_delivery', 'suspected_holiday', 'exam', 'meeting', 'contact_failed', 'crisis', 'intervention', 'information', 'other');
create type data.telling as enum ('letter', 'phone', 'text', 'email', 'in_person');
create type data.visit_state as enum ('planned', 'departed', 'arrived', 'left', 'returned', 'cancelled');
create type data.event_kind as enum ('departed', 'arrived', 'left', 'returned', 'cancelled', 'note');

comment on type data.school_phase is 'Phase of education of a school, as in Get Information about Schools';
comment on type data.year_group is 'National curriculum year group; N1 and N2 are nursery, R is reception';
comment on type data.staff_role is 'What a member of staff may be at a school; dsl is the designated safeguarding lead';
comment on type data.visit_purpose is 'Why a home visit is made';
comment on type data.telling is 'How parents were told of a visit';
comment on type data.visit_state is 'How far a visit has come; follows from its events';
comment on type data.event_kind is 'What can happen on a visit';
