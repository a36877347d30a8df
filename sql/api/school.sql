-- policy_banner: what is to be said about a policy that is past its review.
create view api.school with (security_invoker = true) as
select s.urn, s.laestab, s.name, s.phase, to_char(s.day_starts, 'HH24:MI') as day_starts,
       to_char(s.day_ends, 'HH24:MI') as day_ends,
       v.policy_code as policy, v.version as policy_version,
       api.review_banner(v.next_review, v.next_review_on)
           as policy_banner,
       s.version, s.created_at, s.updated_at
  from data.school s
       left join data.policy_version v on v.policy_version_id = data.policy_of(s.urn, data.day_of(now()));
comment on view api.school is 'Schools as the API shows them';

create function api.school_list(updated_after timestamptz default null, after bigint default null,
	max_rows int default null) returns setof api.school
language sql stable
begin atomic
	select s.* from api.school s
	 where (school_list.updated_after is null or s.updated_at > school_list.updated_after)
	   and (after is null or s.urn > after)
	 order by s.urn limit max_rows;
end;
comment on function api.school_list(timestamptz, bigint, int) is 'Schools, by URN';

create function api.school_read(urn int) returns setof api.school
language sql stable
begin atomic
	select s.* from api.school s where s.urn = school_read.urn;
end;
comment on function api.school_read(int) is 'One school';

-- The school of a report.  Fails with DS400 when the client does not see it: nothing
-- found would look as if all were well there.
create function api.school_asked(school bigint) returns boolean
language plpgsql stable
as $$
begin
	if school is not null and school <> all (auth.schools()) then
		raise exception 'The school is not one that this client sees.' using errcode = 'DS400',
			detail = '[{"pointer": "/school", "detail": "is not a school that this client sees"}]';
	end if;
	return true;
end;
$$;
comment on function api.school_asked(bigint) is 'Fails when a report is about a school that the client does not see';
