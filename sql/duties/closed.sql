-- The clauses whose duties take a scope of their own, by their kind.
create function duty.clauses_scoped() returns table (clause text, scope text)
language sql stable rows 100
begin atomic
	select c.clause, k.scope from data.clause c join data.clause_kind k using (kind) where k.scope is not null;
end;
comment on function duty.clauses_scoped() is 'The clauses whose duties take a scope of their own';

-- The clauses whose duties the token does not open, by the scope of their kind: what is
-- said where such a duty is met or waived, in a note of an event for one, tells of a
-- concern or an incident as much as the record does.  own: of who asks's own visits.
create function duty.clauses_closed(own boolean default false) returns text[]
language sql stable security definer set search_path = pg_catalog
return (select coalesce(array_agg(distinct c.clause), '{}') from duty.clauses_scoped() c, auth.kinds_opened(own) as open
	where c.scope <> all (open));
comment on function duty.clauses_closed(boolean) is 'The clauses whose duties the token does not open';
