-- Reading as at a moment: what Doorstep said then, by when it was recorded, not
-- by when it happened.  Schema was has the rows of schema data as they were,
-- schema past the answers of schema api made of them.  Nothing is kept for it but
-- the trail: a row was what the first change since then found.  The trail notes a
-- change when it is made, a moment before it is committed: between the two it counts.

-- Binds the transaction to a moment.  Fails with DS400 for one that has not come yet.
create function was.begin(as_of timestamptz) returns void
language plpgsql volatile
as $$
begin
	if as_of > clock_timestamp() then
		raise exception 'What will be known then is not known yet.' using errcode = 'DS400', detail = jsonb_build_array(
			jsonb_build_object('pointer', '/as_of', 'detail', 'has not come yet'))::text;
	end if;
	perform set_config('doorstep.as_of', as_of::text, true),
	        set_config('jit', 'off', true); -- compiling such views takes longer than running them
end;
$$;
comment on function was.begin(timestamptz) is 'Binds the transaction to the moment as at which it reads';

create function was.moment() returns timestamptz
language sql stable parallel safe
return current_setting('doorstep.as_of')::timestamptz;
comment on function was.moment() is 'The moment as at which the transaction reads; fails where it is bound to none';
