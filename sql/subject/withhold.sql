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

-- Words as a pattern: in either case, whatever blanks stand between them.
create or replace function data.words_pattern(words text) returns text
language sql immutable
return (select string_agg(regexp_replace(w, '(\W)', '\\\1', 'g'), '\s+' order by n)
	  from regexp_split_to_table(regexp_replace(normalize(words, NFC), '^\s+|\s+$', '', 'g'), '\s+')
	       with ordinality as s (w, n));
comment on function data.words_pattern(text) is 'Words as a regular expression';

-- A value in which what matches a pattern stands no more, but its reason.  All are
-- looked for in the value as it was, so that none hides another from the search.
create or replace function data.withhold(value text, patterns text[], reasons data.withheld_reason[]) returns text
language plpgsql immutable
as $$
declare
	marks   text := repeat('.', length(value)); -- a letter for each character: its reason
	start   int;
	begins  int;
	run     text;
	shown   text := '';
begin
	for n in 1 .. cardinality(patterns) loop
		start := 1;
		loop
			begins := regexp_instr(value, patterns[n], start, 1, 0, 'i');
			exit when begins = 0;
			marks := overlay(marks placing repeat(chr(96 + array_position(enum_range(reasons[n]), reasons[n])),
				regexp_instr(value, patterns[n], start, 1, 1, 'i') - begins) from begins);
			start := begins + 1;
		end loop;
	end loop;
	start := 1;
	while start <= length(value) loop
		run := substring(substr(marks, start) from '^((.)\2*)');
		shown := shown || case when run like '.%' then substr(value, start, length(run))
			else format('[withheld: %s]', data.withheld_words((enum_range(reasons[1]))[ascii(run) - 96])) end;
		start := start + length(run);
	end loop;
	return shown;
end;
$$;
comment on function data.withhold(text, text[], data.withheld_reason[]) is 'A value without words that are withheld';

-- The redactions of a request that stand.
create or replace function data.redactions_standing(request bigint) returns setof data.redaction
language sql stable
begin atomic
	select r.* from data.redaction r
	 where r.request_id = request and r.lifts is null
	   and not exists (select from data.redaction l where l.lifts = r.redaction_id);
end;
comment on function data.redactions_standing(bigint) is 'The redactions of a request that stand';

-- What goes out, a row for each field; one for an item that is withheld whole,
-- which tells neither what it is nor of when.  Nor does one of which a field is withheld
-- whole tell of when it is: that might be the field.  reasons: why something of it is
-- withheld; null where nothing is.
create or replace function data.subject_shown(request bigint)
returns table (item_no int, kind text, record text, at timestamptz, school_urn int, field text, title text, value text,
	reasons data.withheld_reason[])
language sql stable rows 1000
begin atomic
	with standing as materialized (
		select r.*, data.words_pattern(r.words) as pattern from data.redactions_standing(request) r
	), item as (
		select i.*, (select array_agg(distinct s.reason) from standing s
		              where s.item_no = i.item_no and s.field is null and s.words is null) as whole
		  from data.subject_item i where i.request_id = request
	), field as (
		select i.item_no, i.kind, i.record, i.school_urn,
		       case when not exists (select from standing s where s.words is null and s.item_no = i.item_no)
		            then i.at end as at,
		       f.n, f.said ->> 'field' as field, f.said ->> 'title' as title,
		       data.xml_text(f.said ->> 'value') as value, w.*
		  from item i
		       cross join lateral jsonb_array_elements(i.content) with ordinality as f (said, n)
		       cross join lateral (
		           select array_agg(distinct s.reason) filter (where s.words is null) as whole,
		                  array_agg(s.pattern order by s.redaction_id) filter (where s.words is not null) as patterns,
		                  array_agg(s.reason order by s.redaction_id) filter (where s.words is not null) as why,
		                  array_agg(distinct s.reason) filter (where s.words is not null
		                      and regexp_instr(f.said ->> 'value', s.pattern, 1, 1, 0, 'i') > 0) as hits
		             from standing s
		            where coalesce(s.item_no, i.item_no) = i.item_no
		              and coalesce(s.field, f.said ->> 'field') = f.said ->> 'field') as w
		 where i.whole is null
	), shown as (
		select i.item_no, null::text as kind, null::text as record, null::timestamptz as at, null::int as school_urn, 0 as n,
		       null::text as field, null::text as title, null::text as value, i.whole as reasons from item i
		 where i.whole is not null
		union all
		select f.item_no, f.kind, f.record, f.at, f.school_urn, f.n, f.field, f.title,
		       case when f.whole is null and f.hits is null then f.value
		            when f.whole is null then data.withhold(f.value, f.patterns, f.why) end, coalesce(f.whole, f.hits)
		  from field f
	)
	select s.item_no, s.kind, s.record, s.at, s.school_urn, s.field, s.title,
	       coalesce(s.value, (select string_agg(format('[withheld: %s]', data.withheld_words(r)), ' ')
	                            from unnest(s.reasons) r)),
	       s.reasons
	  from shown s order by s.item_no, s.n;
end;
comment on function data.subject_shown(bigint) is 'What goes out of a request for subject access';
