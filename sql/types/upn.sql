-- Unique pupil numbers: DfE, "Unique pupil numbers: guidance".  13 characters:
-- check letter, local authority (3 digits), establishment (4), year (2),
-- serial (3 digits; in a temporary UPN the last one is a letter).

-- The check letter that the other twelve characters ask for: characters 2 to
-- 13 weighted 2 to 13, a letter valued by its place in the alphabet without
-- I, O and S (A = 0), the sum modulo 23 gives the letter.
create or replace function data.upn_check_letter(upn text) returns text
language sql immutable strict parallel safe
return (
	select substr('ABCDEFGHJKLMNPQRTUVWXYZ', (sum(n * case
			when substr(upn, n, 1) between '0' and '9' then substr(upn, n, 1)::int
			else strpos('ABCDEFGHJKLMNPQRTUVWXYZ', substr(upn, n, 1)) - 1 end) % 23)::int + 1, 1)
	  from generate_series(2, 13) as n
);
comment on function data.upn_check_letter(text) is 'The check letter that a well-formed UPN ought to begin with';

create or replace function data.upn_problem(upn text) returns text
language sql immutable strict parallel safe
return case
	when upn !~ '^[A-HJ-NP-RT-Z][0-9]{11}[0-9A-HJ-NP-RT-Z]$'
		then 'is not a UPN: a letter, eleven digits, then a digit or (temporary) a letter; I, O and S are not used'
	when left(upn, 1) <> data.upn_check_letter(upn)
		then 'is not a UPN: its check letter is wrong'
end;
comment on function data.upn_problem(text) is 'Why a text is not a valid UPN; null when it is one';
