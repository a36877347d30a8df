-- The package of a request for subject access: what goes out, once it is reviewed.

-- Fails with DS404, DS409 before the review, DS430 without a scope that items need.
create function api.subject_ready(request bigint) returns void
language plpgsql stable
as $$
declare
	state data.subject_state := (select r.state from data.subject_request r where r.request_id = request);
begin
	if state is null then
		raise exception 'There is no such request.' using errcode = 'DS404';
	elsif state not in ('reviewed', 'released') then
		raise exception 'The request is %: there is a package once it is reviewed.', state using errcode = 'DS409';
	end if;
	perform api.subject_whole(request);
end;
$$;
comment on function api.subject_ready(bigint) is 'Fails unless the package of a request may be read';

-- The limits of the package first, as item 0.  A row is numbered by its item and its place in it.
create function api.subject_package_list(request bigint, after bigint default null, max_rows int default null)
returns table (id bigint, item int, kind text, record text, school_urn int, at timestamptz, field text, title text,
	value text, withheld boolean, why text)
language plpgsql stable rows 1000
as $$
begin
	perform api.subject_ready(request);
	return query
	select s.* from (
		select l.place::bigint as n, 0, 'limit', null, null::int, null::timestamptz, null, 'What the package does not have',
		       l.words, false, null
		  from data.subject_request r cross join lateral data.subject_limits(r.subject) l where r.request_id = request
		union all
		select s.item_no * 1000::bigint + s.n, s.item_no, s.kind, s.record, s.school_urn, s.at, s.field, s.title, s.value,
		       s.reasons is not null,
		       (select string_agg(data.withheld_words(r) || ' (' || data.withheld_source(r) || ')', '; ')
		          from unnest(s.reasons) r)
		  from data.subject_shown(request, least(greatest(coalesce(after, 0) / 1000 - 1, 0), 2147483647)::int,
		       max_rows + 1) s) as s
	 where after is null or s.n > after order by s.n limit max_rows;
end;
$$;
comment on function api.subject_package_list(bigint, bigint, int) is 'The package of a request as rows, one a field';

-- Put together as text: aggregating XML copies what there is so far for every item.
create function api.subject_items_xml(request bigint) returns text
language sql stable
begin atomic
	with row as materialized (
		select s.* from data.subject_shown(request) s
	), item as (
		select r.item_no, xmlelement(name item, xmlattributes(r.item_no as number, r.kind as kind, r.record as record,
			r.school_urn as school, data.rfc3339(r.at) as at, bool_or(r.reasons is not null) as withheld),
			xmlagg(xmlelement(name field, xmlattributes(replace(r.field, '_', ' ') as name, r.title as title), r.value)
				order by r.n))::text as x
		  from row r group by r.item_no, r.kind, r.record, r.school_urn, r.at
	), part as (
		select r.item_no, r.n, w, xmlelement(name part, xmlattributes(r.item_no as item, replace(r.field, '_', ' ') as field,
			data.withheld_source(w) as source), data.withheld_words(w))::text as x
		  from row r cross join lateral unnest(r.reasons) as w
	)
	select concat('<limits>', (select string_agg(xmlelement(name "limit", l.words)::text, '' order by l.place)
		          from data.subject_request q cross join lateral data.subject_limits(q.subject) l
		         where q.request_id = request), '</limits>',
		'<items>', (select string_agg(i.x, '' order by i.item_no) from item i), '</items>',
		'<withheld>', (select string_agg(p.x, '' order by p.item_no, p.n, p.w) from part p), '</withheld>');
end;
comment on function api.subject_items_xml(bigint) is 'The limits and the items of a package, and what of them is withheld, as XML';

create function api.subject_package(request bigint) returns table (document text, page text, variant int)
language plpgsql stable rows 1
as $$
begin
	perform api.subject_ready(request);
	return query
	select replace(xmlelement(name "subject-access", xmlattributes(
	           'https://doorstep.example/ns/v1/subject-access' as xmlns, r.request_id as request, r.subject as subject,
	           case when (data.withhold(r.subject_id::text, w.patterns, w.cores, w.reasons)).hits is null
	                then r.subject_id end as "subject-id", r.received_on as received,
	           data.rfc3339(r.created_at) as gathered, r.state as state))::text, '/>', '>')
	       || api.subject_items_xml(r.request_id) || '</subject-access>', null::text, null::int
	  from data.subject_request r cross join data.words_withheld_everywhere(request) w where r.request_id = request;
end;
$$;
comment on function api.subject_package(bigint) is 'The package of a request as one XML document';
