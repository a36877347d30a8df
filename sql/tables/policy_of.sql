-- Of a policy: the version in force on a day, or the first there is.
create or replace function data.version_in_force(code text, day date) returns bigint
language sql stable parallel safe
begin atomic
	select v.policy_version_id
	  from data.policy_version v
	 where v.policy_code = code
	 order by (v.in_force_from <= day) desc,
	          case when v.in_force_from <= day then day - v.in_force_from else v.in_force_from - day end
	 limit 1;
end;
comment on function data.version_in_force(text,
	date) is 'The version of a policy that is in force on a day; null when there is no such policy';

-- Of the policy that a school adopted last; null when it follows none.
create or replace function data.policy_of(school int, day date) returns bigint
language sql stable parallel safe
begin atomic
	select data.version_in_force((select a.policy_code from data.adoption a
	                               where a.school_urn = school and a.follows_from <= day
	                               order by a.follows_from desc limit 1), day);
end;
comment on function data.policy_of(int,
	date) is 'The version of the policy that a school follows on a day; null for none';
