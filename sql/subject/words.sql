-- How words are found in what a record says: in capitals or not, with accents or not,
-- whatever blanks stand between them, and whatever stands within them that nobody sees.

-- A text in the form in which words are looked for.  It has a character for each of
-- normalize(text, NFD): U+FFFC for a mark on the letter before it, U+FFFD for what
-- nobody sees (control characters, soft hyphens, what has no width), a blank for
-- any blank, and one hyphen, apostrophe and quotation mark for all of them.
create or replace function data.words_plain(said text) returns text
language sql immutable
return case when said !~ '[^\t\n\r -~]' then said else
	regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(normalize(said, NFD),
		'[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', U&'\FFFC', 'g'),
		'[\u0001-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f'
		|| '\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff]',
		U&'\FFFD', 'g'),
		'[\u000b\u000c\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u2800\u3000\u3164\uffa0]', ' ', 'g'),
		'[\u058a\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d]', '-', 'g'),
		'[\u00b4\u02b9\u02bb-\u02bd\u02c8\u02ca\u02cb\u2018-\u201b\u2032\u2035\uff07]', '''', 'g'),
		'[\u00ab\u00bb\u201c-\u201f\u2033\u2036\uff02]', '"', 'g') end;
comment on function data.words_plain(text) is 'A text in the form in which words are looked for';

-- A text as its words alone tell it: of two that nobody can tell apart it is the same.
create or replace function data.words_bare(said text) returns text
language sql immutable
return lower(upper(regexp_replace(data.words_plain(said), U&'[\FFFC\FFFD]', '', 'g')));
comment on function data.words_bare(text) is 'A text in small letters, without accents and what nobody sees';

-- The same without blanks.  Where words stand, their core stands in that of the text: asked first, for
-- it is found fast, and of patterns PostgreSQL keeps but 32 compiled.
create or replace function data.words_core(said text) returns text
language sql immutable
return regexp_replace(data.words_bare(said), '\s', '', 'g');
comment on function data.words_core(text) is 'What must stand in the core of a text in which words stand';

-- Words as a regular expression, to be looked for (flag i) in the form above; null
-- where nothing of them is seen.
create or replace function data.words_pattern(words text) returns text
language sql immutable
return (select string_agg(w.word, U&'[\\s\FFFD][\\s\FFFC\FFFD]*' order by w.n)
	  from (select s.n, string_agg(regexp_replace(c.one, '([][(){}.*+?^$|\\])', '\\\1') || U&'[\FFFC\FFFD]*', ''
	               order by c.place) as word
	          from regexp_split_to_table(regexp_replace(data.words_plain(words), U&'[\FFFC\FFFD]', '', 'g'), '\s+')
	               with ordinality as s (word, n)
	               cross join lateral regexp_split_to_table(s.word, '') with ordinality as c (one, place)
	         where s.word <> '' group by s.n) as w);
comment on function data.words_pattern(text) is 'Words as a regular expression';

-- Whether one of these words, as patterns, stands in what a record says.
-- Asked last, of the rows for which all else holds.
create or replace function data.says_words(said jsonb, patterns text[]) returns boolean
language sql immutable cost 10000
return exists (select from jsonb_path_query(said, 'strict $.**') as v
	where jsonb_typeof(v) = 'string' and data.words_plain(v #>> '{}') ~* any (patterns));
comment on function data.says_words(jsonb, text[]) is 'Whether words stand in a record';

-- A text as it is frozen and goes out: composed, and without what XML cannot hold.
create or replace function data.words_clean(said text) returns text
language sql immutable
return case when said ~ '[^\t\n\r -~]' then data.xml_text(normalize(said, NFC)) else said end;
comment on function data.words_clean(text) is 'A text as it goes out';
