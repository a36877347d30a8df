-- Unique pupil numbers: the examples of the DfE's guidance and files, and what
-- comes near to being one.
begin;
select plan(27);

select is(data.upn_problem(upn), null, upn || ' is valid')
  from unnest(array['B801200005001', 'H801200001001', 'P207000016049', 'A950000178301', 'H243278544154']) as upn;
select is(data.upn_problem(upn), null, upn || ' is valid, and temporary')
  from unnest(array['X00180001701A', 'P80120000501B', 'L80120000501Z']) as upn;
select is(data.upn_problem(upn), 'is not a UPN: its check letter is wrong', upn || ' has a wrong check letter')
  from unnest(array['A801200005001', 'R247962919251', 'X428558133462', 'Q207000016049']) as upn;
select is(data.upn_check_letter(upn), left(upn, 1), upn || ' asks for its check letter')
  from unnest(array['B801200005001', 'H801200001001', 'P207000016049', 'X00180001701A']) as upn;
select is(data.upn_check_letter('Q207000016049'), 'P', 'Q207000016049, as published help pages print it, should begin with P');

select matches(data.upn_problem(upn), 'is not a UPN: a letter', 'is not written as a UPN is: ' || why)
  from (values ('', 'nothing'), ('B80120000500', 'too short'), ('B8012000050011', 'too long'),
               ('b801200005001', 'a small letter'), (' B801200005001', 'a blank'), (E'B801200005001\n', 'a line end'),
               ('I801200005001', 'the letter I'), ('X00180001701O', 'the letter O'),
               ('B8012000A5001', 'a letter amid the digits')) as v (upn, why);

select throws_ok($$ insert into data.pupil (upn, given_name, family_name, date_of_birth)
	values ('A801200005001', 'Pupil', 'Example', '2015-01-01') $$, '23514', null, 'the table refuses an invalid UPN');

select * from finish();
rollback;
