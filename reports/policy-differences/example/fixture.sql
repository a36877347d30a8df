-- A school for each of the policies, and one that follows none.
select t.school(900001, 'tkat'), t.school(900002, 'rookeries'), t.school(900003, 'potton'), t.school(900004, 'morecambe'),
       t.school(900005, 'thomas-more'), t.school(900006, null) \g /dev/null
