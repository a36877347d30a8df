-- Policies, their clauses, and which school follows which.

-- Past its review a policy holds as before; that it is so is to be said.
create function api.review_banner(next_review text, next_review_on date) returns text
language sql stable
return case when next_review_on < data.day_of(now())
            then format('The policy was to be reviewed by %s: it is past its review date.', next_review) end;
comment on function api.review_banner(text,
	date) is 'What is to be said about a policy that is past its review; null when it is not';

-- in_force: whether it is the version of the day, which alone is past its review.
create view api.policy with (security_invoker = true) as
select v.policy_version_id as id, v.policy_code as code, v.version, p.title, v.source, v.in_force_from,
       v.policy_version_id = today.version as in_force, v.reviewed, v.reviewed_on, v.next_review, v.next_review_on,
       today.version = v.policy_version_id and coalesce(v.next_review_on < today.day, false) as past_review,
       case when today.version = v.policy_version_id
            then api.review_banner(v.next_review, v.next_review_on) end as banner,
       (select coalesce(json_agg(json_build_object('name', s ->> 'name', 'role', s ->> 'role', 'on', s ->> 'on')
                   order by n), '[]')
          from jsonb_array_elements(v.signatories) with ordinality as t (s, n)) as signatories,
       (select string_agg(concat_ws(', ', s ->> 'name', s ->> 'role', s ->> 'on'), '; ' order by n)
          from jsonb_array_elements(v.signatories) with ordinality as t (s, n)) as signatories_text,
       (select count(*) from data.school s where data.policy_of(s.urn, today.day) = v.policy_version_id) as schools
  from data.policy_version v join data.policy p on p.code = v.policy_code,
       lateral (select data.day_of(now()) as day, data.version_in_force(v.policy_code, data.day_of(now())) as version)
           as today;
comment on view api.policy is 'Versions of policies as the API shows them, with how many schools that the client sees follow them today';

create function api.policy_list(past_review boolean default null, after bigint default null, max_rows int default null)
returns setof api.policy
language sql stable
begin atomic
	select p.* from api.policy p
	 where (policy_list.past_review is null or p.past_review = policy_list.past_review)
	   and (after is null or p.id > after)
	 order by p.id limit max_rows;
end;
comment on function api.policy_list(boolean, bigint, int) is 'Versions of policies, in the order of loading';

create view api.clause with (security_invoker = true) as
select c.position, c.clause, c.place, c.words, c.kind, k.title as kind_title, c.strength, c.parameters,
       (select string_agg(p.key || ': ' || (p.value #>> '{}'), '; ' order by p.key)
          from jsonb_each(c.parameters) as p) as parameters_text,
       array_to_json(c.rules) as rules, array_to_string(c.rules, '; ') as rules_text, c.policy_version_id
  from data.clause c join data.clause_kind k using (kind);
comment on view api.clause is 'Clauses as the API shows them';

-- Of the version that is said, or in force today.  Fails with DS404.
create function api.clause_list(policy text, version text default null, after int default null,
	max_rows int default null)
returns setof api.clause
language plpgsql stable
as $$
declare
	what bigint := case when version is null then data.version_in_force(policy, data.day_of(now()))
	                    else (select v.policy_version_id from data.policy_version v
	                           where v.policy_code = policy and v.version = clause_list.version) end;
begin
	if what is null then
		raise exception 'There is no such policy, or no such version of it.' using errcode = 'DS404';
	end if;
	return query select c.* from api.clause c
	              where c.policy_version_id = what and (after is null or c.position > after)
	              order by c.position limit max_rows;
end;
$$;
comment on function api.clause_list(text, text, int, int) is 'The clauses of a policy, in its order';

-- id: the day as a number, which tells the adoptions of a school apart; 0 for what
-- it always followed.
create view api.adoption with (security_invoker = true) as
select case when isfinite(a.follows_from) then to_char(a.follows_from, 'YYYYMMDD')::int else 0 end as id, a.school_urn,
       a.policy_code as policy, v.version as policy_version,
       case when isfinite(a.follows_from) then a.follows_from end as follows_from,
       a.follows_from <= today.day and not exists (select from data.adoption later
           where later.school_urn = a.school_urn and later.follows_from > a.follows_from
             and later.follows_from <= today.day) as current,
       a.created_at, a.updated_at
  from (select data.day_of(now()) as day) as today, data.adoption a
       left join data.policy_version v
              on v.policy_version_id = data.version_in_force(a.policy_code, data.day_of(now()));
comment on view api.adoption is 'Which policy a school follows from when, with the version of it that is in force today';

create function api.school_is_known(urn int) returns void
language plpgsql stable
as $$
begin
	if not exists (select from data.school s where s.urn = school_is_known.urn) then
		raise exception 'There is no such school.' using errcode = 'DS404';
	end if;
end;
$$;
comment on function api.school_is_known(int) is 'Fails with DS404 when there is no such school';

create function api.adoption_list(urn int, after int default null, max_rows int default null) returns setof api.adoption
language plpgsql stable rows 5
as $$
begin
	perform api.school_is_known(urn);
	return query
	select a.* from api.adoption a
	 where a.school_urn = adoption_list.urn and (after is null or a.id > after)
	 order by a.id limit max_rows;
end;
$$;
comment on function api.adoption_list(int, int,
	int) is 'The policies that a school followed, follows and will follow, by day';

-- body: {policy, follows_from}.  From the same day on there is one policy: the
-- last one said.  Fails with DS404, DS422.
create function api.adoption_add(urn int, body jsonb) returns setof api.adoption
language plpgsql volatile
as $$
begin
	perform api.school_is_known(urn);
	if not exists (select from data.policy p where p.code = body ->> 'policy') then
		perform api.refuse(jsonb_build_array(jsonb_build_object('pointer', '/policy',
			'detail', 'is not a policy that is loaded here')));
	end if;
	insert into data.adoption (school_urn, follows_from, policy_code)
	values (urn, (body ->> 'follows_from')::date, body ->> 'policy')
	    on conflict (school_urn, follows_from) do update set policy_code = excluded.policy_code;
	return query select a.* from api.adoption a
	              where a.school_urn = urn and a.follows_from = (body ->> 'follows_from')::date;
end;
$$;
comment on function api.adoption_add(int, jsonb) is 'Lets a school follow a policy from a day on';
