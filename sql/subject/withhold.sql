-- What goes out of a request for subject access: the frozen items, in which what
-- a reviewer marked is replaced by the reason.

-- In whose words the law lets it be withheld, with the source.
create or replace function data.withheld_words(reason data.withheld_reason) returns text
language sql immutable
return case reason
	when 'third_party' then 'information about another person'
	when 'child_abuse' then 'child abuse data'
	when 'serious_harm' then 'likely to cause serious harm'
	when 'privilege' then 'legal professional privilege'
	when 'crime' then 'prevention or detection of crime'
	when 'reference' then 'confidential reference' end;
comment on function data.withheld_words(data.withheld_reason) is 'A reason to withhold something, in words';

create or replace function data.withheld_source(reason data.withheld_reason) returns text
language sql immutable
return 'Data Protection Act 2018, ' || case reason
	when 'third_party' then 'Schedule 2, paragraph 16'
	when 'child_abuse' then 'Schedule 3, paragraph 21'
	when 'serious_harm' then 'Schedule 3, paragraph 19'
	when 'privilege' then 'Schedule 2, paragraph 19'
	when 'crime' then 'Schedule 2, paragraph 2'
	when 'reference' then 'Schedule 2, paragraph 24' end;
comment on function data.withheld_source(data.withheld_reason) is 'Where the law has a reason to withhold something';

-- What stands where something is withheld for these reasons.
create or replace function data.withheld_labels(reasons data.withheld_reason[]) returns text
language sql immutable
return (select string_agg(format('[withheld: %s]', data.withheld_words(r)), ' ') from unnest(reasons) r);
comment on function data.withheld_labels(data.withheld_reason[]) is 'What stands where something is withheld';

-- A value in which words stand no more, but the reason why they are withheld; and the
-- reasons that were met.  Of each its pattern, core and reason.  All are looked for in
-- the value as it was, so that none hides another from the search; and what is replaced
-- is what was searched.
create or replace function data.withhold(value text, patterns text[], cores text[], reasons data.withheld_reason[],
	out shown text, out hits data.withheld_reason[])
language plpgsql immutable
as $$
declare
	form   text; -- a character of it for each of the text that is searched
	plain  text := data.words_plain(value);
	core   text := data.words_core(value);
	marks  text; -- a letter for each character: its reason
	start  int;
	begins int;
	ends   int;
	run    text;
begin
	shown := value;
	for n in 1 .. coalesce(cardinality(patterns), 0) loop
		continue when position(cores[n] in core) = 0;
		start := 1;
		loop
			begins := regexp_instr(plain, patterns[n], start, 1, 0, 'i');
			exit when coalesce(begins, 0) = 0;
			ends := regexp_instr(plain, patterns[n], begins, 1, 1, 'i');
			marks := overlay(coalesce(marks, repeat('.', length(plain))) placing
				repeat(chr(96 + array_position(enum_range(reasons[n]), reasons[n])), ends - begins) from begins);
			hits := array(select distinct r from unnest(hits || reasons[n]) as r order by r);
			start := begins + 1;
		end loop;
	end loop;
	if marks is null then
		return;
	end if;
	form := normalize(value, NFD);
	shown := '';
	start := 1;
	while start <= length(form) loop
		run := substring(substr(marks, start) from '^((.)\2*)');
		shown := shown || case when run like '.%' then substr(form, start, length(run))
			else format('[withheld: %s]', data.withheld_words((enum_range(reasons[1]))[ascii(run) - 96])) end;
		start := start + length(run);
	end loop;
	shown := normalize(shown, NFC);
end;
$$;
comment on function data.withhold(text, text[], text[], data.withheld_reason[]) is 'A value without words that are withheld, and why';

-- The redactions of a request that stand.
create or replace function data.redactions_standing(request bigint) returns setof data.redaction
language sql stable
begin atomic
	select r.* from data.redaction r
	 where r.request_id = request and r.lifts is null
	   and not exists (select from data.redaction l where l.lifts = r.redaction_id);
end;
comment on function data.redactions_standing(bigint) is 'The redactions of a request that stand';

-- The words that are withheld, as what withholds them takes them: in all items of a request, or by
-- these redactions.  null for none.
create or replace function data.words_withheld(marked data.redaction[], out patterns text[], out cores text[],
	out reasons data.withheld_reason[])
language sql immutable
begin atomic
	select array_agg(w.pattern), array_agg(w.core), array_agg(w.reason)
	  from (select data.words_pattern(r.words) as pattern, data.words_core(r.words) as core, r.reason
	          from unnest(marked) r where r.words is not null) as w
	 where w.pattern is not null;
end;
comment on function data.words_withheld(data.redaction[]) is 'The words that are withheld by redactions';

create or replace function data.words_withheld_everywhere(request bigint, out patterns text[], out cores text[],
	out reasons data.withheld_reason[])
language sql stable
begin atomic
	select w.* from data.words_withheld(array(select r from data.redactions_standing(request) r
	                                           where r.item_no is null)) w;
end;
comment on function data.words_withheld_everywhere(bigint) is 'The words that are withheld in all items of a request';

-- Whether words of such cores may stand in an item.
create or replace function data.item_may_say(item data.subject_item, cores text[]) returns boolean
language plpgsql stable
as $$
declare
	core text := data.words_core(concat_ws(E'\n', item.school_urn, data.rfc3339(item.at),
		(select string_agg(data.words_clean(c ->> 'value'), E'\n') from jsonb_array_elements(item.content) as c)));
	one  text;
begin
	foreach one in array cores loop
		if position(one in core) > 0 then
			return true;
		end if;
	end loop;
	return false;
end;
$$;
comment on function data.item_may_say(data.subject_item, text[]) is 'Whether words may stand in an item';

-- The fields of an item as they go out, and at place 0 what it tells besides: of when it is, and
-- of which school.  own: the redactions of this item alone; patterns, cores, reasons: the words that are
-- withheld in all.  whole: why a field is withheld whole; hits: why some of it is.
create or replace function data.item_fields(item data.subject_item, own data.redaction[], patterns text[],
	cores text[], reasons data.withheld_reason[])
returns table (n int, field text, title text, shown text, whole data.withheld_reason[], hits data.withheld_reason[])
language sql stable rows 10
begin atomic
	select f.n, f.field, f.title, h.shown, o.whole, h.hits
	  from (select 0 as n, null::text as field, null::text as title,
	               concat_ws(' ', item.school_urn, data.rfc3339(item.at)) as value
	        union all
	        select c.n::int, c.said ->> 'field', c.said ->> 'title', data.words_clean(c.said ->> 'value')
	          from jsonb_array_elements(item.content) with ordinality as c (said, n)) as f
	       cross join lateral (
	           select array_agg(distinct s.reason) filter (where s.words is null) as whole, array_agg(s) as redactions
	             from unnest(own) as s where coalesce(s.field, f.field, '') = coalesce(f.field, '')) as o
	       cross join lateral data.words_withheld(o.redactions) as w
	       cross join lateral data.withhold(f.value, item_fields.patterns || w.patterns, item_fields.cores || w.cores,
	           item_fields.reasons || w.reasons) as h;
end;
comment on function data.item_fields(data.subject_item, data.redaction[], text[], text[], data.withheld_reason[])
	is 'The fields of an item as they go out';

-- What goes out, a row for each field of at most so many items after one; one for an
-- item that is withheld whole, which tells neither what it is nor of when.  Nor does one
-- of which anything is withheld tell of when it is, and of which school: that might
-- be it.  The record has no number here but its place.  reasons: why something of it is
-- withheld; null where nothing is.
create or replace function data.subject_shown(request bigint, after_item int default 0, most int default null)
returns table (item_no int, n int, kind text, record text, at timestamptz, school_urn int, field text, title text,
	value text, reasons data.withheld_reason[])
language sql stable rows 1000
begin atomic
	with own as materialized (
		select s as redaction, s.item_no from data.redactions_standing(request) s where s.item_no is not null
	), item as materialized (
		select i, i.item_no, i.kind, o.redactions,
		       (select array_agg(distinct s.reason) from unnest(o.redactions) s where s.field is null and s.words is null)
		           as whole, everywhere.patterns, everywhere.cores, everywhere.reasons,
		       o.redactions is not null or everywhere.cores is not null and data.item_may_say(i, everywhere.cores) as touched
		  from data.subject_item i
		       cross join data.words_withheld_everywhere(request) as everywhere
		       left join (select w.item_no, array_agg(w.redaction) as redactions from own w group by w.item_no) as o
		              using (item_no)
		 where i.request_id = request and i.item_no > after_item order by i.item_no limit most
	), marked as (
		select i.i, i.item_no, i.kind, f.*,
		       bool_or(num_nonnulls(f.of_field, f.hits) > 0) over (partition by i.item_no) as withholds
		  from item i cross join lateral data.item_fields(i.i, i.redactions, i.patterns, i.cores, i.reasons)
		           as f (n, field, title, shown, of_field, hits)
		 where i.touched and i.whole is null
	)
	select s.* from (
		select i.item_no, 1 as n, null::text as kind, null::text as record, null::timestamptz as at, null::int as school_urn,
		       null::text as field, null::text as title, data.withheld_labels(i.whole) as value, i.whole as reasons
		  from item i where i.whole is not null
		union all
		select m.item_no, m.n, m.kind, m.kind || ' ' || m.item_no, case when not m.withholds then (m.i).at end,
		       case when not m.withholds then (m.i).school_urn end, m.field, m.title,
		       case when m.of_field is null then m.shown else data.withheld_labels(m.of_field) end,
		       coalesce(m.of_field, m.hits)
		  from marked m where m.n > 0
		union all
		select i.item_no, c.n::int, i.kind, i.kind || ' ' || i.item_no, (i.i).at, (i.i).school_urn, c.said ->> 'field',
		       c.said ->> 'title', data.words_clean(c.said ->> 'value'), null
		  from item i cross join lateral jsonb_array_elements((i.i).content) with ordinality as c (said, n)
		 where i.touched is not true) as s order by s.item_no, s.n;
end;
comment on function data.subject_shown(bigint, int, int) is 'What goes out of a request for subject access';
