-- From when on the evidence of a referral is frozen; the lane after a change of
-- it; what a reminder was drafted from, and whether a person changed the draft.
--
-- What was released stays as it is: a later change is a migration of its own.

alter table data.referral add column evidence_from date;
-- What was frozen before this was frozen from the window on; no referral changes by it.
alter table data.referral disable trigger user;
update data.referral set evidence_from = window_start;
alter table data.referral enable trigger user;
alter table data.referral
	alter column evidence_from set not null,
	add constraint evidence_reaches_the_window check (evidence_from <= window_start);
comment on column data.referral.evidence_from is 'First day of the evidence: that of the window; of a falling rule, that of the month before it';

alter table data.evidence_change add column lane data.referral_lane;
comment on column data.evidence_change.lane is 'The lane since the change; null while the rule is not met, and of changes before this was kept';

alter table data.letter
	add column breaches jsonb constraint breaches_is_a_list check (jsonb_typeof(breaches) = 'array'),
	add column edited boolean not null default false;
comment on column data.letter.breaches is 'Of a reminder the promises that it was drafted about: [{"promise": 1, "broken_on": "2026-01-13"}]';
comment on column data.letter.edited is 'Whether a person changed the draft';
