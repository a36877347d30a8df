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

-- A value in which what matches a pattern stands no more, but its reason; and the
-- reasons that were found.  All are looked for in the value as it was, so that none
-- hides another from the search; and what is replaced is what was searched.
create or replace function data.withhold(value text, patterns text[], reasons data.withheld_reason[],
	out shown text, out hits data.withheld_reason[])
language plpgsql immutable
as $$
declare
	form   text; -- a character of it for each of the text that is searched
	plain  text;
	marks  text; -- a letter for each character: its reason
	start  int;
	begins int;
	ends   int;
	run    text;
begin
	shown := value;
	if value is null or patterns is null then
		return;
	end if;
	plain := data.words_plain(value);
	for n in 1 .. cardinality(patterns) loop
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
comment on function data.withhold(text, text[], data.withheld_reason[]) is 'A value without words that are withheld, and why';

-- The redactions of a request that stand.
create or replace function data.redactions_standing(request bigint) returns setof data.redaction
language sql stable
begin atomic
	select r.* from data.redaction r
	 where r.request_id = request and r.lifts is null
	   and not exists (select from data.redaction l where l.lifts = r.redaction_id);
end;
comment on function data.redactions_standing(bigint) is 'The redactions of a request that stand';

-- The words that are withheld in all items of a request, as patterns; null for none.
create or replace function data.words_withheld(request bigint, out patterns text[], out reasons data.withheld_reason[])
language sql stable
begin atomic
	select array_agg(data.words_pattern(r.words) order by r.redaction_id), array_agg(r.reason order by r.redaction_id)
	  from data.redactions_standing(request) r where r.item_no is null;
end;
comment on function data.words_withheld(bigint) is 'The words that are withheld in all items of a request';

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
		select s.*, data.words_pattern(s.words) as pattern
		  from data.redactions_standing(request) s where s.item_no is not null
	), item as (
		select i.*, (select array_agg(distinct s.reason) from own s
		              where s.item_no = i.item_no and s.field is null and s.words is null) as whole,
		       i.item_no = any (array(select s.item_no from own s)) as marked
		  from data.subject_item i
		 where i.request_id = request and i.item_no > after_item order by i.item_no limit most
	), field as (
		select i.item_no, i.kind, i.school_urn, i.at, i.whole as all_of_it, f.n, f.field, f.title, w.whole, h.shown,
		       h.hits
		  from item i
		       cross join data.words_withheld(request) as everywhere
		       cross join lateral (
		           select 0 as n, null::text as field, null::text as title, -- what it tells besides
		                  concat_ws(' ', i.school_urn, data.rfc3339(i.at)) as value
		           union all
		           select c.n::int, c.said ->> 'field', c.said ->> 'title', c.said ->> 'value'
		             from jsonb_array_elements(i.content) with ordinality as c (said, n) where i.whole is null) as f
		       cross join lateral (
		           select array_agg(distinct s.reason) filter (where s.words is null) as whole,
		                  array_agg(s.pattern order by s.redaction_id) filter (where s.words is not null) as patterns,
		                  array_agg(s.reason order by s.redaction_id) filter (where s.words is not null) as reasons
		             from own s
		            where i.marked and s.item_no = i.item_no and coalesce(s.field, f.field, '') = coalesce(f.field, '')) as w
		       cross join lateral data.withhold(data.words_clean(f.value), everywhere.patterns || w.patterns,
		           everywhere.reasons || w.reasons) as h
	), shown as (
		select f.*, bool_or(num_nonnulls(f.all_of_it, f.whole, f.hits) > 0) over (partition by f.item_no) as withholds
		  from field f
	)
	select s.item_no, s.n, case when s.all_of_it is null then s.kind end,
	       case when s.all_of_it is null then format('%s %s', s.kind, s.item_no) end,
	       case when not s.withholds then s.at end, case when not s.withholds then s.school_urn end, s.field, s.title,
	       case when r.whole is null then s.shown
	            else (select string_agg(format('[withheld: %s]', data.withheld_words(w)), ' ') from unnest(r.whole) w) end,
	       coalesce(r.whole, s.hits)
	  from shown s cross join lateral (select coalesce(s.all_of_it, s.whole) as whole) as r
	 where (s.n > 0) = (s.all_of_it is null) order by s.item_no, s.n;
end;
comment on function data.subject_shown(bigint, int, int) is 'What goes out of a request for subject access';
