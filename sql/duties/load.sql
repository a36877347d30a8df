-- Loading home-visit policies, which are data: a policy is a file of
-- sql/policies that hands one JSON document to duty.load.  A document is taken
-- whole or refused whole, with everything that is wrong with it:
--
--   {"code", "title", "version", "source", "in_force_from",
--    "reviewed", "reviewed_on": first day that "reviewed" can mean,
--    "next_review", "next_review_on": last day that it can mean, or both null,
--    "signatories": [{"name", "role", "on" (may be missing)}],
--    "clauses": [{"clause", "place", "words", "kind", "strength", "parameters", "rules": [...]}],
--    "left_out": [{"rule", "reason"}]}
--
-- The parameters of a clause are those of its kind (data.clause_kind.parameters),
-- of these types:
--
--   int, bool, text, time ("18:00")        min and max bound an int
--   choice, choices                        one, or a list, of "choices"
--   roles, purposes, reasons, ends,        a list from staff_role, visit_purpose, unannounced_reason,
--   hazards, places                        end_reason, hazard_kind, record_place
--   texts                                  a list of texts
--   ladder                                 a list of {"words", "roles", "condition" (may be missing)}

create function duty.is_text(value jsonb) returns boolean
language sql immutable
set search_path = pg_catalog
return coalesce(jsonb_typeof(value) = 'string' and value #>> '{}' ~ '[^[:space:]]', false);
comment on function duty.is_text(jsonb) is 'Whether it is a text that says something';

create function duty.policy_day(value jsonb) returns date
language plpgsql immutable
set search_path = pg_catalog
as $$
declare
	part text[] := regexp_match(value #>> '{}', '^([0-9]{4})-([0-9]{2})-([0-9]{2})$');
begin
	return make_date(part[1]::int, part[2]::int, part[3]::int);
exception when datetime_field_overflow then
	return null;
end;
$$;
comment on function duty.policy_day(jsonb) is 'The day that a text of a policy names; null when it names none';

-- Strict: what is no object has no members to find fault with.
create function duty.member_problems(object jsonb, required text[], optional text[]) returns setof text
language sql stable strict
set search_path = pg_catalog
begin atomic
	select 'is no object' where jsonb_typeof(object) <> 'object'
	union all
	select format('%s is missing', name) from unnest(required) as name
	 where jsonb_typeof(object) = 'object' and not object ? name
	union all
	select format('%s is unknown', name)
	  from jsonb_object_keys(case jsonb_typeof(object) when 'object' then object else '{}' end) as name
	 where name <> all (required || optional);
end;
comment on function duty.member_problems(jsonb, text[],
	text[]) is 'Which members an object lacks, and which nobody knows';

create function duty.words_of(type text, spec jsonb) returns text[]
language sql stable
set search_path = pg_catalog
return case type
	when 'choice' then array(select jsonb_array_elements_text(spec -> 'choices'))
	when 'choices' then array(select jsonb_array_elements_text(spec -> 'choices'))
	when 'roles' then enum_range(null::data.staff_role)::text[]
	when 'purposes' then enum_range(null::data.visit_purpose)::text[]
	when 'reasons' then enum_range(null::data.unannounced_reason)::text[]
	when 'ends' then enum_range(null::data.end_reason)::text[]
	when 'hazards' then enum_range(null::data.hazard_kind)::text[]
	when 'places' then enum_range(null::data.record_place)::text[] end;
comment on function duty.words_of(text,
	jsonb) is 'The words that a parameter of a type is chosen from; null when of none';

create function duty.list_problem(value jsonb, words text[]) returns text
language sql stable
set search_path = pg_catalog
return case
	when jsonb_typeof(value) <> 'array' or value = '[]' then 'must be a list of at least one'
	when exists (select from jsonb_array_elements(value) as v where not duty.is_text(v))
		then 'must be a list of texts'
	when jsonb_array_length(value) > (select count(distinct v) from jsonb_array_elements(value) as v)
		then 'names something twice'
	else (select 'does not know ' || string_agg(v, ', ') || '; it knows ' || array_to_string(words, ', ')
	        from jsonb_array_elements_text(value) as v where v <> all (words)) end;
comment on function duty.list_problem(jsonb,
	text[]) is 'What is wrong with a list of texts, of these words when there are any; null when nothing is';

create function duty.rung_problem(rung jsonb) returns text
language sql stable
set search_path = pg_catalog
return coalesce(
	(select string_agg(p, ', ') from duty.member_problems(rung, '{words,roles}', '{condition}') as p),
	case when not duty.is_text(rung -> 'words') then 'words must be a text'
	     when rung ? 'condition' and not duty.is_text(rung -> 'condition') then 'condition must be a text' end,
	'roles ' || duty.list_problem(rung -> 'roles', duty.words_of('roles', null)));
comment on function duty.rung_problem(jsonb) is 'What is wrong with a rung of a ladder; null when nothing is';

create function duty.ladder_problem(value jsonb) returns text
language sql stable
set search_path = pg_catalog
return case when jsonb_typeof(value) <> 'array' or value = '[]' then 'must be a list of at least one rung'
	else (select string_agg(format('rung %s: %s', n, duty.rung_problem(rung)), '; ' order by n)
	        from jsonb_array_elements(value) with ordinality as r (rung, n)
	       where duty.rung_problem(rung) is not null) end;
comment on function duty.ladder_problem(jsonb) is 'What is wrong with a ladder; null when nothing is';

create function duty.value_problem(value jsonb, spec jsonb) returns text
language plpgsql stable
set search_path = pg_catalog
as $$
declare
	type   text := spec ->> 'type';
	lowest numeric := coalesce((spec ->> 'min')::numeric, 0);
	most   numeric := coalesce((spec ->> 'max')::numeric, 2147483647);
	words  text[] := duty.words_of(type, spec);
	fits   boolean;
begin
	case type -- an unknown one is a fault of the kind, and fails
		when 'int' then
			fits := jsonb_typeof(value) = 'number' and value::numeric between lowest and most
				and value::numeric = trunc(value::numeric);
			return case when fits is not true then format('must be a whole number from %s to %s',
				lowest, most) end;
		when 'bool' then
			return case when jsonb_typeof(value) <> 'boolean' then 'must be true or false' end;
		when 'text' then
			return case when not duty.is_text(value) then 'must be a text' end;
		when 'time' then
			fits := duty.is_text(value) and value #>> '{}' ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$';
			return case when not fits then 'must be a time like 18:00' end;
		when 'choice' then
			fits := duty.is_text(value) and value #>> '{}' = any (words);
			return case when not fits then 'must be one of ' || array_to_string(words, ', ') end;
		when 'choices', 'roles', 'purposes', 'reasons', 'ends', 'hazards', 'places', 'texts' then
			return duty.list_problem(value, words);
		when 'ladder' then
			return duty.ladder_problem(value);
	end case;
end;
$$;
comment on function duty.value_problem(jsonb,
	jsonb) is 'What is wrong with the value of a parameter; null when nothing is';

create function duty.parameters_of(kind text) returns jsonb
language sql stable
set search_path = pg_catalog
begin atomic
	select k.parameters || case k.about when 'visit' then
	       '{"only_for": {"type": "purposes"}, "not_for": {"type": "purposes"},
	         "tell": {"type": "roles"}, "assumed": {"type": "text"}}'::jsonb else '{}' end
	  from data.clause_kind k where k.kind = parameters_of.kind;
end;
comment on function duty.parameters_of(text) is 'The parameters that clauses of a kind may have, with those of every kind about visits; null for an unknown kind';

create function duty.parameter_problems(kind text, parameters jsonb) returns setof text
language sql stable
set search_path = pg_catalog
begin atomic
	select 'parameters must be an object' where jsonb_typeof(parameters) <> 'object'
	union all
	select format('parameter %s is missing', s.key) from jsonb_each(duty.parameters_of(kind)) as s
	 where jsonb_typeof(parameters) = 'object' and s.value -> 'required' = 'true' and not parameters ? s.key
	union all
	select case when not spec.known ? p.key then format('parameter %s is unknown to %s', p.key, kind)
	            else format('parameter %s %s', p.key, duty.value_problem(p.value, spec.known -> p.key)) end
	  from duty.parameters_of(kind) as spec (known),
	       jsonb_each(case jsonb_typeof(parameters) when 'object' then parameters else '{}' end) as p
	 where not spec.known ? p.key or duty.value_problem(p.value, spec.known -> p.key) is not null;
end;
comment on function duty.parameter_problems(text, jsonb) is 'What is wrong with the parameters of a clause of a kind';

create function duty.clause_problems(clause jsonb) returns setof text
language sql stable
set search_path = pg_catalog
begin atomic
	select duty.member_problems(clause, '{clause,place,words,kind,strength,parameters,rules}', '{}')
	union all
	select 'clause must be a name like pair-rule'
	 where clause ? 'clause' and coalesce(clause ->> 'clause', '') !~ '^[a-z][a-z0-9-]{1,59}$'
	union all
	select format('%s must be a text', name) from unnest('{place,words}'::text[]) as name
	 where clause ? name and not duty.is_text(clause -> name)
	union all
	select format('strength must be one of %s', array_to_string(enum_range(null::data.clause_strength), ', '))
	 where clause ? 'strength'
	   and coalesce(clause ->> 'strength', '') <> all (enum_range(null::data.clause_strength)::text[])
	union all
	select 'rules ' || duty.list_problem(clause -> 'rules', null)
	 where clause ? 'rules' and duty.list_problem(clause -> 'rules', null) is not null
	union all
	select format('kind %s is unknown', coalesce(clause ->> 'kind', 'null'))
	 where clause ? 'kind' and not exists (select from data.clause_kind k where k.kind = clause ->> 'kind')
	union all
	select p from duty.parameter_problems(clause ->> 'kind', clause -> 'parameters') as p
	 where exists (select from data.clause_kind k where k.kind = clause ->> 'kind');
end;
comment on function duty.clause_problems(jsonb) is 'What is wrong with a clause by itself';

-- A list that is none is reported where the members are looked at.
create function duty.elements(list jsonb) returns table (element jsonb, n bigint)
language sql immutable
set search_path = pg_catalog
begin atomic
	select e.value, e.n
	  from jsonb_array_elements(case jsonb_typeof(list) when 'array' then list else '[]' end)
	       with ordinality as e (value, n);
end;
comment on function duty.elements(jsonb) is 'The elements of a list with their places, from 1; none of what is no list';

create function duty.head_problems(policy jsonb) returns setof text
language sql stable
set search_path = pg_catalog
begin atomic
	select format('%s must be a text', name) from unnest('{title,version,source,reviewed}'::text[]) as name
	 where policy ? name and not duty.is_text(policy -> name)
	union all
	select 'code must be a name like thomas-more'
	 where policy ? 'code' and coalesce(policy ->> 'code', '') !~ '^[a-z][a-z0-9-]{1,39}$'
	union all
	select format('%s must be a day like 2024-10-01', name)
	  from unnest('{in_force_from,reviewed_on,next_review_on}'::text[]) as name
	 where policy ? name and duty.policy_day(policy -> name) is null
	   and not (name = 'next_review_on' and policy -> name = 'null')
	union all
	select 'next_review must be a text, or null like next_review_on'
	 where policy ?& '{next_review,next_review_on}'
	   and not case policy -> 'next_review_on' when 'null' then policy -> 'next_review' = 'null'
	                                           else duty.is_text(policy -> 'next_review') end
	union all
	select 'next_review_on must be after reviewed_on'
	 where duty.policy_day(policy -> 'next_review_on') <= duty.policy_day(policy -> 'reviewed_on')
	union all
	select format('%s must be a list', name) from unnest('{signatories,clauses,left_out}'::text[]) as name
	 where policy ? name and jsonb_typeof(policy -> name) <> 'array'
	union all
	select 'clauses must not be empty' where policy -> 'clauses' = '[]'
	union all
	select format('version %s is in force from %s too', v.version, v.in_force_from) from data.policy_version v
	 where v.policy_code = policy ->> 'code' and v.in_force_from = duty.policy_day(policy -> 'in_force_from')
	   and v.version <> policy ->> 'version';
end;
comment on function duty.head_problems(jsonb) is 'What is wrong with the head of a policy';

create function duty.list_member_problems(policy jsonb) returns setof text
language sql stable
set search_path = pg_catalog
begin atomic
	select format('signatory %s: %s', s.n, p)
	  from duty.elements(policy -> 'signatories') as s, duty.member_problems(s.element, '{name,role}', '{on}') as p
	union all
	select format('signatory %s: name and role must be texts, on a day', s.n)
	  from duty.elements(policy -> 'signatories') as s
	 where s.element ?& '{name,role}'
	   and not (duty.is_text(s.element -> 'name') and duty.is_text(s.element -> 'role')
	            and (not s.element ? 'on' or duty.policy_day(s.element -> 'on') is not null))
	union all
	select format('left out %s: %s', l.n, p)
	  from duty.elements(policy -> 'left_out') as l, duty.member_problems(l.element, '{rule,reason}', '{}') as p
	union all
	select format('left out %s: rule and reason must be texts', l.n) from duty.elements(policy -> 'left_out') as l
	 where l.element ?& '{rule,reason}'
	   and not (duty.is_text(l.element -> 'rule') and duty.is_text(l.element -> 'reason'))
	union all
	select format('rule %s: left out twice', l.element ->> 'rule') from duty.elements(policy -> 'left_out') as l
	 group by l.element ->> 'rule' having count(l.element ->> 'rule') > 1
	union all
	select format('rule %s: both carried by clause %s and left out', r.element #>> '{}', c.element ->> 'clause')
	  from duty.elements(policy -> 'clauses') as c, duty.elements(c.element -> 'rules') as r,
	       duty.elements(policy -> 'left_out') as l
	 where l.element -> 'rule' = r.element;
end;
comment on function duty.list_member_problems(jsonb) is 'What is wrong with the signatories and with what is left out of a policy';

create function duty.policy_problems(policy jsonb) returns setof text
language sql stable
set search_path = pg_catalog
begin atomic
	select duty.member_problems(policy, '{code,title,version,source,in_force_from,reviewed,reviewed_on,next_review,
		next_review_on,signatories,clauses,left_out}', '{}')
	union all
	select duty.head_problems(policy)
	union all
	select format('clause %s: %s', coalesce(c.element ->> 'clause', c.n::text), p)
	  from duty.elements(policy -> 'clauses') as c, duty.clause_problems(c.element) as p
	union all
	select format('clause %s: is there twice', c.element ->> 'clause') from duty.elements(policy -> 'clauses') as c
	 group by c.element ->> 'clause' having count(c.element ->> 'clause') > 1
	union all
	select duty.list_member_problems(policy);
end;
comment on function duty.policy_problems(jsonb) is 'Everything that is wrong with a policy';

create function duty.store_policy(policy jsonb, hash bytea) returns void
language plpgsql volatile
set search_path = pg_catalog
as $$
declare
	made bigint;
begin
	insert into data.policy (code, title) values (policy ->> 'code', policy ->> 'title')
		on conflict (code) do update set title = excluded.title where policy.title <> excluded.title;
	insert into data.policy_version (policy_code, version, source, in_force_from, reviewed, reviewed_on,
	                                 next_review, next_review_on, signatories, hash)
	values (policy ->> 'code', policy ->> 'version', policy ->> 'source',
		duty.policy_day(policy -> 'in_force_from'),
	        policy ->> 'reviewed', duty.policy_day(policy -> 'reviewed_on'), policy ->> 'next_review',
	        duty.policy_day(policy -> 'next_review_on'), policy -> 'signatories', hash)
	returning policy_version_id into made;
	insert into data.clause (policy_version_id, clause, position, place, words, kind, parameters, strength, rules)
	select made, c.element ->> 'clause', c.n, c.element ->> 'place', c.element ->> 'words', c.element ->> 'kind',
	       c.element -> 'parameters', (c.element ->> 'strength')::data.clause_strength,
	       array(select r.element #>> '{}' from duty.elements(c.element -> 'rules') as r order by r.n)
	  from duty.elements(policy -> 'clauses') as c;
	insert into data.rule_left_out (policy_version_id, rule, reason)
	select made, l.element ->> 'rule', l.element ->> 'reason' from duty.elements(policy -> 'left_out') as l;
end;
$$;
comment on function duty.store_policy(jsonb, bytea) is 'Stores a policy that has no problems';

create function duty.parse_policy(policy text, file text) returns jsonb
language plpgsql stable
set search_path = pg_catalog
as $$
declare
	reason text;
begin
	return policy::jsonb;
exception when data_exception then
	get stacked diagnostics reason = pg_exception_detail;
	raise exception '%: is no JSON: %', file, reason using errcode = 'DS422';
end;
$$;
comment on function duty.parse_policy(text, text) is 'Reads the JSON of a policy; DS422 when it is none';

create function duty.load(policy text, file text) returns void
language plpgsql volatile
set search_path = pg_catalog
as $$
declare
	content  jsonb := duty.parse_policy(policy, file);
	hash     bytea := sha256(convert_to(content::text, 'UTF8'));
	stored   bytea;
	problems text;
begin
	select string_agg(format('%s: %s', file, p.problem), e'\n' order by p.n) into problems
	  from duty.policy_problems(content) with ordinality as p (problem, n);
	if problems is not null then
		raise exception '%', problems using errcode = 'DS422';
	end if;
	select v.hash into stored from data.policy_version v
	 where v.policy_code = content ->> 'code' and v.version = content ->> 'version';
	if stored = hash then
		return;
	elsif stored is not null then
		raise exception '%: version % of % is loaded with another content: give it a new version', file,
			content ->> 'version', content ->> 'code' using errcode = 'DS422';
	end if;
	perform duty.store_policy(content, hash);
	perform duty.weigh_followers(content ->> 'code');
end;
$$;
comment on function duty.load(text, text)
	is 'Loads a policy from the JSON of a file, or fails with DS422 and all its problems; weighs the visits of its schools';
