-- Installs Doorstep's schema into a database, or brings it up to date; run by
-- a superuser, in one transaction, as often as one likes:
--
--   psql -X -v ON_ERROR_STOP=1 --single-transaction -d doorstep -f sql/install.sql
--
-- Tables hold the truth and are made once; a database that exists already gets
-- the migrations that it lacks.  Everything else (functions, views, triggers,
-- row-level security, grants) is said afresh each time.

\set ON_ERROR_STOP on
savepoint in_one_transaction; -- or it fails here
set client_min_messages = warning;
select pg_advisory_xact_lock(hashtext('doorstep install')) \g /dev/null
select to_regnamespace('data') is null as fresh \gset

\ir roles.sql
\if :fresh
create extension if not exists btree_gist;
create schema data authorization doorstep_owner;
create schema auth authorization doorstep_owner;
create schema audit authorization doorstep_owner;
comment on schema data is 'The records: the current truth';
comment on schema auth is 'Clients, their tokens, and who is asking';
comment on schema audit is 'The trail: who changed what, who saw what';
\ir types/vocabulary.sql
\endif
\ir clear.sql
\ir tables/migration.sql

-- The newest migration, and the newest that the database has had.
\set newest 16
select case when :'fresh' then :newest else coalesce(max(number), 0) end as had from data.migration \gset
select format('do $do$ begin raise exception %L; end $do$', format(
	'This database is newer than these files: it has had migration %s, they end with %s. Install the newer files.',
	:had, :newest)) where :had > :newest \gexec
select :had < 1 as wants_1, :had < 2 as wants_2, :had < 3 as wants_3, :had < 4 as wants_4,
       :had < 5 as wants_5, :had < 6 as wants_6, :had < 7 as wants_7, :had < 8 as wants_8,
       :had < 9 as wants_9, :had < 10 as wants_10,
       :had < 11 as wants_11, :had < 12 as wants_12, :had < 13 as wants_13, :had < 14 as wants_14,
       :had < 15 as wants_15, :had < 16 as wants_16 \gset

\ir types/upn.sql
\ir types/time.sql
\ir types/session.sql
\ir types/path.sql

\if :fresh
\ir tables/school.sql
\ir tables/staff.sql
\ir tables/pupil.sql
\ir tables/contact.sql
\ir tables/policy.sql
\ir tables/visit.sql
\ir tables/agreement.sql
\ir tables/letter.sql
\ir tables/event.sql
\ir tables/duty.sql
\ir tables/approval.sql
\ir tables/risk.sql
\ir tables/staff_facts.sql
\ir tables/code_word.sql
\ir tables/visit_record.sql
\ir tables/concern.sql
\ir tables/incident.sql
\ir tables/accident.sql
\ir tables/intervention.sql
\ir tables/debrief.sql
\ir tables/external_referral.sql
\ir tables/escalation.sql
\ir tables/client.sql
\ir tables/account.sql
\ir tables/export.sql
\ir tables/notification.sql
\ir tables/referral.sql
\ir tables/notice.sql
\ir tables/subject.sql
\ir tables/attendance_code.sql
\ir tables/import.sql
\ir tables/register.sql
\ir tables/change.sql
\ir tables/retention.sql
\ir tables/idempotency.sql
\ir tables/audit.sql
\endif

\if :wants_1
\ir migrations/0001-policies.sql
\endif
\if :wants_2
\ir migrations/0002-preparation.sql
\endif
\if :wants_3
\ir migrations/0003-aftermath.sql
\endif
\if :wants_4
\ir migrations/0004-register.sql
\endif
\if :wants_5
\ir migrations/0005-changes.sql
\endif
\if :wants_6
\ir migrations/0006-agreements.sql
\endif
\if :wants_7
\ir migrations/0007-referrals.sql
\endif
\if :wants_8
\ir migrations/0008-evidence-from.sql
\endif
\if :wants_9
\ir migrations/0009-exports.sql
\endif
\if :wants_10
\ir migrations/0010-gone.sql
\endif
\if :wants_11
\ir migrations/0011-subject.sql
\endif
\if :wants_12
\ir migrations/0012-subject-scopes.sql
\endif
\if :wants_13
\ir migrations/0013-exports-again.sql
\endif
\if :wants_14
\ir migrations/0014-people.sql
\endif
\if :wants_15
\ir migrations/0015-seal.sql
\endif
\if :wants_16
\ir migrations/0016-retention.sql
\endif

create schema api authorization doorstep_owner;
comment on schema api is 'What the programs call: code only, made afresh at every installation';
create schema duty authorization doorstep_owner;
comment on schema duty is 'What the clauses of a policy ask of a visit: one function a kind of clause, made afresh likewise';
create schema watch authorization doorstep_owner;
comment on schema watch is 'What the watch calls: the clock over the duties, made afresh likewise';
create schema was authorization doorstep_owner;
comment on schema was is 'Rows as they were at the moment that is asked for, made afresh likewise';
create schema past authorization doorstep_owner;
comment on schema past is 'What the programs call as at a moment: twins of what is in schema api, made afresh likewise';
\ir access/reset.sql

\ir auth/context.sql
\ir auth/oauth.sql
\ir auth/rights.sql
\ir audit/seal.sql
\ir audit/erase.sql
\ir auth/attempt.sql
\ir auth/session.sql
\ir auth/password.sql
\ir auth/account.sql
\ir auth/sign_on.sql
\ir audit/trail.sql
\ir audit/triggers.sql
\ir tables/touch.sql
\ir tables/event_order.sql
\ir tables/record_order.sql
\ir retention/disposing.sql
\ir tables/append_only.sql
\ir tables/weigh_changes.sql
\ir register/sessions.sql
\ir register/window.sql
\ir register/sums.sql
\ir register/thresholds.sql
\ir tables/register_check.sql
\ir tables/import_forget.sql
\ir tables/note_changes.sql
\ir tables/code_word_compare.sql

\ir register/codes.sql
\ir tables/keys.sql
\ir tables/policy_of.sql
\ir register/pupil_sessions.sql
\ir audit/seen.sql
\ir audit/tree.sql
\ir audit/areas.sql
\ir audit/lists.sql
\ir audit/check.sql
\ir agreements/breach.sql
\ir agreements/test.sql
\ir agreements/letter.sql
\ir referrals/rule.sql
\ir referrals/found.sql
\ir referrals/report.sql
\ir referrals/evidence.sql
\ir referrals/penalty.sql
\ir duties/engine.sql
\ir duties/closed.sql
\ir duties/accident_record.sql
\ir duties/agreement_follow_up.sql
\ir duties/agreement_recorded.sql
\ir duties/agreement_reminder.sql
\ir duties/allegation_route.sql
\ir duties/allergies.sql
\ir duties/alternative_considered.sql
\ir duties/animals.sql
\ir duties/approval.sql
\ir duties/assessed_team.sql
\ir duties/assessment_hazards.sql
\ir duties/assessment_updated.sql
\ir duties/barriers_learnt.sql
\ir duties/both_present.sql
\ir duties/briefing.sql
\ir duties/check_in_call.sql
\ir duties/code_word.sql
\ir duties/concern_to_dsl.sql
\ir duties/concerns_discussed.sql
\ir duties/conduct.sql
\ir duties/contact_after.sql
\ir duties/contact_before.sql
\ir duties/debrief.sql
\ir duties/delay_told.sql
\ir duties/departure_report.sql
\ir duties/designated_staff.sql
\ir duties/dsl_input.sql
\ir duties/dsl_joins.sql
\ir duties/emergency.sql
\ir duties/entry_with_adult.sql
\ir duties/external_referral.sql
\ir duties/family_views.sql
\ir duties/governance.sql
\ir duties/identification.sql
\ir duties/incident_to_head.sql
\ir duties/leave_when_unsafe.sql
\ir duties/legal_referral.sql
\ir duties/letter.sql
\ir duties/linked_policies.sql
\ir duties/lone_sensitivity.sql
\ir duties/lone_working_assessment.sql
\ir duties/necessity.sql
\ir duties/next_of_kin.sql
\ir duties/next_visit_date.sql
\ir duties/no_evenings.sql
\ir duties/one_leads.sql
\ir duties/other_contact_tried.sql
\ir duties/overdue.sql
\ir duties/parents_told.sql
\ir duties/phone.sql
\ir duties/physical_intervention.sql
\ir duties/plan_link.sql
\ir duties/policy_read.sql
\ir duties/policy_review.sql
\ir duties/punctual.sql
\ir duties/pupil_seen.sql
\ir duties/purpose_allowed.sql
\ir duties/purpose_explained.sql
\ir duties/return_time.sql
\ir duties/right_to_decline.sql
\ir duties/risk_assessment.sql
\ir duties/safety_reason.sql
\ir duties/school_hours.sql
\ir duties/serious_concern.sql
\ir duties/sign_in.sql
\ir duties/sign_out.sql
\ir duties/social_worker_number.sql
\ir duties/social_worker_told.sql
\ir duties/spoken_with.sql
\ir duties/team_size.sql
\ir duties/training.sql
\ir duties/transport_escort.sql
\ir duties/transport_insured.sql
\ir duties/tutoring.sql
\ir duties/unannounced.sql
\ir duties/vehicle_details.sql
\ir duties/vehicle_insured.sql
\ir duties/vetting.sql
\ir duties/visit_list.sql
\ir duties/visit_log.sql
\ir duties/wait_for_parents.sql
\ir duties/written_record.sql
\ir duties/weigh.sql
\ir duties/check.sql
\ir duties/load.sql
\ir agreements/chain.sql
\ir subject/due.sql
\ir subject/words.sql
\ir subject/trail.sql
\ir subject/sources.sql
\ir subject/limits.sql
\ir subject/gather.sql
\ir subject/withhold.sql
\ir counts/visits.sql
\ir counts/readiness.sql
\ir counts/concerns.sql
\ir counts/governors.sql
\ir retention/sources.sql
\ir retention/weigh.sql
\ir retention/dispose.sql
\ir retention/disposal.sql
\ir retention/seen.sql

\ir exports/ask.sql
\ir exports/holder.sql
\ir exports/schedule.sql

\ir watch/notify.sql
\ir watch/ladder.sql
\ir watch/tick.sql
\ir watch/message.sql
\ir watch/outbox.sql
\ir watch/beat.sql
\ir exports/make.sql
\ir exports/place.sql

\ir api/refuse.sql
\ir api/idempotency.sql
\ir api/policy.sql
\ir api/school.sql
\ir api/staff.sql
\ir api/pupil.sql
\ir api/contact.sql
\ir api/visit.sql
\ir api/visit_write.sql
\ir api/event.sql
\ir api/aftermath.sql
\ir api/record.sql
\ir api/concern.sql
\ir api/incident.sql
\ir api/approval.sql
\ir api/duty.sql
\ir api/code_word.sql
\ir api/visit_check.sql
\ir api/board.sql
\ir api/escalation.sql
\ir api/notification.sql
\ir api/watch.sql
\ir api/risk_assessment.sql
\ir api/hazard.sql
\ir api/staff_check.sql
\ir api/staff_home.sql
\ir api/social_worker.sql
\ir api/delegation.sql
\ir api/change.sql
\ir api/import.sql
\ir api/import_schools.sql
\ir api/import_staff.sql
\ir api/import_pupils.sql
\ir api/import_contacts.sql
\ir api/import_register.sql
\ir api/import_register_check.sql
\ir api/import_register_store.sql
\ir api/amendment.sql
\ir api/attendance_code.sql
\ir api/attendance.sql
\ir api/attendance_summary.sql
\ir api/attendance_thresholds.sql
\ir api/attendance_marks.sql
\ir api/import_log.sql
\ir api/agreement.sql
\ir api/letter.sql
\ir api/referral.sql
\ir api/notice.sql
\ir api/export.sql
\ir api/schedule.sql
\ir api/subject.sql
\ir api/subject_package.sql
\ir api/retention.sql
\ir api/disposal.sql
\ir api/account.sql

\ir access/school.sql
\ir access/staff.sql
\ir access/pupil.sql
\ir access/contact.sql
\ir access/visit.sql
\ir access/event.sql
\ir access/policy.sql
\ir access/duty.sql
\ir access/agreement.sql
\ir access/subject.sql
\ir access/approval.sql
\ir access/risk.sql
\ir access/staff_facts.sql
\ir access/social_worker.sql
\ir access/aftermath.sql
\ir access/escalation.sql
\ir access/notification.sql
\ir access/change.sql
\ir access/code_word.sql
\ir access/migration.sql
\ir access/named.sql
\ir access/people.sql
\ir access/weighing.sql
\ir access/register.sql
\ir access/import.sql
\ir access/export.sql
\ir access/idempotency.sql
\ir access/client.sql
\ir access/audit.sql
\ir access/retention.sql
\ir access/past.sql
\ir past/moment.sql
\ir past/rows.sql
\ir past/register.sql
\ir past/answers.sql
\ir access/owners.sql
\ir access/roles/doorstep_definer.sql
\ir access/roles/doorstep_past.sql
\ir access/roles/doorstep_auth.sql
\ir access/roles/doorstep_sso.sql
\ir access/roles/doorstep_records.sql
\ir access/roles/doorstep_register.sql
\ir access/roles/doorstep_reports.sql
\ir access/roles/doorstep_exports.sql
\ir access/roles/doorstep_watch.sql
\ir access/roles/doorstep_seal.sql
\ir access/roles/doorstep_audit.sql
insert into data.migration (number) select generate_series(1, :newest) on conflict do nothing;
select data.change_begins() \g /dev/null
select current_database() as db \gset
revoke create, temporary on database :"db" from public;
grant temporary on database :"db" to doorstep_register;
revoke create on schema public from public;
