-- What takes another scope is counted here without it: by a function that may see it.
select g.school_urn, w."first" as "from", w."last" as "to", g.measure, g.value, g.unit
  from api.window_of((select "from" from parameter), (select "to" from parameter)) w
       cross join lateral data.governors_seen((select school from parameter)::int, w."first", w."last") g
 order by g.school_urn, g.place
