-- How places and people are compared across schools, where the same home or
-- parent is written down more than once.

create or replace function data.place_key(address text, postcode text) returns text
language sql immutable parallel safe
return nullif(regexp_replace(lower(concat_ws('|', coalesce(postcode, ''), address)), '[^a-z0-9|]', '', 'g'), '|');
comment on function data.place_key(text,
	text) is 'A place as it is compared: postcode and address without blanks, signs and capitals';

-- Where one of two has no postcode, the address has to do: rather one hazard
-- too many than one that nobody is told of.
create or replace function data.same_place(one text, other text) returns boolean
language sql immutable parallel safe
return split_part(one, '|', 2) = split_part(other, '|', 2)
	and (split_part(one, '|', 1) = split_part(other, '|', 1) or '' in (split_part(one, '|', 1),
		split_part(other, '|', 1)));
comment on function data.same_place(text, text) is 'Whether two keys of places may mean the same place';
create index if not exists visit_by_place on data.visit (split_part(data.place_key(address, postcode), '|', 2))
	where state in ('requested', 'approved', 'refused', 'departed', 'arrived', 'left');

create or replace function data.person_key(given_name text, family_name text, phone text) returns text
language sql immutable parallel safe
return lower(given_name || '|' || family_name) || '|' || nullif(right(regexp_replace(phone, '[^0-9]', '', 'g'), 10),
	'');
comment on function data.person_key(text, text, text)
	is 'A person as compared: name and the last ten digits of the number; null without a number, since names are not unique';
create index if not exists contact_by_person on data.contact (data.person_key(given_name, family_name, phone));
