-- The closed vocabularies of the records.  They are said here and nowhere
-- else: the build reads this file into the choices that the programs check
-- and the OpenAPI document lists.  One type to a line, in the order in which
-- its values sort.

create type data.school_phase as enum ('nursery', 'primary', 'middle', 'secondary', 'all_through', 'sixteen_plus', 'special');
create type data.year_group as enum ('N1', 'N2', 'R', '1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11', '12', '13');
create type data.staff_role as enum ('headteacher', 'deputy', 'assistant_head', 'dsl', 'deputy_dsl', 'leadership', 'office', 'attendance_officer', 'visitor', 'governor', 'compliance_officer');
create type data.visit_purpose as enum ('attendance', 'safeguarding', 'welfare', 'early_help', 'school_refusal', 'unexplained_absence', 'transition', 'engagement', 'illness', 'medical', 'tuition', 'transport', 'work_delivery', 'suspected_holiday', 'exam', 'meeting', 'contact_failed', 'crisis', 'intervention', 'information', 'other');
create type data.telling as enum ('letter', 'phone', 'text', 'email', 'in_person');
create type data.visit_state as enum ('requested', 'approved', 'refused', 'departed', 'arrived', 'left', 'returned', 'recorded', 'cancelled', 'declined', 'aborted');
create type data.event_kind as enum ('departed', 'arrived', 'left', 'returned', 'cancelled', 'declined', 'aborted', 'note', 'check_in', 'no_answer', 'parents_absent', 'parents_late', 'entered', 'entered_without_adult', 'delayed', 'letter_given', 'letter_posted', 'help', 'done');
create type data.end_reason as enum ('parents_absent', 'parents_late', 'dangerous_animal', 'felt_unsafe', 'no_adult', 'staff_unavailable', 'family_asked', 'not_needed', 'other');
create type data.unannounced_reason as enum ('emergency', 'immediate_concern', 'safeguarding', 'unexplained_absence', 'poor_attendance', 'parents_not_responding', 'other');
create type data.plan_link as enum ('safeguarding', 'attendance', 'early_help');
create type data.clause_strength as enum ('must', 'should', 'advised');
create type data.clause_about as enum ('visit', 'agreement', 'referral', 'policy');
create type data.duty_gate as enum ('approve', 'depart');
create type data.duty_state as enum ('due', 'late', 'met', 'missed', 'waived', 'not_applicable');
create type data.deviation_kind as enum ('waived', 'breached');
create type data.approval_decision_kind as enum ('approved', 'refused');
create type data.assessment_kind as enum ('general', 'visit', 'first_visit', 'discussion', 'lone_working');
create type data.hazard_kind as enum ('aggression', 'car_travel', 'medical', 'animal', 'environment', 'other');
create type data.risk_level as enum ('low', 'medium', 'high');
create type data.dbs_level as enum ('basic', 'standard', 'enhanced');
create type data.training_course as enum ('home_visiting', 'violence_prevention', 'attendance_early_help', 'physical_intervention', 'cultural_awareness', 'safeguarding');
create type data.visit_outcome as enum ('seen_family', 'seen_pupil', 'spoke_at_door', 'nobody_home', 'entry_refused', 'broken_off', 'other');
create type data.record_place as enum ('cpoms', 'safeguarding_file', 'attendance_file', 'school_file');
create type data.incident_nature as enum ('inappropriate', 'abusive', 'aggressive', 'violent', 'threat', 'animal', 'allegation', 'misbehaviour', 'other');
create type data.escalation_cause as enum ('overdue', 'no_answer', 'help', 'code_word');
create type data.rung_result as enum ('team_reached', 'no_answer', 'team_safe', 'concern', 'done');
create type data.notification_cause as enum ('duty', 'rung', 'breach', 'review');
create type data.delivery_channel as enum ('email', 'webhook');
create type data.change_record as enum ('visit', 'pupil', 'staff');
create type data.change_action as enum ('created', 'updated', 'deleted');

comment on type data.school_phase is 'Phase of education of a school, as in Get Information about Schools';
comment on type data.year_group is 'National curriculum year group; N1 and N2 are nursery, R is reception';
comment on type data.staff_role is 'What a member of staff may be at a school; dsl is the designated safeguarding lead, leadership a member of the leadership team';
comment on type data.visit_purpose is 'Why a home visit is made';
comment on type data.telling is 'How parents were told of a visit';
comment on type data.visit_state is 'How far a visit has come; follows from its events';
comment on type data.event_kind is 'What can happen on a visit; done meets the duty of a clause that it names';
comment on type data.end_reason is 'Why a visit was cancelled or broken off';
comment on type data.unannounced_reason is 'Why parents are not told beforehand';
comment on type data.plan_link is 'The plan of the pupil of which a visit is part';
comment on type data.clause_strength is 'How binding a clause is, in the policy''s own words';
comment on type data.clause_about is 'What a clause puts duties on';
comment on type data.duty_gate is 'The step of a visit that an unmet duty stands before';
comment on type data.duty_state is 'How a duty stands: due, late (its time is over), met, missed (it can be met no more), waived, not applicable';
comment on type data.deviation_kind is 'Whether a duty was waived by who may, or breached';
comment on type data.approval_decision_kind is 'What was decided on a request to visit';
comment on type data.assessment_kind is 'What a risk assessment covers';
comment on type data.hazard_kind is 'The hazards of a home visit, as in Appendix A of the policy of the Kemnal Academies Trust';
comment on type data.risk_level is 'How great a risk is';
comment on type data.dbs_level is 'Level of a check by the Disclosure and Barring Service';
comment on type data.training_course is 'What staff are trained in';
comment on type data.visit_outcome is 'What came of a visit';
comment on type data.record_place is 'Where the school keeps the written record';
comment on type data.incident_nature is 'What an incident was';
comment on type data.escalation_cause is 'Why an escalation was opened';
comment on type data.rung_result is 'What came of a step of an escalation';
comment on type data.notification_cause is 'What a notification is about';
comment on type data.delivery_channel is 'How a notification is delivered';
comment on type data.change_record is 'The kinds of records of which changes are told';
comment on type data.change_action is 'What became of a record';
