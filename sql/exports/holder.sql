-- With whose rights an export is made: those of the client that asked, as far as it still
-- has them; what a schedule makes for a member of staff with theirs, for they fetch it.

-- The one row of a member of staff who may read what is at a path (with its format and
-- query), for which scope is asked, of what the client sees: where they act, which is the
-- school that the path names, or else the whole trust, or the first of their schools.  No
-- row: they could not fetch it.
create or replace function data.export_reader(staff bigint, path text, scope text, client text)
returns table (client_id text, scopes text[], own_scopes text[], reasoned_scopes text[], formats text[], school int)
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select a.client_id, r.scopes, r.own_scopes, r.reasoned_scopes, r.formats, p.school_urn
	  from auth.account a
	       join auth.client c on c.client_id = a.client_id and c.disabled_at is null
	       join auth.client asker on asker.client_id = export_reader.client
	       cross join (select substring(path from '[?&]school=([0-9]{6})')::int as school,
	                          substring(path from '\.([a-z]+)(?:\?|$)') as format) as named
	       cross join auth.places_of(a.staff_id) p
	       cross join auth.rights_of(a.staff_id, p.school_urn) r
	 where a.staff_id = staff
	   and case when p.school_urn is null then asker.all_schools
	            else p.school_urn = any (auth.schools_of(asker))
	                 and p.school_urn = coalesce(named.school, p.school_urn) end
	   and scope = any (r.scopes) and scope <> all (r.reasoned_scopes) -- nobody is there to say why
	   and named.format = any ('{json}'::text[] || r.formats)
	 order by p.school_urn is distinct from named.school, p.school_urn nulls first limit 1;
end;
comment on function data.export_reader(bigint, text, text, text) is 'With what rights a member of staff may read what is exported for them';

-- The one row of who holds the token with which an export is made, and the schools that
-- it sees; without the scope that is asked for first it is made for nobody.
create or replace function data.export_holder(its data.export)
returns table (client_id text, scopes text[], own_scopes text[], reasoned_scopes text[], formats text[], school int,
	whole_trust boolean, schools int[])
language sql stable rows 1 security definer set search_path = pg_catalog
begin atomic
	select c.client_id, array(select s from unnest((its).scopes) as s where s = any (c.scopes)),
	       '{}'::text[], '{}'::text[], null::text[], null::int, false, auth.schools_of(c)
	  from auth.client c
	 where c.client_id = (its).client_id
	   and not exists (select from data.schedule s where s.schedule_id = (its).schedule_id and s.staff_id is not null)
	union all
	select r.client_id, array[(its).scopes[1]] || array_remove(r.scopes, (its).scopes[1]), r.own_scopes, r.reasoned_scopes,
	       r.formats, r.school, r.school is null,
	       case when r.school is null then array(select o.urn from data.school o) else array[r.school] end
	  from data.schedule s
	       cross join data.export_reader(s.staff_id, (its).path, (its).scopes[1], (its).client_id) r
	 where s.schedule_id = (its).schedule_id;
end;
comment on function data.export_holder(data.export) is 'Who holds the token with which an export is made, and with what rights';
