-- What people may, by the roles of their posts.  This is the whole of it: a session
-- gets the scopes of the person's roles at the school at which they act (or for the
-- trust), and row-level security does the rest.  tests/sql/matrix.csv says what comes
-- of it, table by table.
--
-- reach: "school" opens all of the school, "own" what is about the person's own visits
-- (planned by them, or made with them), "trust" every school.  reasoned: only in a
-- request that says why, which its access entry keeps.
create or replace function auth.rights() returns table (role data.staff_role, scope text, reach text, reasoned boolean)
language sql immutable rows 300
begin atomic
	with given (roles, scopes, reach, reasoned) as (values
		-- who is who, and what the policy says: everybody who works at the school
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership,office,attendance_officer,visitor}',
		 '{schools:read,staff:read,policies:read}', 'school', false),
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership,office,attendance_officer,visitor}',
		 '{pupils:read}', 'school', false), -- who plans a visit looks for the pupil
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership,office,attendance_officer}',
		 '{contacts:read}', 'school', false),
		-- what is exported for them; nobody else's
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership,office,attendance_officer,visitor,governor}',
		 '{exports:read}', 'school', false),
		('{compliance_officer}', '{exports:read}', 'trust', false),
		-- the office: plans and the board
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership,office}',
		 '{visits:read,visits:write,alarms:read,alarms:write,contacts:write}', 'school', false),
		-- who decides on visits, and answers for what is written of them; concerns are not theirs to read
		('{headteacher,deputy,assistant_head,dsl,deputy_dsl,leadership}',
		 '{approvals:write,risk:read,risk:write,records:read,records:write,incidents:read,incidents:write,
		   checks:read,attendance:read,counts:read}', 'school', false),
		('{deputy,assistant_head,leadership}', '{concerns:write}', 'own', false),
		-- head and DSL: all of their school; a deputy head who safeguards is a deputy DSL
		('{headteacher,dsl,deputy_dsl}', '{concerns:read,concerns:write}', 'school', false),
		('{headteacher,deputy,dsl,deputy_dsl}',
		 '{checks:write,attendance:write,agreements:read,agreements:write,
		   referrals:read,referrals:write,audit:read,subject:read,subject:write}', 'school', false),
		-- who signs in at their school
		('{headteacher}', '{accounts:read,accounts:write}', 'school', false),
		('{headteacher,deputy}', '{retention:read,retention:write,disposals:write}', 'school', false),
		-- who is the head, or may stand in for them: to put a pupil forward is another's right
		('{headteacher,deputy,dsl,deputy_dsl}', '{decisions:write}', 'school', false),
		('{attendance_officer}',
		 '{attendance:read,attendance:write,agreements:read,agreements:write,referrals:read,referrals:write}',
		 'school', false),
		-- a visitor: their own visits, whom to call there, and what they write of them
		('{visitor}',
		 '{contacts:read,visits:read,visits:write,alarms:read,alarms:write,risk:read,risk:write,
		   records:read,records:write,incidents:write,concerns:write}', 'own', false),
		('{governor}', '{schools:read,policies:read,counts:read}', 'school', false),
		-- the trust's compliance officer: reads every school
		('{compliance_officer}',
		 '{schools:read,staff:read,pupils:read,contacts:read,policies:read,visits:read,alarms:read,risk:read,
		   records:read,incidents:read,checks:read,attendance:read,agreements:read,referrals:read,counts:read,
		   audit:read,subject:read,retention:read}', 'trust', false),
		('{compliance_officer}', '{accounts:read}', 'trust', false),
		('{compliance_officer}', '{concerns:read}', 'trust', true))
	select r, s, g.reach, g.reasoned
	  from given g, unnest(g.roles::data.staff_role[]) as r, unnest(g.scopes::text[]) as s;
end;
comment on function auth.rights() is 'What people may, by their roles: the scopes, and how far they reach';

-- The formats in which a role may take lists away, besides JSON.
create or replace function auth.formats() returns table (role data.staff_role, formats text[])
language sql immutable rows 11
begin atomic
	select r, f.formats::text[] from (values
		('{headteacher,deputy,dsl,deputy_dsl,compliance_officer}', '{ndjson,csv,xml,xlsx,html}'),
		('{attendance_officer,assistant_head,leadership}', '{csv,xlsx,html}'),
		('{office}', '{csv,html}'),
		('{visitor,governor}', '{html}')) as f (roles, formats), unnest(f.roles::data.staff_role[]) as r;
end;
comment on function auth.formats() is 'The formats in which a role may take lists away, besides JSON';

-- What a member of staff may at a school, or (school null) for the whole trust, by the
-- roles that they hold today; of two reaches of a scope the wider.  scopes is null when
-- they hold no role that may anything there.
create or replace function auth.rights_of(staff bigint, school int)
returns table (scopes text[], own_scopes text[], reasoned_scopes text[], formats text[])
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	with held as (
		select distinct role from data.post p, unnest(p.roles) as role
		 where p.staff_id = staff and (school is null or p.school_urn = school) and data.lasts(p.left_on)
	), may as (
		select r.scope, bool_and(r.reach = 'own') as own, bool_and(r.reasoned) as reasoned
		  from held join auth.rights() r using (role)
		 where (r.reach = 'trust') = (school is null) group by r.scope
	)
	select array_agg(m.scope order by m.scope), coalesce(array_agg(m.scope) filter (where m.own), '{}'),
	       coalesce(array_agg(m.scope) filter (where m.reasoned), '{}'),
	       array(select distinct f from held join auth.formats() using (role), unnest(formats) as f
	              where exists (select from auth.rights() r
	                             where r.role = held.role and (r.reach = 'trust') = (school is null)) order by f)
	  from may m;
end;
comment on function auth.rights_of(bigint, int) is 'What a member of staff may at a school, or for the trust, by the roles held today';

-- Whose roles at a school change, or who leaves it, is signed out there at once.
create or replace function auth.post_changed() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
begin
	update auth.token t set revoked_at = clock_timestamp()
	  from auth.account a
	 where a.staff_id = old.staff_id and t.client_id = a.client_id
	   and (t.acting_at = old.school_urn or t.whole_trust) and t.revoked_at is null and t.expires_at > now();
	return null;
end;
$$;
comment on function auth.post_changed() is 'Trigger: signs out whose roles change';
create or replace trigger signs_out after update of roles, school_urn, staff_id, left_on or delete on data.post
	for each row execute function auth.post_changed();
