-- Which rule a record is under, until when it is kept, and what holds it beyond that.

-- The last day of a time of so many months.  A day that its last month lacks is the
-- first of the next: who is born on 29 February is a year older on 1 March.
create or replace function data.kept_until(start_on date, months int, year_end boolean) returns date
language sql immutable strict parallel safe
return (select d.last + case when extract(day from d.last) < extract(day from d.first) then 1 else 0 end
	  from (select f.first, (f.first + make_interval(months => months))::date as last
	          from (select case when year_end then make_date(extract(year from start_on)::int
	                       + case when extract(month from start_on) > 8 then 1 else 0 end, 8, 31)
	                       else start_on end as first) as f) as d);
comment on function data.kept_until(date, int, boolean) is 'The last day on which something is kept';

-- The rule for a kind at each school on a day: its own before that of the trust, the
-- later before the earlier.
create or replace function data.retention_rules(kind data.retention_kind, day date)
returns table (school_urn int, rule_id bigint, starts data.retention_start, months int, year_end boolean,
	what_then data.retention_then)
language sql stable rows 50
begin atomic
	select distinct on (s.urn) s.urn, u.rule_id, u.starts, u.months, u.year_end, u.what_then
	  from data.school s join data.retention_rule u on u.kind = retention_rules.kind and u.from_on <= day
	       and coalesce(u.school_urn, s.urn) = s.urn
	 order by s.urn, u.school_urn nulls last, u.from_on desc;
end;
comment on function data.retention_rules(data.retention_kind, date) is 'The rule for a kind of record at each school on a day';

-- What holds things that hang together with something: legal holds, whoever asks for
-- what is held about them, and open cases.  whole: what is under an open case is held,
-- but not the register, of which its evidence is a copy.
create or replace function data.holds_standing(day date) returns table (subject text, words text, whole boolean)
language sql stable rows 50
begin atomic
	select h.subject || ' ' || h.subject_id, format('legal hold %s', h.hold_id), true from data.legal_hold h
	 where h.lifted_at is null and (h.until_on is null or h.until_on >= day)
	union all
	select case s.subject when 'contact' then 'pupil ' || c.pupil_id else s.subject || ' ' || s.subject_id end,
	       format('subject request %s is open', s.request_id), true
	  from data.subject_request s
	       left join data.contact o on s.subject = 'contact' and o.contact_id = s.subject_id
	       left join data.contact c on c.contact_id = o.contact_id or data.person_key(c.given_name, c.family_name, c.phone)
	            = data.person_key(o.given_name, o.family_name, o.phone)
	 where s.state in ('gathered', 'reviewed')
	union all
	select 'pupil ' || r.pupil_id, format('referral %s is open', r.referral_id), false from data.referral r where r.open
	union all
	select 'pupil ' || c.pupil_id, format('concern %s is open', o.concern_id), false
	  from data.concerns_open() o join data.concern c using (concern_id)
	union all
	select 'agreement ' || a.agreement_id, format('agreement %s is running', a.agreement_id), false
	  from data.agreement a where a.state in ('open', 'broken');
end;
comment on function data.holds_standing(date) is 'What is held on a day, and by what';

-- As SQL: the words for what holds a record r by a foreign key to it, or to what goes
-- with it, from a row c that does not go with it.
create or replace function data.retention_keys_sql(kind data.retention_kind) returns text
language sql stable
return (select coalesce(string_agg(format(' union all (select %L || concat_ws('', '', %s) from %s c
		where exists (select from %s p where (%s) and %s)%s%s limit 3)',
		replace(split_part(f.conrelid::regclass::text, '.', 2), '_', ' ') || ' ',
		(select string_agg(format('c.%I', a.attname), ', ' order by a.attnum)
		   from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
		  where i.indrelid = f.conrelid and i.indisprimary),
		f.conrelid::regclass, t.record, t.holds,
		(select string_agg(format('c.%I = p.%I', x.attname, y.attname), ' and ')
		   from unnest(f.conkey, f.confkey) as k (its, of) join pg_attribute x on x.attrelid = f.conrelid and x.attnum = k.its
		        join pg_attribute y on y.attrelid = f.confrelid and y.attnum = k.of),
		coalesce(' and not coalesce((' || regexp_replace(its.holds, '\mp\.', 'c.', 'g') || '), false)', ''),
		coalesce(' and not (' || l.holds || ')', '')), ''), '')
	  from data.retention_parts() t join pg_constraint f on f.contype = 'f' and f.confrelid = t.record::regclass
	       left join data.retention_parts() its on its.kind = t.kind and its.record::regclass = f.conrelid
	       left join data.retention_let_go() l on l.kind = t.kind and l.record::regclass = f.conrelid
	            and (select a.attnum from pg_attribute a where a.attrelid = f.conrelid and a.attname = l."column")
	                = any (f.conkey)
	 where t.kind = retention_keys_sql.kind and f.conrelid::regclass::text like 'data.%'
	   and exists (select from data.retention_kinds() k where k.kind = t.kind and (f.conrelid = k.record::regclass
	                  or its.holds is distinct from 'p.' || k.key || ' = r.' || k.key)));
comment on function data.retention_keys_sql(data.retention_kind) is 'What holds a record back by a foreign key, as SQL';

-- As SQL: what a record r hangs together with, as holds name it.
create or replace function data.retention_belongs_sql(kind data.retention_kind) returns text
language sql stable
return (select format('array(select ''school '' || x from unnest(c.schools) as x) || array(select ''pupil '' || x
		from unnest(%s) as x) || %s || case when exists (select from hold where subject like ''staff %%'')
		then array(%s) else ''{}'' end', k.pupils,
		coalesce((select 'array[' || string_agg(format('%L || r.%I', case a.attname when k.key then k.kind::text
		                 else replace(a.attname, '_id', '') end || ' ', a.attname), ', ') || ']'
		            from pg_attribute a where a.attrelid = k.record::regclass
		             and a.attname in (k.key, 'visit_id', 'agreement_id')), '''{}''::text[]'),
		coalesce((select string_agg(format('select ''staff '' || p.%I from %s p where (%s) and p.%1$I is not null', s.name,
		                 s.record, t.holds), ' union all ')
		            from data.retention_parts() t join data.subject_staff_columns() s using (record) where t.kind = k.kind),
		         'select ''''')
		|| case when k.record = 'data.staff' then ' union all select ''staff '' || r.staff_id' else '' end)
	  from data.retention_kinds() k where k.kind = retention_belongs_sql.kind);
comment on function data.retention_belongs_sql(data.retention_kind) is 'What a record hangs together with, as SQL';

-- As SQL: the condition by which the row r of a record is found, $1 being their numbers.
create or replace function data.retention_one_of(key text) returns text
language sql immutable
return coalesce('r.' || key || ' = any ($1::bigint[])', 'r.school_urn || '':'' || r.week = any ($1)');
comment on function data.retention_one_of(text) is 'How records are found by their numbers, as SQL';

-- As SQL: the rule of a record r, its first day and its last: of one school that of it, or
-- else the longest of all.  That a lateral row has an offset keeps it from being worked out twice.
create or replace function data.retention_rule_sql(kind data.retention_kind) returns text
language sql stable
return (select case when k.schools = 'array[r.school_urn]' then format($query$
	       left join rule u on u.school_urn = r.school_urn
	       cross join lateral (select case u.starts %1$s end as start_on offset 0) as s
	       cross join lateral (select u.rule_id, s.start_on, data.kept_until(s.start_on, u.months, u.year_end)
	                                      as kept_until,
	                                  u.what_then offset 0) as w$query$, d.days)
	else format($query$cross join lateral (
	           select (array_agg(u.rule_id order by d.kept_until desc, u.rule_id))[1] as rule_id,
	                  (array_agg(s.start_on order by d.kept_until desc, u.rule_id))[1] as start_on,
	                  case when bool_and(d.kept_until is not null) and count(*) = cardinality(r.record_schools)
	                       then max(d.kept_until) end as kept_until,
	                  max(u.what_then) as what_then
	             from rule u cross join lateral (select case u.starts %1$s end as start_on offset 0) as s
	                  cross join lateral (select data.kept_until(s.start_on, u.months, u.year_end)
	                                          as kept_until offset 0) as d
	            where u.school_urn = any (r.record_schools)) as w$query$, d.days) end
	  from data.retention_kinds() k
	       cross join lateral (select string_agg(format('when %L then %s', s.starts, s.day), ' ') as days
	                             from data.retention_starts() s where s.kind = k.kind) as d
	 where k.kind = retention_rule_sql.kind);
comment on function data.retention_rule_sql(data.retention_kind) is 'The rule of a record, as SQL';

-- As SQL: the records of a kind that are wanted, with their rule and their last day.
create or replace function data.retention_sql(kind data.retention_kind, named boolean) returns text
language sql stable
return (select format($query$
	with rule as materialized (select u.* from data.retention_rules(%1$L, $2) u)
	select r.record_no, r.record_id, r.record_schools as schools, w.*
	  from (select r.*, %2$s as record_no, %3$s as record_id, %4$s as record_schools from %5$s r where %6$s and (%7$s)
	         order by record_no offset 0) as r %8$s
	 where ($3 is null or r.record_schools <@ $3) and ($4 is null or $4 = any (r.record_schools))
	   and (not $5 or w.kept_until < $2) and ($6 is null or r.record_no > $6)
	 order by r.record_no limit $7$query$, k.kind,
	coalesce('r.' || k.key, 'r.school_urn * 10000::bigint + (r.week - date ''1970-01-05'') / 7'),
	coalesce('r.' || k.key || '::text', 'r.school_urn || '':'' || r.week'), k.schools, k.record,
	case when named then data.retention_one_of(k.key) else 'true' end, coalesce(k.own, 'true'),
	data.retention_rule_sql(k.kind))
	  from data.retention_kinds() k where k.kind = retention_sql.kind);
comment on function data.retention_sql(data.retention_kind, boolean) is 'Records of a kind with their rule and their last day, as SQL';

-- The records of a kind with their rule and their last day, in the order of their
-- numbers: the longest of the rules of all schools that they hang on; to be reviewed when
-- one of these says so.  ids: only these.  among: only what hangs on none but these
-- schools.  past: only whose time is over by the day.  held_by: what holds them, empty
-- when nothing does; that is looked for once it is known which they are.
create or replace function data.retention_weighed(kind data.retention_kind, day date, ids text[] default null,
	among int[] default null, school int default null, past boolean default false, after bigint default null,
	max_rows int default null)
returns table (record_no bigint, record_id text, schools int[], rule_id bigint, start_on date, kept_until date,
	what_then data.retention_then, held_by text[])
language plpgsql stable rows 100 set jit = off
as $$
declare
	its   record;
	found text[];
begin
	execute format('select array_agg(c.record_id) from (%s) c', data.retention_sql(kind, ids is not null))
		into found using ids, day, among, school, past, after, max_rows;
	if found is null then
		return;
	end if;
	select k.*, (select string_agg(format(' union all (%s)', t.words), '') from data.retention_ties() t
	              where t.kind = k.kind) as ties
	  into its from data.retention_kinds() k where k.kind = retention_weighed.kind;
	return query execute format($query$
		with hold as materialized (select h.* from data.holds_standing($2) h), c as materialized (%1$s)
		select c.*, array(select h.words from hold h where h.subject = any (%2$s)%3$s%4$s%5$s)
		  from c join %6$s r on %7$s order by c.record_no$query$,
		data.retention_sql(kind, true), data.retention_belongs_sql(kind),
		case when kind = 'register' then ' and h.whole' else '' end, its.ties, data.retention_keys_sql(kind), its.record,
		coalesce('r.' || its.key || ' = c.record_no', 'r.school_urn || '':'' || r.week = c.record_id'))
		using found, day, null::int[], null::int, false, null::bigint, null::int;
end;
$$;
comment on function data.retention_weighed(data.retention_kind, date, text[], int[], int, boolean, bigint, int)
	is 'Records of a kind, their rule, until when they are kept, and what holds them';
