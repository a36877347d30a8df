-- body: {word}.  The answer tells that one is set, and never which.
create function api.code_word_set(visit bigint, body jsonb) returns table (id bigint, code_word boolean)
language plpgsql volatile
as $$
begin
	perform api.visit_locked(visit);
	perform data.code_word_set(visit, body ->> 'word');
	perform duty.weigh(visit);
	return query select visit, true;
end;
$$;
comment on function api.code_word_set(bigint, jsonb) is 'Sets the code word of a visit';
