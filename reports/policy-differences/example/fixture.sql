-- A school for each of the policies.
select t.school(900001, 'tkat'), t.school(900002, 'rookeries'), t.school(900003, 'potton'), t.school(900004, 'morecambe'),
       t.school(900005, 'thomas-more') \g /dev/null
