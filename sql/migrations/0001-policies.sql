-- Home-visit policies, and what their clauses ask of a visit: new words, what a
-- visit, an event and a school say more, policies, clauses and duties.
--
-- What was released stays as it is: a later change is a migration of its own.

-- A word that is added to a type cannot be used in the same transaction: types that grew are made anew.
alter type data.staff_role rename to staff_role_before;
create type data.staff_role as enum ('headteacher', 'deputy', 'assistant_head', 'dsl', 'deputy_dsl', 'leadership', 'office', 'attendance_officer', 'visitor', 'governor', 'compliance_officer');
alter type data.visit_state rename to visit_state_before;
create type data.visit_state as enum ('requested', 'approved', 'refused', 'departed', 'arrived', 'left', 'returned', 'recorded', 'cancelled', 'declined', 'aborted');
alter type data.event_kind rename to event_kind_before;
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
comment on type data.staff_role is 'What a member of staff may be at a school; dsl is the designated safeguarding lead, leadership a member of the leadership team';
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

alter table data.school
	add column day_starts time not null default '08:45',
	add column day_ends time not null default '15:30',
	add constraint day_ends_after_it_starts check (day_ends > day_starts);
comment on column data.school.day_starts is 'When the school day starts, in the United Kingdom';
comment on column data.school.day_ends is 'When the school day ends, in the United Kingdom';

alter table data.post
	alter column roles drop default,
	alter column roles type data.staff_role[] using roles::text[]::data.staff_role[],
	alter column roles set default '{}';

create table data.policy (
	code  text not null constraint policy_pkey primary key
	      constraint code_is_plain check (code ~ '^[a-z][a-z0-9-]{1,39}$'),
	title text not null constraint title_is_said check (title ~ '[^[:space:]]')
);
comment on table data.policy is 'A home-visit policy, in all its versions';
comment on column data.policy.code is 'Short name: tkat, thomas-more';
comment on column data.policy.title is 'Whose policy it is, and its name';

create table data.policy_version (
	policy_version_id bigint not null generated by default as identity constraint policy_version_pkey primary key,
	policy_code       text not null references data.policy on delete restrict,
	version           text not null constraint version_is_said check (version ~ '[^[:space:]]'),
	source            text not null constraint source_is_said check (source ~ '[^[:space:]]'),
	in_force_from     date not null,
	reviewed          text not null,
	reviewed_on       date not null,
	next_review       text,
	next_review_on    date,
	signatories       jsonb not null default '[]'
	                  constraint signatories_is_a_list check (jsonb_typeof(signatories) = 'array'),
	hash              bytea not null,
	loaded_at         timestamptz not null default now(),
	constraint version_of_a_policy_once unique (policy_code, version),
	constraint policy_in_force_once unique (policy_code, in_force_from),
	constraint next_review_is_a_day_too check ((next_review is null) = (next_review_on is null)),
	constraint next_review_after_review check (next_review_on > reviewed_on)
);
comment on table data.policy_version is 'A version of a policy, in force from a day until the next';
comment on column data.policy_version.policy_version_id is 'Number of the version';
comment on column data.policy_version.policy_code is 'The policy';
comment on column data.policy_version.version is 'Name of the version';
comment on column data.policy_version.source is 'The document that it was read from';
comment on column data.policy_version.in_force_from is 'First day on which it holds';
comment on column data.policy_version.reviewed is 'When it was last reviewed, in the words of its source';
comment on column data.policy_version.reviewed_on is 'The first day that those words can mean';
comment on column data.policy_version.next_review is 'When it is to be reviewed, in the words of its source; null when it does not say';
comment on column data.policy_version.next_review_on is 'The last day that those words can mean';
comment on column data.policy_version.signatories is 'Who signed or reviewed it: [{"name", "role", "on"}]';
comment on column data.policy_version.hash is 'SHA-256 of the policy as loaded: a version is never loaded with another content';
comment on column data.policy_version.loaded_at is 'When it was loaded';

create table data.clause_kind (
	kind       text not null constraint clause_kind_pkey primary key
	           constraint kind_is_a_name check (kind ~ '^[a-z][a-z_]{1,39}$'),
	title      text not null,
	about      data.clause_about not null,
	scope      text,
	parameters jsonb not null constraint parameters_is_an_object check (jsonb_typeof(parameters) = 'object')
);
comment on table data.clause_kind is 'A kind of clause: a file of sql/duties that says when its duty applies and when it is met';
comment on column data.clause_kind.kind is 'Name; of a kind about visits also the name of its function in schema duty';
comment on column data.clause_kind.title is 'What clauses of this kind ask for';
comment on column data.clause_kind.about is 'What such a clause puts duties on';
comment on column data.clause_kind.scope is 'The scope without which its duties are not seen: concerns, incidents; null for none';
comment on column data.clause_kind.parameters is 'Its parameters: {name: {"type", "required", "min", "max", "choices"}}';

create table data.clause (
	policy_version_id bigint not null references data.policy_version on delete restrict,
	clause            text not null constraint clause_is_plain check (clause ~ '^[a-z][a-z0-9-]{1,59}$'),
	position          int not null,
	place             text not null constraint place_is_said check (place ~ '[^[:space:]]'),
	words             text not null constraint words_are_said check (words ~ '[^[:space:]]'),
	kind              text not null references data.clause_kind on delete restrict,
	parameters        jsonb not null default '{}',
	strength          data.clause_strength not null,
	rules             text[] not null,
	constraint clause_pkey primary key (policy_version_id, clause),
	constraint clause_position_once unique (policy_version_id, position)
);
comment on table data.clause is 'A clause of a policy: what it asks for, how strongly, and where its source says so';
comment on column data.clause.policy_version_id is 'The version of the policy';
comment on column data.clause.clause is 'Short name, unique in the policy';
comment on column data.clause.position is 'Place in the file, from 1';
comment on column data.clause.place is 'Section of the source that states it';
comment on column data.clause.words is 'What it asks for, in a few words';
comment on column data.clause.kind is 'Its kind';
comment on column data.clause.parameters is 'The parameters of its kind';
comment on column data.clause.strength is 'How binding it is';
comment on column data.clause.rules is 'The rules, of those that any home-visit policy may state, that it carries';

create table data.rule_left_out (
	policy_version_id bigint not null references data.policy_version on delete restrict,
	rule              text not null,
	reason            text not null constraint reason_is_said check (reason ~ '[^[:space:]]'),
	constraint rule_left_out_pkey primary key (policy_version_id, rule)
);
comment on table data.rule_left_out is 'A rule that a policy states and no clause carries';
comment on column data.rule_left_out.policy_version_id is 'The version of the policy';
comment on column data.rule_left_out.rule is 'The rule';
comment on column data.rule_left_out.reason is 'Why no clause carries it';

create table data.adoption (
	school_urn   int not null references data.school on delete restrict,
	follows_from date not null,
	policy_code  text references data.policy on delete restrict,
	created_at   timestamptz not null default now(),
	updated_at   timestamptz not null default now(),
	constraint adoption_pkey primary key (school_urn, follows_from)
);
comment on table data.adoption is 'Which policy a school follows from a day on, until the next';
comment on column data.adoption.school_urn is 'The school';
comment on column data.adoption.follows_from is 'First day on which it follows the policy; -infinity for what it always did';
comment on column data.adoption.policy_code is 'The policy; null for none';
comment on column data.adoption.created_at is 'When the row was made';
comment on column data.adoption.updated_at is 'When the row last changed';

alter table data.visit
	drop constraint unannounced_means_not_told,
	drop constraint cancelled_with_a_reason,
	alter column state drop default,
	alter column state type data.visit_state
		using (case state::text when 'planned' then 'requested' else state::text end)::data.visit_state,
	alter column state set default 'requested',
	add column return_by timestamptz,
	add column parents_agreed boolean not null default false,
	add column unannounced_reason data.unannounced_reason,
	add column necessity text,
	add column out_of_hours_reason text,
	add column responsible_contact text,
	add column plan data.plan_link,
	add column child_protection boolean not null default false,
	add column transports_pupil boolean not null default false,
	add column drill boolean not null default false,
	add column policy_version_id bigint references data.policy_version on delete restrict,
	add column plan_changed_at timestamptz not null default clock_timestamp(),
	add column approved_at timestamptz,
	add column refused_at timestamptz,
	add column declined_at timestamptz,
	add column aborted_at timestamptz,
	add column end_reason data.end_reason,
	add column recorded_at timestamptz,
	add constraint returns_after_it_ends check (return_by between planned_end and planned_start + interval '24 hours'),
	add constraint unannounced_means_not_told check (announced or (parents_told_by is null and not parents_agreed)),
	add constraint announced_needs_no_reason check (unannounced_reason is null or not announced),
	add constraint cancelled_with_a_reason check (cancelled_at is null or cancel_reason is not null);
update data.visit set plan_changed_at = created_at;
create index visit_out on data.visit (school_urn, visit_id) where departed_at is not null and returned_at is null;
create index visit_coming on data.visit (planned_start) where state in ('requested', 'approved');
comment on column data.visit.return_by is 'When the team agreed to be back; null when not agreed';
comment on column data.visit.parents_agreed is 'Whether they agreed to it';
comment on column data.visit.unannounced_reason is 'Why they are not told';
comment on column data.visit.necessity is 'Why it is necessary, and in the best interests of the child';
comment on column data.visit.out_of_hours_reason is 'Why it is made outside school hours';
comment on column data.visit.responsible_contact is 'Outside school hours: who checks on the welfare of the team, and their number';
comment on column data.visit.plan is 'The plan of the pupil of which it is part';
comment on column data.visit.child_protection is 'Whether it is about a safeguarding concern, or part of a statutory child protection process';
comment on column data.visit.transports_pupil is 'Whether a pupil is taken along in the vehicle';
comment on column data.visit.drill is 'Whether it is a drill, to try the escalation';
comment on column data.visit.state is 'How far it has come; follows from the times below';
comment on column data.visit.policy_version_id is 'The version of the policy that its duties are of: what the school followed on its day';
comment on column data.visit.plan_changed_at is 'When purpose, time, place, pupils or team last changed: what was approved before does not cover it';
comment on column data.visit.approved_at is 'When the last approval that its policy asks for was given';
comment on column data.visit.refused_at is 'When it was refused';
comment on column data.visit.cancel_reason is 'Why it was cancelled or broken off: the note of that event';
comment on column data.visit.declined_at is 'When the parents declined it; from its event';
comment on column data.visit.aborted_at is 'When it was broken off; from its event';
comment on column data.visit.end_reason is 'Why it was cancelled or broken off; from that event';
comment on column data.visit.recorded_at is 'When its written record was made';

alter table data.team_member
	drop constraint only_outsiders_have_an_organisation,
	add constraint only_outsiders_have_an_organisation check (staff_id is null or (organisation is null
		and role is null));

drop index data.event_once_of_a_kind;
alter table data.event
	drop constraint cancelled_says_why,
	alter column kind type data.event_kind using kind::text::data.event_kind,
	add column by_staff_id bigint references data.staff on delete restrict,
	add column means data.telling,
	add column because data.end_reason,
	add column clause text,
	add column part text not null default '',
	add column expected_at timestamptz,
	add column emergency_reason text,
	add column duress boolean not null default false,
	add constraint cancelled_says_why check (kind not in ('cancelled', 'aborted', 'note') or note ~ '[^[:space:]]'),
	add constraint done_names_its_clause check ((kind = 'done') = (clause is not null)),
	add constraint part_of_a_clause check (part = '' or clause is not null),
	add constraint because_of_an_end check (because is null or kind in ('cancelled', 'aborted')),
	add constraint expected_when_late check (expected_at is null or kind in ('delayed', 'parents_late')),
	add constraint emergency_departure check (emergency_reason is null or kind = 'departed'
		and emergency_reason ~ '[^[:space:]]');
create unique index event_once_of_a_kind on data.event (visit_id, kind)
	where kind in ('departed', 'arrived', 'left', 'returned', 'cancelled', 'declined', 'aborted');
create index event_for_help on data.event (event_id) where duress or kind = 'help';
comment on column data.event.kind is 'What happened; what makes the state once at most';
comment on column data.event.note is 'What was said; of a visit cancelled or broken off, why';
comment on column data.event.by_staff_id is 'Who of the staff did it or was told';
comment on column data.event.means is 'How it was told';
comment on column data.event.because is 'Of a visit cancelled or broken off: the kind of reason';
comment on column data.event.clause is 'Of done: the clause whose duty it meets';
comment on column data.event.part is 'Of done: the part of the duty, where a clause puts several';
comment on column data.event.expected_at is 'Of delayed: the new end; of parents_late: when they said that they come';
comment on column data.event.emergency_reason is 'Of departed: why it could not wait for the duties that were unmet';
comment on column data.event.duress is 'Whether the note held the code word of the visit; shown by nothing but the escalation';

create table data.duty (
	duty_id           bigint not null generated by default as identity constraint duty_pkey primary key,
	visit_id          bigint not null,
	school_urn        int not null,
	policy_version_id bigint not null,
	clause            text not null,
	part              text not null default '',
	gate              data.duty_gate,
	scope             text,
	applies           boolean not null,
	due_at            timestamptz,
	met_at            timestamptz,
	met_by            bigint references data.staff on delete restrict,
	evidence          text,
	missing           text not null,
	broken_at         timestamptz,
	closed_at         timestamptz,
	roles             data.staff_role[] not null default '{}',
	waived_at         timestamptz,
	breached_at       timestamptz,
	told_due_at       timestamptz,
	open              boolean not null generated always as (applies and met_at is null and broken_at is null
	                      and closed_at is null and waived_at is null) stored,
	created_at        timestamptz not null default now(),
	updated_at        timestamptz not null default now(),
	constraint duty_is_of_the_visit foreign key (visit_id, school_urn)
		references data.visit (visit_id, school_urn) on delete restrict,
	constraint duty_is_of_a_clause foreign key (policy_version_id,
		clause) references data.clause on delete restrict,
	constraint duty_of_a_visit_once unique (visit_id, policy_version_id, clause, part)
);
create index duty_to_tell on data.duty (due_at)
	where open and due_at is not null and (told_due_at is null or told_due_at <> due_at);
create index duty_open_by_visit on data.duty (visit_id, due_at) where open and due_at is not null;
comment on table data.duty is 'What a clause asks of a visit; weighed anew by schema duty whenever something that it depends on changes';
comment on column data.duty.duty_id is 'Number in the API';
comment on column data.duty.visit_id is 'The visit';
comment on column data.duty.school_urn is 'School of the visit, for row-level security';
comment on column data.duty.policy_version_id is 'The version of the policy that the school followed on the day of the visit';
comment on column data.duty.clause is 'The clause';
comment on column data.duty.part is 'Which of several that the clause puts on the visit; empty when it is one';
comment on column data.duty.gate is 'The step that an unmet duty of a clause with "must" stands before';
comment on column data.duty.scope is 'The scope without which it is not seen; null for none';
comment on column data.duty.applies is 'Whether the clause asks anything of this visit';
comment on column data.duty.due_at is 'By when; null when no clock runs';
comment on column data.duty.met_at is 'When it was met';
comment on column data.duty.met_by is 'Who of the staff met it, where somebody did and was named';
comment on column data.duty.evidence is 'What met it';
comment on column data.duty.missing is 'What is to be done';
comment on column data.duty.broken_at is 'When something was done that the clause forbids';
comment on column data.duty.closed_at is 'When the time in which it could be met was over';
comment on column data.duty.roles is 'Whose it is, and who is told when its time is over';
comment on column data.duty.waived_at is 'When it was waived; by whom and why is in data.deviation';
comment on column data.duty.breached_at is 'When the visit went on though it was unmet; why is in data.deviation';
comment on column data.duty.told_due_at is 'The due_at of which the watch has told those whose it is';
comment on column data.duty.open is 'Whether it still can and ought to be met';
comment on column data.duty.created_at is 'When the row was made';
comment on column data.duty.updated_at is 'When the row last changed';

create table data.deviation (
	deviation_id bigint not null generated by default as identity constraint deviation_pkey primary key,
	visit_id     bigint not null,
	school_urn   int not null,
	clause       text not null,
	part         text not null default '',
	kind         data.deviation_kind not null,
	by_staff_id  bigint references data.staff on delete restrict,
	reason       text not null constraint reason_is_said check (reason ~ '[^[:space:]]'),
	emergency    boolean not null default false,
	at           timestamptz not null,
	recorded_at  timestamptz not null default clock_timestamp(),
	client_id    text not null,
	constraint deviation_is_of_the_visit foreign key (visit_id, school_urn)
		references data.visit (visit_id, school_urn) on delete restrict,
	constraint waived_by_somebody check (kind <> 'waived' or by_staff_id is not null)
);
create unique index breached_once on data.deviation (visit_id, clause, part) where kind = 'breached';
create index deviation_by_visit on data.deviation (visit_id, clause, part);
comment on table data.deviation is 'A duty that was waived, or breached: that a visit went on without it; only ever appended to';
comment on column data.deviation.deviation_id is 'Number of the row';
comment on column data.deviation.visit_id is 'The visit';
comment on column data.deviation.school_urn is 'School of the visit, for row-level security';
comment on column data.deviation.clause is 'The clause';
comment on column data.deviation.part is 'Which of its duties';
comment on column data.deviation.kind is 'Whether waived or breached';
comment on column data.deviation.by_staff_id is 'Who waived it';
comment on column data.deviation.reason is 'Why';
comment on column data.deviation.emergency is 'Whether the visit could not wait';
comment on column data.deviation.at is 'When';
comment on column data.deviation.recorded_at is 'When it was recorded';
comment on column data.deviation.client_id is 'Through which client';

drop type data.staff_role_before;
drop type data.visit_state_before;
drop type data.event_kind_before;

-- What schools follow was a column of theirs.  The policies are loaded later:
-- until then the code stands for the title.
with named as (
	insert into data.policy (code, title) select distinct policy, policy from data.school where policy is not null
	returning *
), followed as (
	insert into data.adoption (school_urn, follows_from, policy_code)
	select urn, '-infinity', policy from data.school where policy is not null
	returning *
)
insert into audit.entry (action, record, key, school_urn, after)
select 'insert', 'data.policy', jsonb_build_object('code', n.code), null, to_jsonb(n) from named n
union all
select 'insert', 'data.adoption', jsonb_build_object('school_urn', f.school_urn, 'follows_from', f.follows_from),
       f.school_urn, to_jsonb(f)
  from followed f;
alter table data.school drop column policy;
