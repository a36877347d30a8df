-- Concerns are hidden from who has not the scope for them, so they are counted by a function that may see them.
select o.school_urn, o.age, o.concerns, o.serious, o.oldest
  from data.concerns_open_seen((select school from parameter)::int) o
 order by o.school_urn, o.oldest
