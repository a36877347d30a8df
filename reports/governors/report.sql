-- What takes another scope is counted here without it: by a function that may see it.
select g.school_urn, w."from" as "from", w."to" as "to", g.measure, g.value, g.unit
  from parameter as w
       cross join lateral data.governors_seen((select school from parameter)::int, w."from", w."to") g
 order by g.school_urn, g.place
