-- The code word of a visit is written and compared here and nowhere else.

-- A text as its words in small letters, with blanks between.
create or replace function data.plain_words(words text) returns text
language sql immutable strict parallel safe
return btrim(regexp_replace(lower(normalize(words, NFKC)), '[^[:alnum:]]+', ' ', 'g'));
comment on function data.plain_words(text) is 'A text as words in small letters with single blanks between';

-- Sets the code word of a visit whose school the client sees; another one
-- takes its place.  Fails with DS404, or with DS422 when it is no word.
create or replace function data.code_word_set(visit bigint, word text) returns void
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	plain text := data.plain_words(word);
	grain bytea := uuid_send(gen_random_uuid());
	school int := (select v.school_urn from data.visit v
	                where v.visit_id = visit and v.school_urn = any (auth.schools()));
begin
	if school is null then
		raise exception 'There is no such visit.' using errcode = 'DS404';
	end if;
	if length(plain) < 3 or array_length(string_to_array(plain, ' '), 1) > 5 then
		raise exception 'Some of what was sent does not fit the records.' using errcode = 'DS422',
			detail = '[{"pointer": "/word", "detail": "must have three letters or digits, and five words at most"}]';
	end if;
	insert into data.code_word (visit_id, school_urn, words, salt, hash)
	values (visit, school, array_length(string_to_array(plain, ' '), 1), grain,
	        sha256(grain || convert_to(plain, 'UTF8')))
	    on conflict (visit_id) do update
	   set words = excluded.words, salt = excluded.salt, hash = excluded.hash;
end;
$$;
comment on function data.code_word_set(bigint, text) is 'Sets the code word of a visit';

-- Whether a note holds the code word.  Every run of as many words is hashed
-- and compared, to the end, so that the time tells nothing of whether it does.
create or replace function data.event_tells_duress() returns trigger
language plpgsql volatile security definer set search_path = pg_catalog
as $$
declare
	secret data.code_word;
	said   text[] := string_to_array(data.plain_words(new.note), ' ');
begin
	select w.* into secret from data.code_word w where w.visit_id = new.visit_id;
	new.duress := coalesce((
		select bool_or(sha256(secret.salt || convert_to(
		           array_to_string(said[n : n + secret.words - 1], ' '), 'UTF8')) = secret.hash)
		  from generate_series(1, array_length(said, 1) - secret.words + 1) as n), false);
	return new;
end;
$$;
comment on function data.event_tells_duress() is 'Trigger: notes whether the note of an event holds the code word of its visit';

create or replace trigger duress before insert on data.event
	for each row execute function data.event_tells_duress();
