-- History: whoever may write these tables may only append.

create or replace function data.refuse_change() returns trigger
language plpgsql volatile
as $$
begin
	if tg_table_schema = 'data' and tg_op in ('DELETE', 'UPDATE') and data.disposing() then
		if tg_op = 'DELETE' then
			return old;
		elsif tg_table_name = 'risk_assessment' and to_jsonb(new) = to_jsonb(old) || '{"replaces": null}' then
			return new;
		end if;
	end if;
	raise exception 'Rows of % are only ever appended.', tg_table_name using errcode = 'DS409';
end;
$$;
comment on function data.refuse_change() is 'Trigger: refuses updates, deletes and truncation of append-only rows, but for their disposal';

do $$
declare
	history regclass;
begin
	foreach history in array array['audit.leaf', 'audit.checkpoint', 'data.event', 'data.deviation',
		'data.approval_request', 'data.approval_decision', 'data.risk_assessment', 'data.risk_hazard',
		'data.visit_record', 'data.concern', 'data.incident', 'data.accident', 'data.intervention',
		'data.debrief', 'data.external_referral', 'data.mark_amendment', 'data.promise_test',
		'data.referral_rule', 'data.evidence_part', 'data.evidence_week', 'data.evidence_change',
		'data.subject_item', 'data.redaction', 'data.retention_rule']::regclass[] loop
		execute format('create or replace trigger append_only before update or delete on %s
			for each row execute function data.refuse_change()', history);
		execute format('create or replace trigger never_emptied before truncate on %s
			for each statement execute function data.refuse_change()', history);
	end loop;
end;
$$;
